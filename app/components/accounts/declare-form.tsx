import { Form } from '@remix-run/react'
import type { FormRefusal } from '../../lib/form-action.ts'
import type { AccountData, Person } from '../decisions/answers.ts'
import { LastDayField, OwnerField, ReasonField } from '../decisions/decision-fields.tsx'
import { SubmitButton } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import { FormError } from '../ui/form-error.tsx'
import { SelectField } from '../ui/select-field.tsx'

/** Declares what an account is. */
export function DeclareForm({ account, people, refusal }: DeclareFormProps) {
  const shown = refusal?.intent === 'declare' ? refusal : undefined
  const isOpen = shown !== undefined || account.openSince !== null
  return (
    <Card id="declare" title="Declare its class">
      <Disclosure summary={account.declaration ? 'Declare it anew' : 'Open the form'} isOpen={isOpen}>
        <Form method="post" className="grid max-w-xl gap-4">
          <FormError message={shown?.message} fieldErrors={shown?.fields} />
          <SelectField
            name="class"
            label="Class"
            required
            options={CLASSES}
            defaultValue={shown?.values.class ?? account.class}
            error={shown?.fields.class}
          />
          <OwnerField id="field" refusal={shown} people={people} />
          <ReasonField id="field" refusal={shown} />
          <LastDayField
            id="field"
            refusal={shown}
            required={false}
            hint="UTC; a year ahead at most. Emergency and service accounts need one; others hold until withdrawn."
          />
          <div>
            <SubmitButton intent="declare">Declare</SubmitButton>
          </div>
        </Form>
      </Disclosure>
    </Card>
  )
}

type DeclareFormProps = {
  account: AccountData
  people: readonly Person[]
  refusal: FormRefusal | undefined
}

const CLASSES = [
  { value: 'person', label: 'A person' },
  { value: 'guest', label: 'A guest' },
  { value: 'service', label: 'A service account' },
  { value: 'emergency', label: 'An emergency account' },
  { value: 'shared', label: 'A shared account' },
  { value: 'directory_sync', label: 'An account of directory synchronisation' },
]
