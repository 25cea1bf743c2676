import { Form } from '@remix-run/react'
import { useWithAsOf } from '../../lib/as-of.ts'
import type { FormRefusal } from '../../lib/form-action.ts'
import { formatCount, formatNumber } from '../../lib/format.ts'
import { useBase } from '../../lib/organization.ts'
import { AsOfLink } from '../time/as-of-link.tsx'
import { Time } from '../time/time.tsx'
import { Badge } from '../ui/badge.tsx'
import { buttonClassName, SubmitButton } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Fingerprint } from '../ui/code.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { TextField } from '../ui/text-field.tsx'
import type { AssessmentData, AttachedRow, ControlInScope } from './answers.ts'

/** What is attached, by control: each row of evidence with its moment and fingerprint. */
export function AttachedCard({ data, isEditable, refusal }: AttachedCardProps) {
  return (
    <Card
      id="evidence"
      title={`Evidence by control: ${formatCount(data.attachments.length, 'row')} attached`}
    >
      {data.attachments.length === 0 ? (
        <EmptyState title="Nothing is attached yet">
          {isEditable
            ? 'Choose moments of the period above: what was in force then is attached at once.'
            : 'Who works on the assessment attaches what was in force in the period.'}
        </EmptyState>
      ) : (
        <ul className="grid gap-3">
          {data.controls.map(control => (
            <li key={control.id} className="border-t border-line pt-3 first:border-t-0 first:pt-0">
              <ControlEvidence control={control} data={data} isEditable={isEditable} refusal={refusal} />
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}

type AttachedCardProps = {
  data: AssessmentData
  isEditable: boolean
  /** Of the form that detaches. */
  refusal: FormRefusal | undefined
}

function ControlEvidence({ control, data, isEditable, refusal }: ControlEvidenceProps) {
  const base = useBase()
  const keep = useWithAsOf()
  const rows = data.attachments.filter(({ kind }) => control.kinds.some(known => known.kind === kind))
  const missing = control.kinds.filter(({ kind }) => !rows.some(row => row.kind === kind))
  return (
    <div className="grid gap-2">
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1 text-s">
        <AsOfLink to={`${base}/controls/${control.id}`} className="link font-semibold">
          {control.id}
        </AsOfLink>
        <span className="font-medium text-ink">{control.title}</span>
        {missing.map(({ kind, title }) => (
          <Badge key={kind} tone="stale">
            nothing of {title}
          </Badge>
        ))}
      </div>
      <p className="max-w-prose text-xs text-ink-2">{control.rule}</p>
      <Disclosure
        summary={`${formatCount(rows.length, 'row')} of evidence`}
        isOpen={rows.some(row => row.attachmentId === refusal?.values.attachmentId)}
      >
        <DataTable
          caption={`Evidence attached for ${control.id}`}
          rows={rows}
          rowKey={row => row.attachmentId}
          columns={[
            {
              key: 'kind',
              header: 'Evidence',
              isRowHeader: true,
              cell: row => (
                <div>
                  <AsOfLink to={`${base}/evidence/${row.evidenceId}?asOf=${row.asOfText}`} className="link">
                    {control.kinds.find(({ kind }) => kind === row.kind)?.title ?? row.kind}
                  </AsOfLink>
                  <span className="block text-xs font-normal text-ink-2">{row.source}</span>
                </div>
              ),
            },
            { key: 'instant', header: 'As of', cell: row => <Time value={row.instant} /> },
            { key: 'items', header: 'Items', align: 'end', cell: row => formatNumber(row.itemCount) },
            {
              key: 'fingerprint',
              header: 'Fingerprint',
              cell: row => <Fingerprint value={row.fingerprint} />,
            },
            {
              key: 'population',
              header: 'Population',
              cell: row =>
                row.kind === control.populationKind ? (
                  // A plain anchor: the file is saved, not a page that is gone to.
                  <a
                    href={keep(
                      `${base}/assessments/${data.assessmentId}/population/${control.id}/${row.attachmentId}`,
                    )}
                    download
                    className={buttonClassName({ size: 's' })}
                  >
                    CSV
                  </a>
                ) : (
                  '–'
                ),
            },
            ...(isEditable
              ? [
                  {
                    key: 'detach',
                    header: 'Detach',
                    isHeaderHidden: true,
                    cell: (row: AttachedRow) => <Detach control={control} row={row} refusal={refusal} />,
                  },
                ]
              : []),
          ]}
        />
      </Disclosure>
    </div>
  )
}

type ControlEvidenceProps = AttachedCardProps & { control: ControlInScope }

function Detach({ control, row, refusal }: DetachProps) {
  const id = `detach-${control.id}-${row.attachmentId}`
  const shown = refusal?.values.attachmentId === row.attachmentId ? refusal : undefined
  return (
    <Disclosure summary="Detach" isOpen={shown !== undefined}>
      <Form method="post" className="grid w-56 gap-2">
        <input type="hidden" name="attachmentId" value={row.attachmentId} />
        <TextField
          id={id}
          name="reason"
          label="Why"
          required
          maxLength={500}
          defaultValue={shown?.values.reason}
          error={shown?.fields.reason ?? shown?.message}
        />
        <div>
          <SubmitButton intent="detach" variant="secondary" size="s">
            Detach it
          </SubmitButton>
        </div>
      </Form>
    </Disclosure>
  )
}

type DetachProps = { control: ControlInScope; row: AttachedRow; refusal: FormRefusal | undefined }
