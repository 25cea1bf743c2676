import { Form } from '@remix-run/react'
import type { FormRefusal } from '../../lib/form-action.ts'
import { formatDateTimeUtc, formatNumber } from '../../lib/format.ts'
import { useBase } from '../../lib/organization.ts'
import { AsOfLink } from '../time/as-of-link.tsx'
import { Time } from '../time/time.tsx'
import { SubmitButton } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Code } from '../ui/code.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { FormError } from '../ui/form-error.tsx'
import { SelectField } from '../ui/select-field.tsx'
import { TextField } from '../ui/text-field.tsx'
import type { AssessmentData } from './answers.ts'

/** The samples that were drawn, and the form that draws one. */
export function SamplesCard({ data, canDraw, refusal }: SamplesCardProps) {
  const base = useBase()
  const instants = new Map(data.attachments.map(row => [row.attachmentId, row.instant]))
  return (
    <Card id="samples" title="Samples" isFlush>
      <DataTable
        caption="Samples"
        rows={data.samples}
        rowKey={each => each.sampleId}
        empty={
          <EmptyState title="No sample was drawn yet">
            A sample follows from its seed: whoever draws with the same seed draws the same rows, on any
            machine.
          </EmptyState>
        }
        columns={[
          {
            key: 'control',
            header: 'Sample',
            isRowHeader: true,
            cell: each => (
              <div>
                <AsOfLink
                  to={`${base}/assessments/${data.assessmentId}/samples/${each.sampleId}`}
                  className="link"
                >
                  {Math.min(each.size, each.populationCount)} of {formatNumber(each.populationCount)} for{' '}
                  {each.controlId}
                </AsOfLink>
                <span className="block text-xs font-normal text-ink-2">
                  drawn <Time value={each.drawnAt} /> by {each.drawnBy}
                </span>
              </div>
            ),
          },
          {
            key: 'instant',
            header: 'As of',
            cell: each => {
              const instant = instants.get(each.attachmentId)
              return instant ? <Time value={instant} /> : 'evidence that was detached since'
            },
          },
          { key: 'seed', header: 'Seed', cell: each => <Code value={each.seed} copyLabel="Copy seed" /> },
        ]}
      />
      {canDraw && data.attachments.length > 0 ? <DrawForm data={data} refusal={refusal} /> : null}
    </Card>
  )
}

type SamplesCardProps = { data: AssessmentData; canDraw: boolean; refusal: FormRefusal | undefined }

function DrawForm({ data, refusal }: Pick<SamplesCardProps, 'data' | 'refusal'>) {
  const typed = refusal?.values
  const choices = data.controls.flatMap(control =>
    data.attachments
      .filter(({ kind }) => kind === control.populationKind)
      .map(row => ({
        value: `${control.id} ${row.attachmentId}`,
        label: `${control.id}, ${formatDateTimeUtc(row.instant)}, ${row.source}`,
      })),
  )
  if (choices.length === 0) return null
  return (
    <Form method="post" className="grid gap-3 border-t border-line p-4">
      <FormError message={refusal?.message} fieldErrors={refusal?.fields} />
      <div className="flex flex-wrap items-start gap-3">
        <div className="w-full sm:w-96">
          <SelectField
            name="population"
            label="Population"
            hint="A control, and a moment for which its evidence is attached."
            required
            options={choices}
            defaultValue={typed?.population}
            error={refusal?.fields.attachmentId}
          />
        </div>
        <div className="w-28">
          <TextField
            name="size"
            label="How many"
            hint="At most 500."
            type="number"
            min={1}
            max={500}
            required
            defaultValue={typed?.size ?? '25'}
            error={refusal?.fields.size}
          />
        </div>
        <div className="w-full sm:w-64">
          <TextField
            name="seed"
            label="Seed"
            hint="Empty for one made by chance."
            required={false}
            isMono
            maxLength={64}
            defaultValue={typed?.seed}
            error={refusal?.fields.seed}
          />
        </div>
        <div className="self-end">
          <SubmitButton intent="draw">Draw a sample</SubmitButton>
        </div>
      </div>
    </Form>
  )
}
