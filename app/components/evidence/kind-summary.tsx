import { formatCount, formatNumber } from '../../lib/format.ts'
import { SegmentBar } from '../charts/segment-bar.tsx'
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
          ? 'Microsoft’s own baseline demands a second factor and shuts legacy protocols.'
          : 'Microsoft’s own baseline is off: conditional access has to demand a second factor instead.'}
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
        <b className="font-semibold text-ink tabular-nums">{formatNumber(count('withP2'))}</b> with Entra ID
        P2, <b className="font-semibold text-ink tabular-nums">{formatNumber(count('withP1'))}</b> with P1.
      </p>
    )
  }
  if (kind === 'risky_users' && count('deleted') > 0) {
    return (
      <p className="text-s text-ink-2">{formatCount(count('deleted'), 'account')} of them no longer exist.</p>
    )
  }
  return null
}
