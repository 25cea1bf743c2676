import type { FormRefusal } from '../../lib/form-action.ts'
import { TextField } from '../ui/text-field.tsx'

/** What there is to say beside a decision. It stays in the log for ever, so it names nobody. */
export function NoteField({ id, refusal, label }: NoteFieldProps) {
  return (
    <TextField
      id={`${id}-note`}
      name="note"
      label={label}
      required={false}
      maxLength={1000}
      autoComplete="off"
      hint="Such as the ticket that it belongs to. It stays in the audit trail for ever: leave names of people out."
      defaultValue={refusal?.values.note}
      error={refusal?.fields.note}
    />
  )
}

type NoteFieldProps = { id: string; refusal: FormRefusal | undefined; label: string }
