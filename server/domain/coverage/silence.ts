import { type EvidenceKind, evidenceKind, isHourly } from '../evidence/kinds.ts'
import type { KindEvidence } from './freshness.ts'

/** How long nothing has come of a connection. */
export interface Silence {
  /** The oldest of the last successes; null where none came since it was connected. */
  readonly lastSuccessAt: Date | null
  /** When the threshold passes, or passed. */
  readonly staleAt: Date
  /** The kinds that are past it at the asked instant; empty while the connection is fresh. */
  readonly kinds: readonly EvidenceKind[]
}

/**
 * A connection is as fresh as the oldest of its hourly kinds that ever came from its source. A kind that never did is
 * missing and not late: its controls say so. Where nothing came at all, the time since connecting counts. Daily kinds
 * have thresholds of their own and say nothing of the connection.
 * @param connectedAt what came through an earlier connection does not make this one late
 */
export function silenceOf(
  { connectedAt, evidence }: { connectedAt: Date; evidence: readonly KindEvidence[] },
  at: Date,
): Silence | null {
  const hourly = evidence.filter(each => !each.isSettledUnavailable && isHourly(each.kind))
  const came = hourly.filter(each => each.lastSuccessAt !== null)
  const counted = (came.length > 0 ? came : hourly).map(({ kind, lastSuccessAt }) => {
    const from = lastSuccessAt !== null && lastSuccessAt > connectedAt ? lastSuccessAt : connectedAt
    return { kind, from, staleAt: new Date(from.getTime() + evidenceKind(kind).staleAfter) }
  })
  const oldest = counted.toSorted((one, other) => one.staleAt.getTime() - other.staleAt.getTime())[0]
  if (!oldest) return null
  return {
    lastSuccessAt: oldest.from > connectedAt ? oldest.from : null,
    staleAt: oldest.staleAt,
    kinds: counted.filter(({ staleAt }) => at > staleAt).map(({ kind }) => kind),
  }
}
