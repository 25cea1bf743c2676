import { Form } from '@remix-run/react'
import type { FormRefusal } from '../../lib/form-action.ts'
import { formatDateTimeUtc } from '../../lib/format.ts'
import { SubmitButton } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Checkbox } from '../ui/checkbox.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import { FormError } from '../ui/form-error.tsx'
import { DateField, TextField } from '../ui/text-field.tsx'
import type { AssessmentData } from './answers.ts'

/** Attaches everything that was in force at moments of the period, or one row of evidence. */
export function AttachCard({ data, refusal }: { data: AssessmentData; refusal: FormRefusal | undefined }) {
  const typed = refusal?.values
  const attachedAt = new Set(data.attachments.map(({ instant }) => instant.getTime()))
  return (
    <Card id="attach" title="Attach evidence">
      <FormError message={refusal?.message} fieldErrors={refusal?.fields} />
      <Form method="post" className="grid gap-4">
        <fieldset className="grid gap-2" id="field-instants">
          <legend className="pb-1 text-s text-ink-2">
            <strong className="font-semibold text-ink">Everything current at these moments:</strong> of each
            kind that the controls rest on, the evidence that was in force.
          </legend>
          {data.instants.length === 0 ? (
            <p className="text-s text-ink-2">No first day of a month of the period has passed yet.</p>
          ) : null}
          <div className="grid gap-x-6 gap-y-2 sm:grid-cols-2 lg:grid-cols-3">
            {data.instants.map(instant => {
              const isAttached = attachedAt.has(instant.getTime())
              const name = `instant-${instant.toISOString()}`
              return (
                <Checkbox
                  key={name}
                  name={name}
                  label={formatDateTimeUtc(instant)}
                  hint={isAttached ? 'attached' : undefined}
                  isChecked={typed ? name in typed : !isAttached}
                />
              )
            })}
          </div>
        </fieldset>
        <div className="flex flex-wrap items-start gap-3">
          <DateField
            name="instant"
            id="field-other-instant"
            label="Another moment (UTC)"
            withTime
            required={false}
            defaultValue={refusal?.intent === 'attach-current' ? typed?.instant : undefined}
            error={refusal?.fields.instants}
          />
        </div>
        <Checkbox
          name="windows"
          label="Every window of the feeds in the period as well"
          hint="Feeds come in windows of about an hour. Without this, each moment brings the window that was the newest."
          isChecked={typed !== undefined && 'windows' in typed}
        />
        <div>
          <SubmitButton intent="attach-current">Attach what was current</SubmitButton>
        </div>
      </Form>
      <div className="mt-4 border-t border-line pt-3">
        <Disclosure summary="Attach one row of evidence" isOpen={refusal?.intent === 'attach'}>
          <Form method="post" className="flex flex-wrap items-start gap-3">
            <div className="w-full sm:w-96">
              <TextField
                name="evidenceId"
                label="Evidence"
                hint="The id on the evidence’s page."
                required
                isMono
                defaultValue={typed?.evidenceId}
                error={refusal?.fields.evidenceId}
              />
            </div>
            <DateField
              name="instant"
              label="As of (UTC)"
              hint="A moment at which it was in force; empty for when it was collected."
              withTime
              required={false}
              defaultValue={refusal?.intent === 'attach' ? typed?.instant : undefined}
              error={refusal?.intent === 'attach' ? refusal.fields.instant : undefined}
            />
            <div className="self-end">
              <SubmitButton intent="attach" variant="secondary">
                Attach it
              </SubmitButton>
            </div>
          </Form>
        </Disclosure>
      </div>
    </Card>
  )
}
