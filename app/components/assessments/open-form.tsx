import { Form } from '@remix-run/react'
import type { FormRefusal } from '../../lib/form-action.ts'
import { SubmitButton } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Checkbox } from '../ui/checkbox.tsx'
import { FormError } from '../ui/form-error.tsx'
import { DateField, TextField } from '../ui/text-field.tsx'
import type { AssessmentsData } from './answers.ts'

/** Opens an assessment: a name, a period, and every control unless some are taken out. */
export function OpenForm({ controls, refusal }: OpenFormProps) {
  const typed = refusal?.values
  return (
    <Card id="open" title="Open an assessment">
      <Form method="post" className="grid gap-5">
        <FormError message={refusal?.message} fieldErrors={refusal?.fields} labels={LABELS} />
        <div className="flex flex-wrap items-start gap-3">
          <div className="w-full sm:w-80">
            <TextField
              name="name"
              label={LABELS.name}
              required
              maxLength={120}
              placeholder="SOC 2, first half of 2026"
              defaultValue={typed?.name}
              error={refusal?.fields.name}
            />
          </div>
          <DateField
            name="periodFrom"
            label={LABELS.periodFrom}
            required
            defaultValue={typed?.periodFrom}
            error={refusal?.fields.periodFrom}
          />
          <DateField
            name="periodTo"
            label={LABELS.periodTo}
            required
            defaultValue={typed?.periodTo}
            error={refusal?.fields.periodTo}
          />
        </div>
        <fieldset className="grid gap-2" id="field-controls">
          <legend className="pb-1 text-s font-semibold text-ink">Controls in scope</legend>
          <div className="grid gap-x-6 gap-y-2 sm:grid-cols-2">
            {controls.map(({ id, title }) => (
              <Checkbox
                key={id}
                name={`control-${id}`}
                label={
                  <>
                    <span className="font-medium">{id}</span> {title}
                  </>
                }
                isChecked={typed === undefined || `control-${id}` in typed}
              />
            ))}
          </div>
        </fieldset>
        <div className="grid justify-items-start gap-2">
          <SubmitButton intent="open">Open the assessment</SubmitButton>
          <p className="max-w-prose text-xs text-ink-2">
            Days in UTC; the last one counts whole. Name and period can be changed while it is open, the
            controls cannot. It can be submitted when the period is over.
          </p>
        </div>
      </Form>
    </Card>
  )
}

const LABELS = {
  name: 'Name',
  periodFrom: 'First day (UTC)',
  periodTo: 'Last day (UTC)',
  controls: 'Controls',
}

type OpenFormProps = { controls: AssessmentsData['controls']; refusal: FormRefusal | undefined }
