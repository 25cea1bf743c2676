import { formatCount, formatNumber } from '../../lib/format.ts'
import { SegmentBar } from '../charts/segment-bar.tsx'
import { Time } from '../time/time.tsx'
import { Status } from '../ui/status.tsx'
import type { EvidenceKindName, SummaryData } from './answers.ts'
import { breakdownsOf } from './summary-segments.ts'

/** What evidence says in counts, drawn as its kind asks for. */
export function KindSummary({ kind, summary, isCompact = false }: KindSummaryProps) {
  if (kind === 'security_defaults') return <SecurityDefaults isEnabled={summary.isEnabled === true} />
  const breakdowns = breakdownsOf(kind, summary)
  const shown = isCompact ? breakdowns.slice(0, 1) : breakdowns
  return (
    <div className="grid gap-4">
      {shown.map(({ label, segments }) => (
        <div key={label} className="grid gap-2">
          {shown.length > 1 ? <h3 className="text-xs font-semibold text-ink-3">{label}</h3> : null}
          <SegmentBar label={label} segments={segments} isTall={!isCompact} isLegendInline />
        </div>
      ))}
      {isCompact ? null : <Aside kind={kind} summary={summary} />}
    </div>
  )
}

type KindSummaryProps = { kind: EvidenceKindName; summary: SummaryData; isCompact?: boolean }

function SecurityDefaults({ isEnabled }: { isEnabled: boolean }) {
  return (
    <div className="grid gap-1.5">
      <Status value={isEnabled ? 'pass' : 'none'} word={isEnabled ? 'On' : 'Off'} className="text-l!" />
      <p className="text-s text-ink-2">
        {isEnabled
          ? 'The directory’s own baseline demands a second factor and shuts legacy protocols.'
          : 'The directory’s own baseline is off: conditional access has to demand a second factor instead.'}
      </p>
    </div>
  )
}

/** Counts that are no part of a whole. */
function Aside({ kind, summary }: Pick<KindSummaryProps, 'kind' | 'summary'>) {
  const count = (key: string) => (typeof summary[key] === 'number' ? summary[key] : 0)
  if (kind === 'mfa_registration') {
    return (
      <p className="text-s text-ink-2">
        Of {formatCount(count('administrators'), 'administrator')}{' '}
        <b className="font-semibold text-ink tabular-nums">{formatNumber(count('administratorsCapable'))}</b>{' '}
        can give a second factor. Disabled and deleted accounts have no record.
      </p>
    )
  }
  if (kind === 'user_inventory') {
    return (
      <p className="text-s text-ink-2">
        <b className="font-semibold text-ink tabular-nums">{formatNumber(count('withP2'))}</b> with P2,{' '}
        <b className="font-semibold text-ink tabular-nums">{formatNumber(count('withP1'))}</b> with P1.
      </p>
    )
  }
  if (kind === 'risky_users') {
    return (
      <>
        {count('deleted') > 0 ? (
          <p className="text-s text-ink-2">
            {formatCount(count('deleted'), 'account')} of them no longer exist.
          </p>
        ) : null}
        <HiddenRisk summary={summary} />
      </>
    )
  }
  if (kind === 'risky_sign_ins') return <HiddenRisk summary={summary} />
  if (kind === 'sign_in_activity') return <Silence summary={summary} />
  return null
}

/** A level that is not shown says nothing of the risk. */
export function HiddenRisk({ summary }: { summary: SummaryData }) {
  const hidden = typeof summary.hidden === 'number' ? summary.hidden : 0
  if (hidden === 0) return null
  return (
    <p className="text-s text-unknown">
      The level of {formatNumber(hidden)} is not visible: that needs P2. It is unknown, which is not “no
      risk”.
    </p>
  )
}

function Silence({ summary }: { summary: SummaryData }) {
  const { countedAt, neverButTried } = summary
  return (
    <p className="text-s text-ink-2">
      {typeof countedAt === 'string' ? (
        <>
          Counted as of the read of <Time value={new Date(countedAt)} />.{' '}
        </>
      ) : null}
      A failed attempt is no sign-in
      {typeof neverButTried === 'number' && neverButTried > 0
        ? `: ${formatCount(neverButTried, 'account')} of those that never signed in tried to`
        : ''}
      .
    </p>
  )
}
