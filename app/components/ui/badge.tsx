import type { ReactNode } from 'react'
import { classNames } from '../../lib/class-names.ts'
import { TONE_SOFT, type Tone } from './tone.ts'

/** A short label: a role, a kind, a count. For a verdict or a state use Status, which adds the shape. */
export function Badge({ tone = 'none', children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span
      className={classNames(
        'inline-flex items-center rounded-s px-1.5 py-px text-xs font-medium whitespace-nowrap tabular-nums',
        TONE_SOFT[tone],
      )}
    >
      {children}
    </span>
  )
}
