import { useSearchParams } from '@remix-run/react'
import { useAsOf, useWithAsOf } from '../../lib/as-of.ts'
import type { FormRefusal } from '../../lib/form-action.ts'
import { formatNumber } from '../../lib/format.ts'
import { useBase } from '../../lib/organization.ts'
import { ColumnsChart } from '../charts/columns-chart.tsx'
import { FreshnessWord } from '../controls/freshness-word.tsx'
import type { ReviewsData } from '../reviews/answers.ts'
import { ReviewsCard } from '../reviews/reviews-card.tsx'
import { AsOfLink } from '../time/as-of-link.tsx'
import { TimeControl } from '../time/look-back.tsx'
import { Time } from '../time/time.tsx'
import { Breadcrumbs } from '../ui/breadcrumbs.tsx'
import { Callout } from '../ui/callout.tsx'
import { Card } from '../ui/card.tsx'
import { Fingerprint } from '../ui/code.tsx'
import { DescriptionList } from '../ui/description-list.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import type { Tone } from '../ui/tone.ts'
import type { KindData, KindStateData, PopulationData } from './answers.ts'
import { FreshnessLine } from './freshness-line.tsx'
import { HistoryTable } from './history-table.tsx'
import { HiddenRisk, KindSummary } from './kind-summary.tsx'
import { PolicyCards } from './policy-cards.tsx'
import { PopulationTable } from './population-table.tsx'
import { SourceChoice } from './source-choice.tsx'

/** One kind of evidence: what it says, how old it is, who and what is in it, and what was attached before. */
export function KindPage({ data, population, isHistoryPaged, reviews, done, refusal }: KindPageProps) {
  const base = useBase()
  const isNow = useAsOf() === null
  const { state, view } = data
  return (
    <>
      <PageHeader
        title={state.title}
        mark={<FreshnessWord value={state.freshness} />}
        breadcrumbs={
          <Breadcrumbs items={[{ label: 'Evidence', to: `${base}/evidence` }, { label: state.title }]} />
        }
        right={<TimeControl />}
      />
      {done && !refusal ? (
        <Callout tone="success" role="status">
          {done}
        </Callout>
      ) : null}
      <SourceChoice sourceId={data.source.sourceId} sources={data.sources} />
      {state.unavailable ? <Unavailable unavailable={state.unavailable} state={state} /> : null}
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1.15fr)_minmax(0,1fr)]">
        <div className="grid gap-4">
          <Card
            id="says"
            title={state.mode === 'feed' ? 'The 30 days before' : 'What it says'}
            action={state.evidence ? <CountsLink kind={state.kind} /> : undefined}
          >
            <Saying data={data} />
          </Card>
          <Card id="serves" title="Controls that rest on it">
            {data.controls.length === 0 ? (
              <p className="text-s text-ink-2">
                None of the present catalogue: no verdict depends on it, and coverage neither rises nor falls
                with it. It is collected so that its history is there when a control asks for it.
              </p>
            ) : null}
            <ul className="grid gap-1 text-s empty:hidden">
              {data.controls.map(control => (
                <li key={control.id}>
                  <AsOfLink to={`${base}/controls/${control.id}`} className="link">
                    {control.id}
                  </AsOfLink>{' '}
                  {control.title}
                </li>
              ))}
            </ul>
          </Card>
        </div>
        <InForce data={data} />
      </div>
      {reviews ? <ReviewsCard reviews={reviews} isNow={isNow} refusal={refusal} /> : null}
      {view.policies.length > 0 ? <PolicyCards policies={view.policies} /> : null}
      {state.kind === 'security_defaults' ? null : (
        <PopulationTable kind={state.kind} population={population} />
      )}
      <HistoryTable history={data.history} isPaged={isHistoryPaged} />
    </>
  )
}

export type KindPageProps = {
  data: KindData
  population: PopulationData
  isHistoryPaged: boolean
  /** What there is to see to of what comes; null where nobody has to. */
  reviews: ReviewsData | null
  /** What a form of this page did, in words. */
  done: string | null
  refusal: FormRefusal | undefined
}

/** The numbers of the picture, as a file. */
function CountsLink({ kind }: Pick<KindStateData, 'kind'>) {
  const base = useBase()
  const keep = useWithAsOf()
  const source = useSearchParams()[0].get('source')
  const query = source ? `?${new URLSearchParams({ source })}` : ''
  return (
    <a href={keep(`${base}/evidence/kind/${kind}/counts.csv${query}`)} download className="link">
      CSV
    </a>
  )
}

function Saying({ data: { state, view } }: { data: KindData }) {
  if (view.signInPlot)
    return (
      <div className="grid gap-3">
        <ColumnsChart plot={view.signInPlot} label="Risky sign-ins per day" looks={LEVELS} />
        {state.evidence ? <HiddenRisk summary={state.evidence.summary} /> : null}
      </div>
    )
  if (!state.evidence) return <p className="text-s text-ink-3">Nothing was collected yet.</p>
  return <KindSummary kind={state.kind} summary={state.evidence.summary} />
}

type Level = NonNullable<KindData['view']['signInPlot']>['parts'][number]
const LEVELS: Record<Level, { label: string; tone: Tone }> = {
  high: { label: 'high', tone: 'fail' },
  medium: { label: 'medium', tone: 'stale' },
  low: { label: 'low', tone: 'accent' },
  hidden: { label: 'not visible, needs P2', tone: 'unknown' },
  other: { label: 'of another level', tone: 'none' },
}

function InForce({ data: { state, source } }: { data: KindData }) {
  const base = useBase()
  const { evidence } = state
  const attached = evidence
    ? [
        {
          name: 'In force since',
          value: (
            <AsOfLink to={`${base}/evidence/${evidence.id}`} className="link">
              <Time value={evidence.attachedAt} />
            </AsOfLink>
          ),
        },
        { name: 'Fingerprint', value: <Fingerprint value={evidence.fingerprint} /> },
        { name: 'Items held', value: formatNumber(state.populationCount) },
        { name: 'Position', value: formatNumber(evidence.position) },
      ]
    : []
  return (
    <Card id="in-force" title="In force">
      <DescriptionList
        items={[
          { name: 'Last found', value: <FreshnessLine state={state} /> },
          ...attached,
          {
            name: 'Directory',
            value: (
              <AsOfLink
                to={`${base}/settings/integrations/connections/${source.connectionId}`}
                className="link"
              >
                {source.connectorName}
              </AsOfLink>
            ),
          },
        ]}
      />
    </Card>
  )
}

function Unavailable({
  unavailable,
  state,
}: {
  unavailable: NonNullable<KindStateData['unavailable']>
  state: KindStateData
}) {
  return (
    <Callout tone={unavailable.reason === 'licence' ? 'info' : 'warn'} title={unavailable.title}>
      <p>{unavailable.explanation}</p>
      <p>{unavailable.remedy}</p>
      {state.lastRun ? (
        <p className="text-ink-2">
          Found by the run of <Time value={state.lastRun.at} />.
        </p>
      ) : null}
    </Callout>
  )
}
