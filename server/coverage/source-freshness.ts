import { type Freshness, freshness, oldest } from '../domain/coverage/freshness.ts'
import { evidenceKind, isHourly } from '../domain/evidence/kinds.ts'
import type { KnownSource } from './read-coverage.ts'

/** How old a source's evidence is as a whole: as old as the oldest kind that is expected of it every hour. */
export interface SourceFreshness {
  readonly state: Freshness
  /** The oldest success among the expected kinds; null where one never came. */
  readonly oldestSuccessAt: Date | null
  readonly newestSuccessAt: Date | null
  /** When it turns, or turned, stale and expired if nothing comes; null where it never was fresh. */
  readonly staleAt: Date | null
  readonly expiredAt: Date | null
  /** How much of the time until stale is left, 0 to 1. */
  readonly share: number
}

export function sourceFreshness({ evidence }: Pick<KnownSource, 'evidence'>, at: Date): SourceFreshness {
  const expected = evidence.filter(each => !each.isSettledUnavailable && isHourly(each.kind))
  const successes = expected.flatMap(each => (each.lastSuccessAt ? [each] : []))
  const endsAfter = (threshold: 'staleAfter' | 'expiredAfter') =>
    earliest(
      successes.flatMap(({ kind, lastSuccessAt }) =>
        lastSuccessAt ? [lastSuccessAt.getTime() + evidenceKind(kind)[threshold]] : [],
      ),
    )
  const came = successes.flatMap(each => (each.lastSuccessAt ? [each.lastSuccessAt.getTime()] : []))
  const staleAt = endsAfter('staleAfter')
  const oldestSuccessAt = successes.length < expected.length ? null : earliest(came)
  const whole = staleAt && oldestSuccessAt ? staleAt.getTime() - oldestSuccessAt.getTime() : 0
  return {
    state: oldest(expected.map(each => freshness(each.kind, each.lastSuccessAt, at))),
    oldestSuccessAt,
    newestSuccessAt: came.length === 0 ? null : new Date(Math.max(...came)),
    staleAt: oldestSuccessAt && staleAt,
    expiredAt: oldestSuccessAt && endsAfter('expiredAfter'),
    share: staleAt && whole > 0 ? Math.min(1, Math.max(0, (staleAt.getTime() - at.getTime()) / whole)) : 0,
  }
}

const earliest = (instants: readonly number[]) =>
  instants.length === 0 ? null : new Date(Math.min(...instants))
