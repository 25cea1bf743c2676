import type { ReactNode } from 'react'
import { formatNumber } from '../../lib/format.ts'

/** How far long work is. Without `total` the end is not known and only the count grows. */
export function Progress({ label, done, total, unit, detail }: ProgressProps) {
  const share = total === undefined ? null : total === 0 ? 1 : Math.min(1, done / total)
  const counts = total === undefined ? formatNumber(done) : `${formatNumber(done)} of ${formatNumber(total)}`
  return (
    <div className="space-y-1 text-s">
      <div className="flex flex-wrap justify-between gap-x-4">
        <span className="text-ink">{label}</span>
        <span className="text-ink-2 tabular-nums">
          {counts}
          {unit ? ` ${unit}` : ''}
        </span>
      </div>
      <div
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={share === null ? undefined : Math.round(share * 100)}
        aria-valuetext={`${counts}${unit ? ` ${unit}` : ''}`}
        className="h-2 overflow-hidden rounded-xs bg-blank/60"
      >
        {share === null ? (
          <div className="h-full w-full animate-pulse bg-accent/50" />
        ) : (
          <div className="h-full bg-accent transition-[width]" style={{ width: `${share * 100}%` }} />
        )}
      </div>
      {detail !== undefined ? <p className="text-xs text-ink-3">{detail}</p> : null}
    </div>
  )
}

export type ProgressProps = { label: string; done: number; total?: number; unit?: string; detail?: ReactNode }
