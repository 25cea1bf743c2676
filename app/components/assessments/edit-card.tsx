import { Form } from '@remix-run/react'
import type { FormRefusal } from '../../lib/form-action.ts'
import { SubmitButton } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import { FormError } from '../ui/form-error.tsx'
import { DateField, TextField } from '../ui/text-field.tsx'
import type { AssessmentData } from './answers.ts'

/** Another name or another period, while the assessment is open. */
export function EditCard({ data, refusal }: { data: AssessmentData; refusal: FormRefusal | undefined }) {
  const typed = refusal?.values
  const day = (instant: Date) => instant.toISOString().slice(0, 10)
  return (
    <Card id="edit" title="Name and period">
      <FormError message={refusal?.message} fieldErrors={refusal?.fields} />
      <Disclosure summary="Change them" isOpen={refusal !== undefined}>
        <div className="grid gap-4">
          <Form method="post" className="flex flex-wrap items-start gap-3">
            <div className="w-full sm:w-80">
              <TextField
                name="name"
                label="Name"
                required
                maxLength={120}
                defaultValue={typed?.name ?? data.name}
                error={refusal?.fields.name}
              />
            </div>
            <div className="self-end">
              <SubmitButton intent="rename" variant="secondary">
                Rename
              </SubmitButton>
            </div>
          </Form>
          <Form method="post" className="flex flex-wrap items-start gap-3">
            <DateField
              name="periodFrom"
              label="First day (UTC)"
              required
              defaultValue={typed?.periodFrom ?? day(data.periodFrom)}
              error={refusal?.fields.periodFrom}
            />
            <DateField
              name="periodTo"
              label="Last day (UTC)"
              required
              defaultValue={typed?.periodTo ?? day(data.periodTo)}
              error={refusal?.fields.periodTo}
            />
            <div className="self-end">
              <SubmitButton intent="change-period" variant="secondary">
                Change the period
              </SubmitButton>
            </div>
          </Form>
        </div>
      </Disclosure>
    </Card>
  )
}
