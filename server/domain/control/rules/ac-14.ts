import type { Judgement, Population, Reason } from '../judgement.ts'
import { emptyPopulation, reason } from '../reason.ts'
import { inReadingOrder, judgementOf, verdictOf } from '../verdict.ts'
import {
  hiddenRiskReason,
  type MissingEvidence,
  missingAmong,
  missingEvidenceReason,
} from './missing-evidence.ts'

interface Interval {
  readonly from: Date
  readonly to: Date
}

export interface Ac14Input {
  /** Covered windows of the risky sign-in feed, in any order, overlapping or not. */
  readonly windows: readonly Interval[]
  /** Since when the feed should have been watched: the connection's start, or 30 days ago if that is later. */
  readonly since: Date
  readonly at: Date
  /** Milliseconds that may lie uncovered between two windows. */
  readonly staleAfter: number
  /** `absent` where the cloud does not offer them, `unavailable` where the source refused, `none` not read yet. */
  readonly riskyUsers: 'collected' | 'unavailable' | 'absent' | 'none'
  /** False where the source hides risk, or nothing says that it would show it. */
  readonly riskVisible: boolean
  readonly unavailable?: readonly MissingEvidence[]
}

const period = 30 * 86_400_000

/**
 * AC-14, suspicious sign-ins are watched: no uncovered gap over the threshold within the trailing 30 days, also
 * where there was nothing to see. What is uncovered since the last window is freshness' business. Past gaps leave
 * the period by time alone.
 */
export function judgeAc14(input: Ac14Input): Judgement {
  const unreadable = unreadableReasons(input)
  if (unreadable.length > 0) return judgementOf(unreadable, emptyPopulation)

  const gaps = gapsBetween(input)
  const open = gapsLeft(gaps, input, input.at)
  return judgementOf(reasonsFor(open, input), hoursOf(open, input), changesOf(gaps, input))
}

function unreadableReasons(input: Ac14Input): Reason[] {
  const given = missingAmong(['risky_sign_ins', 'risky_users'], input.unavailable ?? [])
  const missing = given.filter(each => each.kind === 'risky_sign_ins' || input.riskyUsers !== 'absent')
  const reasons = missing.map(each => missingEvidenceReason(each))
  if (reasons.some(each => each.verdict === 'not_testable')) return reasons
  const isMissing = (kind: MissingEvidence['kind']) => missing.some(each => each.kind === kind)
  const isCollected = input.windows.some(isCovering(input.at))
  if (isCollected && !input.riskVisible) reasons.push(hiddenRiskReason())
  if (!isCollected && !isMissing('risky_sign_ins')) {
    reasons.push(missingEvidenceReason({ kind: 'risky_sign_ins', reason: 'not_collected' }))
  }
  if (input.riskyUsers === 'unavailable' && !isMissing('risky_users')) {
    reasons.push(missingEvidenceReason({ kind: 'risky_users', reason: 'licence' }))
  }
  if (input.riskyUsers === 'none' && !isMissing('risky_users')) {
    reasons.push(missingEvidenceReason({ kind: 'risky_users', reason: 'not_collected' }))
  }
  return reasons
}

const isCovering = (at: Date) => (window: Interval) => window.from < window.to && window.from < at

/** Every stretch longer than the threshold before, and between, the windows; none after the last. */
function gapsBetween({ windows, since, at, staleAfter }: Ac14Input): Interval[] {
  const sorted = windows
    .filter(isCovering(at))
    .sort((one, other) => one.from.getTime() - other.from.getTime())
  const gaps: Interval[] = []
  let covered = since
  for (const window of sorted) {
    if (window.from.getTime() - covered.getTime() > staleAfter) gaps.push({ from: covered, to: window.from })
    if (window.to > covered) covered = window.to
  }
  return gaps
}

/** The gaps of which more than the threshold still lies within the period at an instant. */
function gapsLeft(gaps: readonly Interval[], { staleAfter }: Ac14Input, at: Date): Interval[] {
  return gaps.filter(gap => leavesAt(gap, staleAfter) > at.getTime())
}

/** When no more than the threshold of a gap is left in the trailing period. */
const leavesAt = (gap: Interval, staleAfter: number) => gap.to.getTime() - staleAfter + period

function reasonsFor(gaps: readonly Interval[], { riskyUsers }: Ac14Input): Reason[] {
  const first = gaps[0]
  const last = gaps.at(-1)
  const watched = first === undefined || last === undefined
  const detail = watched
    ? {}
    : { gaps: gaps.slice(0, 20).map(asText), from: first.from.toISOString(), to: last.to.toISOString() }
  return [
    watched
      ? reason('feed_covered', 'pass', { count: 1 })
      : reason('feed_gap', 'fail', { count: gaps.length, detail }),
    ...(riskyUsers === 'absent' ? [reason('risky_users_absent', 'advice', { count: 1 })] : []),
  ]
}

/** Hours from the start of the period to the end of the last window, and those of them that lie in a gap. */
function hoursOf(gaps: readonly Interval[], { windows, since, at }: Ac14Input): Population {
  const start = Math.max(since.getTime(), at.getTime() - period)
  const ends = windows.filter(isCovering(at)).map(window => Math.min(window.to.getTime(), at.getTime()))
  const hours = (milliseconds: number) => Math.max(0, Math.ceil(milliseconds / 3_600_000))
  const uncovered = gaps.reduce((sum, gap) => sum + gap.to.getTime() - Math.max(gap.from.getTime(), start), 0)
  const inScope = hours(Math.max(...ends) - start)
  const fail = Math.min(inScope, hours(uncovered))
  return { inScope, pass: inScope - fail, fail, noData: 0 }
}

const asText = (gap: Interval) => `${gap.from.toISOString()}/${gap.to.toISOString()}`

function changesOf(gaps: readonly Interval[], input: Ac14Input): Judgement['changes'] {
  const instants = new Set(
    gaps.map(gap => leavesAt(gap, input.staleAfter)).filter(instant => instant > input.at.getTime()),
  )
  return [...instants]
    .sort((one, other) => one - other)
    .map(instant => {
      const reasons = inReadingOrder(reasonsFor(gapsLeft(gaps, input, new Date(instant)), input))
      return { at: new Date(instant), verdict: verdictOf(reasons), reasons }
    })
}
