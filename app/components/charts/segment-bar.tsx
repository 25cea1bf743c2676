import type { ReactNode } from 'react'
import { classNames } from '../../lib/class-names.ts'
import { formatNumber } from '../../lib/format.ts'
import { TONE_FILL, type Tone } from '../ui/tone.ts'

/** One part of a whole. `label` follows the number: "8 pass, fresh". */
export type Segment = { key: string; value: number; label: string; tone: Tone; detail?: ReactNode }

/** A whole in its parts with a legend that says the numbers: coverage, the MFA breakdown, items by outcome. */
export function SegmentBar({ label, segments, isTall = false, isLegendInline = false }: SegmentBarProps) {
  const shown = segments.filter(segment => segment.value > 0)
  return (
    <div className="grid gap-3">
      <div
        role="img"
        aria-label={`${label}: ${shown.map(segment => `${formatNumber(segment.value)} ${segment.label}`).join(', ') || 'nothing'}`}
        className={classNames('flex gap-0.5', isTall ? 'h-4' : 'h-2')}
      >
        {shown.map(segment => (
          <span
            key={segment.key}
            style={{ flexGrow: segment.value }}
            className={classNames('min-w-1 basis-0 rounded-xs', TONE_FILL[segment.tone])}
          />
        ))}
        {shown.length === 0 ? (
          <span className="flex-1 rounded-xs border border-dashed border-line-input" />
        ) : null}
      </div>
      <ul
        className={classNames(
          'text-s text-ink-2',
          isLegendInline ? 'flex flex-wrap gap-x-4 gap-y-1' : 'grid gap-0.75',
        )}
      >
        {segments.map(segment => (
          <li key={segment.key} className="flex items-baseline gap-2">
            <span
              aria-hidden="true"
              className={classNames('size-2.25 flex-none self-center rounded-xs', TONE_FILL[segment.tone])}
            />
            <span className="min-w-0">
              <b className="font-semibold text-ink tabular-nums">{formatNumber(segment.value)}</b>{' '}
              {segment.label}
              {segment.detail !== undefined ? <span className="text-ink-3"> {segment.detail}</span> : null}
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}

export type SegmentBarProps = {
  label: string
  segments: Segment[]
  isTall?: boolean
  isLegendInline?: boolean
}
