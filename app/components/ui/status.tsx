import type { ReactNode } from 'react'
import { classNames } from '../../lib/class-names.ts'
import { StatusIcon, type StatusShape } from './status-icon.tsx'
import { TONE_SOFT, TONE_TEXT, type Tone } from './tone.ts'

/** Every state the product shows as a mark: verdicts, freshness, connections, runs, alerts and assessments. */
export type StatusValue = keyof typeof STATUSES

/**
 * A state as shape and word. `detail` follows the word ("Not testable: needs P2"); `isSoft` gives it a ground, for
 * what should be found at a glance; `hideWord` keeps the word for screen readers and the tooltip.
 */
export function Status({ value, word, detail, isSoft = false, hideWord = false, className }: StatusProps) {
  const { shape, tone, word: usualWord } = statusLook(value)
  const text = word ?? usualWord
  return (
    <span
      title={hideWord ? text : undefined}
      className={classNames(
        'inline-flex items-baseline gap-1.5 text-s font-medium',
        isSoft ? classNames('rounded-s py-0.5 ps-1.5 pe-2', TONE_SOFT[tone]) : TONE_TEXT[tone],
        className,
      )}
    >
      <StatusIcon shape={shape} className="self-center" />
      <span className={hideWord ? 'sr-only' : undefined}>
        {text}
        {detail !== undefined ? <>: {detail}</> : null}
      </span>
    </span>
  )
}

export type StatusProps = {
  value: StatusValue
  word?: string
  detail?: ReactNode
  isSoft?: boolean
  hideWord?: boolean
  className?: string
}

/** Shape, tone and word of a state, for charts and rows that draw them themselves. */
export function statusLook(value: StatusValue): StatusLook {
  return STATUSES[value]
}

export type StatusLook = { shape: StatusShape; tone: Tone; word: string }

const STATUSES = {
  pass: { shape: 'check', tone: 'pass', word: 'Pass' },
  fail: { shape: 'cross', tone: 'fail', word: 'Fail' },
  no_data: { shape: 'dash', tone: 'none', word: 'No data' },
  not_testable: { shape: 'question', tone: 'unknown', word: 'Not testable' },
  none: { shape: 'dash', tone: 'none', word: 'Not known' },

  fresh: { shape: 'check', tone: 'pass', word: 'Fresh' },
  stale: { shape: 'clock', tone: 'stale', word: 'Stale' },
  expired: { shape: 'clock', tone: 'none', word: 'Expired' },

  pending: { shape: 'dash', tone: 'none', word: 'Pending' },
  connected: { shape: 'check', tone: 'pass', word: 'Connected' },
  needs_attention: { shape: 'alert', tone: 'stale', word: 'Needs attention' },
  needs_authorization: { shape: 'alert', tone: 'fail', word: 'Needs authorization' },
  revoked: { shape: 'ban', tone: 'none', word: 'Revoked' },

  queued: { shape: 'clock', tone: 'none', word: 'Queued' },
  running: { shape: 'run', tone: 'accent', word: 'Running' },
  succeeded: { shape: 'check', tone: 'pass', word: 'Succeeded' },
  partly: { shape: 'half', tone: 'stale', word: 'Partly' },
  failed: { shape: 'cross', tone: 'fail', word: 'Failed' },
  skipped: { shape: 'dash', tone: 'none', word: 'Skipped' },
  unavailable: { shape: 'question', tone: 'unknown', word: 'Not readable' },

  open: { shape: 'alert', tone: 'fail', word: 'Open' },
  resolved: { shape: 'check', tone: 'pass', word: 'Resolved' },
  acknowledged: { shape: 'check', tone: 'accent', word: 'Acknowledged' },
  draft: { shape: 'dash', tone: 'none', word: 'Draft' },
  in_progress: { shape: 'half', tone: 'accent', word: 'In progress' },
  submitted: { shape: 'clock', tone: 'accent', word: 'Submitted' },
  approved: { shape: 'check', tone: 'pass', word: 'Approved' },
  rejected: { shape: 'cross', tone: 'fail', word: 'Rejected' },
  verified: { shape: 'check', tone: 'pass', word: 'Verified' },
} as const satisfies Record<string, StatusLook>
