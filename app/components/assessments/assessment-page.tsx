import type { FormRefusal } from '../../lib/form-action.ts'
import { formatCount, formatNumber, formatPercent } from '../../lib/format.ts'
import { useBase, useIsAllowed } from '../../lib/organization.ts'
import { CoverageChart } from '../charts/coverage-chart.tsx'
import { AsOfLink } from '../time/as-of-link.tsx'
import { TimeControl } from '../time/look-back.tsx'
import { Time } from '../time/time.tsx'
import { Breadcrumbs } from '../ui/breadcrumbs.tsx'
import { Callout } from '../ui/callout.tsx'
import { Card } from '../ui/card.tsx'
import { Code } from '../ui/code.tsx'
import { DescriptionList } from '../ui/description-list.tsx'
import { DoneNote } from '../ui/done-note.tsx'
import { FormError } from '../ui/form-error.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import type { AssessmentData } from './answers.ts'
import { AssessmentStatus } from './assessment-status.tsx'
import { AttachCard } from './attach-card.tsx'
import { AttachedCard } from './attached-card.tsx'
import { DecisionCard } from './decision-card.tsx'
import { EditCard } from './edit-card.tsx'
import { ExportCard } from './export-card.tsx'
import { PeriodWords } from './period-words.tsx'
import { SamplesCard } from './samples-card.tsx'

/** One assessment: how far it is, the evidence by control, coverage over the period, samples, and the next step. */
export function AssessmentPage({ data, done, refusal }: AssessmentPageProps) {
  const base = useBase()
  const canManage = useIsAllowed('assessments:manage') && data.asOf.isNow
  const canDraw = useIsAllowed('samples:draw') && data.asOf.isNow
  const canExport = useIsAllowed('ledger:export') && data.asOf.isNow
  const isEditable = canManage && data.status === 'open'
  const isSentBack = data.sentBackReason !== null
  const own = (...intents: string[]) =>
    refusal && intents.includes(refusal.intent ?? '') ? refusal : undefined
  const isShownAbove = refusal !== undefined && own(...FORMS_WITH_OWN_WORDS) === undefined
  return (
    <>
      <PageHeader
        title={data.name}
        mark={<AssessmentStatus status={data.status} isSentBack={isSentBack} isSoft />}
        breadcrumbs={
          <Breadcrumbs items={[{ label: 'Assessments', to: `${base}/assessments` }, { label: data.name }]} />
        }
        description={<PeriodWords {...data} />}
        right={<TimeControl />}
      />
      {refusal ? null : <DoneNote done={done} words={DONE} />}
      {isShownAbove ? <FormError message={refusal.message} fieldErrors={refusal.fields} /> : null}
      {isSentBack ? (
        <Callout tone="warn" title="It was sent back">
          {data.sentBackReason}
        </Callout>
      ) : null}
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <Card id="facts" title="The assessment">
          <DescriptionList items={facts(data)} />
        </Card>
        <Card id="coverage" title="Coverage of its controls over the period">
          <CoverageOfPeriod coverage={data.coverage} />
        </Card>
      </div>
      {isEditable ? <AttachCard data={data} refusal={own('attach-current', 'attach')} /> : null}
      <AttachedCard data={data} isEditable={isEditable} refusal={own('detach')} />
      <SamplesCard data={data} canDraw={canDraw} refusal={own('draw')} />
      {canManage ? <DecisionCard data={data} refusal={own('submit', 'approve', 'send-back')} /> : null}
      {canExport ? <ExportCard refusal={own('export')} /> : null}
      {isEditable ? <EditCard data={data} refusal={own('rename', 'change-period')} /> : null}
      <Card id="history" title="History">
        <ol className="space-y-3 text-s">
          {data.history.map(event => (
            <li key={event.position} className="flex flex-wrap items-baseline justify-between gap-x-4">
              <span className="min-w-0">
                <AsOfLink
                  to={`${base}/audit/${event.position}`}
                  className="font-medium text-ink hover:text-accent hover:underline"
                >
                  {event.words}
                </AsOfLink>
                <span className="text-ink-3"> · {event.actor.name}</span>
              </span>
              <Time value={event.recordedAt} className="text-xs text-ink-3 tabular-nums" />
            </li>
          ))}
        </ol>
        <p className="mt-3 text-xs text-ink-2">
          Each attached row of evidence is an event of its own: all of them are in the{' '}
          <AsOfLink to={`${base}/audit?stream=assessment&streamId=${data.assessmentId}`} className="link">
            audit trail
          </AsOfLink>
          .
        </p>
      </Card>
    </>
  )
}

export type AssessmentPageProps = {
  data: AssessmentData
  done: string | null
  refusal: FormRefusal | undefined
}

const FORMS_WITH_OWN_WORDS = [
  'attach-current',
  'attach',
  'draw',
  'submit',
  'approve',
  'send-back',
  'rename',
  'change-period',
  'export',
]

const DONE: Record<string, string> = {
  open: 'The assessment is open. Attach the evidence that its controls rest on.',
  attach: 'What was in force is attached.',
  detach: 'The evidence is detached. That it was attached, and why it is not any more, stays in the history.',
  submit: 'The assessment is submitted. Another compliance lead, admin or owner approves it.',
  'send-back': 'The assessment is open again.',
  approve: 'The assessment is approved and sealed.',
  rename: 'The assessment has another name.',
  'change-period': 'The assessment has another period.',
}

function CoverageOfPeriod({ coverage }: Pick<AssessmentData, 'coverage'>) {
  const { breakpoints, plot } = coverage
  const last = breakpoints.at(-1)
  if (!last) {
    return <p className="text-s text-ink-2">Nothing was connected in this period: there is no coverage.</p>
  }
  return (
    <div className="grid gap-3">
      <p className="text-s text-ink-2">
        At its end, or now while it runs:{' '}
        <strong className="font-semibold text-ink tabular-nums">{formatPercent(last.value)}</strong>
      </p>
      <CoverageChart plot={plot} label="Coverage of the controls in scope over the period" />
    </div>
  )
}

function facts(data: AssessmentData) {
  const { controls, attachments, items, checkpoint } = data
  return [
    { name: 'Period (UTC, whole days)', value: <PeriodWords {...data} /> },
    { name: 'Controls in scope', value: controls.map(({ id }) => id).join(', ') },
    {
      name: 'Evidence',
      value: `${formatCount(attachments.length, 'row')} attached, with ${formatCount(items.held, 'item')} in all${
        items.gone > 0 ? `; of ${formatNumber(items.gone)} more the content was removed before` : ''
      }`,
    },
    { name: 'Opened', value: <ByWhom at={data.openedAt} by={data.openedBy} /> },
    ...(data.submittedAt
      ? [{ name: 'Submitted', value: <ByWhom at={data.submittedAt} by={data.submittedBy} /> }]
      : []),
    ...(data.approvedAt
      ? [{ name: 'Approved', value: <ByWhom at={data.approvedAt} by={data.approvedBy} /> }]
      : []),
    ...(checkpoint
      ? [
          {
            name: 'Held to',
            value: (
              <span className="grid gap-1">
                the checkpoint over the log’s first {formatNumber(checkpoint.size)} events
                <Code value={checkpoint.root} copyLabel="Copy root" />
              </span>
            ),
          },
        ]
      : []),
  ]
}

function ByWhom({ at, by }: { at: Date; by: string | null }) {
  return (
    <>
      <Time value={at} /> by {by}
    </>
  )
}
