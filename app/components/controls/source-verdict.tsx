import { formatNumber } from '../../lib/format.ts'
import { useBase } from '../../lib/organization.ts'
import { SegmentBar } from '../charts/segment-bar.tsx'
import { ExceptLink } from '../decisions/except-link.tsx'
import { AsOfLink } from '../time/as-of-link.tsx'
import { Time } from '../time/time.tsx'
import { Card } from '../ui/card.tsx'
import { Status } from '../ui/status.tsx'
import { StatusIcon } from '../ui/status-icon.tsx'
import type { ControlData } from './control-detail.tsx'
import { FreshnessWord } from './freshness-word.tsx'

type Source = ControlData['sources'][number]

/** What one directory's evidence comes to, why, and what to do about it. */
export function SourceVerdict({ source, isNamed, exceptFrom }: SourceVerdictProps) {
  const { label, verdict, words, since, population } = source
  return (
    <Card
      title={isNamed ? label : 'What made the verdict'}
      action={
        since === null ? undefined : (
          <span className="text-ink-2">
            since <Time value={since} />
          </span>
        )
      }
      footer={<Recorded source={source} />}
    >
      <div className="grid gap-4">
        {isNamed ? <Status value={verdict} word={words} isSoft className="justify-self-start" /> : null}
        <Reasons source={source} exceptFrom={exceptFrom} />
        {population !== null && population.inScope > 0 ? <PopulationBar population={population} /> : null}
        <EvidenceAge evidence={source.evidence} />
      </div>
    </Card>
  )
}

type SourceVerdictProps = {
  source: Source
  isNamed: boolean
  /** The control that the reader may ask for exceptions from; null where there are none to ask for. */
  exceptFrom: string | null
}

function Reasons({
  source: { sourceId, reasons },
  exceptFrom,
}: Pick<SourceVerdictProps, 'source' | 'exceptFrom'>) {
  const base = useBase()
  return (
    <ul className="grid gap-2.5">
      {reasons.map(reason => (
        <li key={`${reason.code} ${reason.text}`} className="flex gap-2 text-m">
          <StatusIcon {...LOOKS[reason.verdict]} />
          <p className="min-w-0 break-words">
            {reason.verdict === 'advice' ? <span className="font-medium text-ink-2">Advice: </span> : null}
            {reason.text}{' '}
            {reason.step === null ? null : (
              <AsOfLink to={`${base}/${reason.step.to}`} className="link">
                {reason.step.label}
              </AsOfLink>
            )}{' '}
            {exceptFrom === null || reason.exceptable === null ? null : (
              <ExceptLink
                controlId={exceptFrom}
                subject={`${reason.exceptable.kind}:${reason.exceptable.id}`}
                sourceId={sourceId}
              />
            )}
          </p>
        </li>
      ))}
    </ul>
  )
}

const LOOKS = {
  pass: { shape: 'check', className: 'mt-0.5 text-pass' },
  fail: { shape: 'cross', className: 'mt-0.5 text-fail' },
  no_data: { shape: 'dash', className: 'mt-0.5 text-ink-3' },
  not_testable: { shape: 'question', className: 'mt-0.5 text-unknown' },
  advice: { shape: 'alert', className: 'mt-0.5 text-accent' },
} as const

function PopulationBar({ population }: { population: NonNullable<Source['population']> }) {
  const { inScope, pass, fail, noData } = population
  const excepted = Math.max(0, inScope - pass - fail - noData)
  return (
    <div className="border-t border-line pt-4">
      <SegmentBar
        label={`${formatNumber(inScope)} in scope`}
        isLegendInline
        segments={[
          { key: 'pass', value: pass, label: 'pass', tone: 'pass' },
          { key: 'fail', value: fail, label: 'fail', tone: 'fail' },
          { key: 'unknown', value: noData, label: 'unknown', tone: 'none' },
          ...(excepted > 0
            ? [{ key: 'excepted', value: excepted, label: 'excepted', tone: 'unknown' as const }]
            : []),
        ]}
      />
    </div>
  )
}

function EvidenceAge({ evidence }: Pick<Source, 'evidence'>) {
  const base = useBase()
  return (
    <ul className="grid gap-1 border-t border-line pt-3 text-s">
      {evidence.map(each => (
        <li key={each.kind} className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5">
          <AsOfLink
            needs="evidence:read"
            to={`${base}/evidence/kind/${each.kind}`}
            className="link min-w-40 py-1"
          >
            {each.title}
          </AsOfLink>
          {each.isSettledUnavailable ? (
            <Status value="unavailable" />
          ) : (
            <FreshnessWord value={each.freshness} />
          )}
          {each.lastSuccessAt === null ? null : (
            <span className="text-ink-2">
              last success <Time value={each.lastSuccessAt} mode="relative" />
            </span>
          )}
        </li>
      ))}
    </ul>
  )
}

function Recorded({ source: { recordedAt, position } }: { source: Source }) {
  const base = useBase()
  if (recordedAt === null || position === null) return <>Not evaluated yet: the first sync does it.</>
  return (
    <>
      Recorded <Time value={recordedAt} /> as{' '}
      <AsOfLink needs="ledger:read" to={`${base}/audit/${position}`} className="link tabular-nums">
        event {formatNumber(position)}
      </AsOfLink>
      .
    </>
  )
}
