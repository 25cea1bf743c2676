import type { FormRefusal } from '../../lib/form-action.ts'
import { SelectField } from '../ui/select-field.tsx'
import { DateField, TextField } from '../ui/text-field.tsx'
import type { Person } from './answers.ts'

type FieldProps = { id: string; refusal: FormRefusal | undefined }

/** Why, for whoever looks at the decision later. It stays in the log for ever, so it names nobody. */
export function ReasonField({ id, refusal, label = 'Reason' }: FieldProps & { label?: string }) {
  return (
    <TextField
      id={`${id}-reason`}
      name="reason"
      label={label}
      required
      maxLength={1000}
      autoComplete="off"
      hint="It stays in the audit trail for ever. Leave names of people out."
      defaultValue={refusal?.values.reason}
      error={refusal?.fields.reason}
    />
  )
}

/** Who answers for it while it stands. */
export function OwnerField({ id, refusal, people }: FieldProps & { people: readonly Person[] }) {
  return (
    <SelectField
      id={`${id}-ownerId`}
      name="ownerId"
      label="Owner"
      required
      hint="The member who answers for it."
      placeholder="Choose a member"
      options={people.map(({ userId, name }) => ({ value: userId, label: name }))}
      defaultValue={refusal?.values.ownerId ?? ''}
      error={refusal?.fields.ownerId}
    />
  )
}

/** The day on which it ends by itself. */
export function LastDayField({
  id,
  refusal,
  hint,
  required = true,
}: FieldProps & { hint: string; required?: boolean }) {
  return (
    <DateField
      id={`${id}-expiresOn`}
      name="expiresOn"
      label="Last day"
      hint={hint}
      required={required}
      defaultValue={refusal?.values.expiresOn}
      error={refusal?.fields.expiresOn}
    />
  )
}
