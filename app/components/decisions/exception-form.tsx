import { Form, useSearchParams } from '@remix-run/react'
import type { FormRefusal } from '../../lib/form-action.ts'
import { SubmitButton } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import { FormError } from '../ui/form-error.tsx'
import { SelectField } from '../ui/select-field.tsx'
import { TextField } from '../ui/text-field.tsx'
import type { Person } from './answers.ts'
import { LastDayField, OwnerField, ReasonField } from './decision-fields.tsx'

/** Asks for an exception. What it is for comes filled in from the failing subject (`?except=<kind>:<id>`). */
export function ExceptionForm({ people, refusal, sources }: ExceptionFormProps) {
  const [parameters] = useSearchParams()
  const [kind = '', ...rest] = (parameters.get('except') ?? '').split(':')
  const wanted = { kind, id: rest.join(':'), sourceId: parameters.get('exceptIn') ?? '' }
  const values = refusal?.values
  return (
    <Card id="request" title="Ask for an exception">
      <Disclosure summary="Open the form" isOpen={refusal !== undefined || wanted.id !== ''}>
        <Form method="post" className="grid max-w-xl gap-4">
          <p className="text-ink-2">
            What is excepted no longer fails and is named as excepted. It counts once another person has
            approved it, and ends by itself after its last day.
          </p>
          <FormError message={refusal?.message} fieldErrors={refusal?.fields} />
          <SelectField
            name="subjectKind"
            label="For"
            options={KINDS}
            defaultValue={values?.subjectKind ?? (wanted.kind || 'account')}
            error={refusal?.fields.subjectKind}
          />
          <TextField
            name="subjectId"
            label="Which one"
            hint="The directory’s id of it; of platforms, guest types and client apps the name that policies use; of a reason its code."
            isMono
            required
            autoComplete="off"
            maxLength={2000}
            defaultValue={values?.subjectId ?? wanted.id}
            error={refusal?.fields.subjectId}
          />
          {sources.length > 1 ? (
            <SelectField
              name="sourceId"
              label="Directory"
              options={sources.map(({ sourceId, label }) => ({ value: sourceId, label }))}
              defaultValue={values?.sourceId ?? wanted.sourceId}
              error={refusal?.fields.sourceId}
            />
          ) : null}
          <ReasonField id="field" refusal={refusal} />
          <OwnerField id="field" refusal={refusal} people={people} />
          <LastDayField id="field" refusal={refusal} hint="UTC; a year ahead at most." />
          <div>
            <SubmitButton intent="exception_request">Ask for the exception</SubmitButton>
          </div>
        </Form>
      </Disclosure>
    </Card>
  )
}

export type ExceptionFormProps = {
  people: readonly Person[]
  refusal: FormRefusal | undefined
  sources: readonly { sourceId: string; label: string }[]
}

const KINDS = [
  { value: 'account', label: 'An account' },
  { value: 'user', label: 'A user that policies exclude' },
  { value: 'group', label: 'A group that policies exclude' },
  { value: 'role', label: 'A role that policies exclude' },
  { value: 'guest_type', label: 'A type of guest' },
  { value: 'app', label: 'An app' },
  { value: 'app_filter', label: 'An app filter' },
  { value: 'platform', label: 'A platform' },
  { value: 'location', label: 'A location' },
  { value: 'device_filter', label: 'A device filter' },
  { value: 'client_type', label: 'A type of client app' },
  { value: 'reason', label: 'Everything that fails for one reason' },
]
