import type { Catalogue } from '../control/definition.ts'
import type { TimedVerdict } from '../control/verdict.ts'
import { type EvidenceKind, evidenceKinds } from '../evidence/kinds.ts'
import type { CoverageInput, CoverageSource } from './coverage.ts'
import type { KindEvidence } from './freshness.ts'

/** Half-open: from `from` on, before `to`; open at the end where `to` is null. */
export interface Range {
  readonly from: Date
  readonly to: Date | null
}

/** Successes of one kind that were never more than its stale threshold apart. */
export interface SuccessChain {
  readonly sourceId: string
  readonly kind: EvidenceKind
  readonly firstAt: Date
  readonly lastAt: Date
}

/** Everything that coverage over a stretch of time rests on. Ranges of one source and control do not overlap. */
export interface CoverageHistory {
  readonly catalogue: Catalogue
  /** When each source was in scope: a range for each stretch. */
  readonly sources: readonly (Range & { readonly sourceId: string })[]
  /** When controls were not. */
  readonly outOfScope?: readonly (Range & { readonly controlId: string })[]
  readonly verdictRanges: readonly (Range &
    TimedVerdict & { readonly sourceId: string; readonly controlId: string })[]
  readonly successChains: readonly SuccessChain[]
  /** When it was settled that a kind does not come from a source: no licence, or not offered in its cloud. */
  readonly settledUnavailable: readonly (Range & { readonly sourceId: string; readonly kind: EvidenceKind })[]
}

export const holdsAt = (range: Range, at: Date): boolean =>
  range.from <= at && (range.to === null || at < range.to)

/** What is left of a range without others, in order of time. */
export function rangeWithout<R extends Range>(whole: R, others: readonly Range[]): R[] {
  return others.reduce<R[]>(
    (left, other) =>
      left.flatMap(each => {
        const before = { ...each, to: earlier(each.to, other.from) }
        const after = other.to === null ? [] : [{ ...each, from: later(each.from, other.to) }]
        return [before, ...after].filter(({ from, to }) => to === null || from < to)
      }),
    [whole],
  )
}

const earlier = (one: Date | null, other: Date) => (one === null || other < one ? other : one)
const later = (one: Date, other: Date) => (other > one ? other : one)

/**
 * Answers what was known at any instant of a history. Within a chain there was a success no longer ago than the
 * stale threshold, so that the instant itself stands in for it: fresh either way.
 */
export function historyReader(history: CoverageHistory): (at: Date) => CoverageInput {
  const verdicts = groupBy(history.verdictRanges, range => range.sourceId)
  const chains = groupBy(history.successChains, ofKind)
  const settled = groupBy(history.settledUnavailable, ofKind)

  return at => {
    const inScope = history.sources.filter(source => holdsAt(source, at)).map(source => source.sourceId)
    const sources = [...new Set(inScope)].map(
      (sourceId): CoverageSource => ({
        sourceId,
        verdicts: (verdicts.get(sourceId) ?? []).filter(range => holdsAt(range, at)),
        evidence: evidenceKinds.map(
          (kind): KindEvidence => ({
            kind,
            lastSuccessAt: lastSuccess(chains.get(ofKind({ sourceId, kind })) ?? [], at),
            isSettledUnavailable: (settled.get(ofKind({ sourceId, kind })) ?? []).some(range =>
              holdsAt(range, at),
            ),
          }),
        ),
      }),
    )
    const outOfScope = new Set(
      (history.outOfScope ?? []).filter(range => holdsAt(range, at)).map(range => range.controlId),
    )
    return { catalogue: history.catalogue, sources, outOfScope, at }
  }
}

function lastSuccess(chains: readonly SuccessChain[], at: Date): Date | null {
  const instants = chains
    .filter(chain => chain.firstAt <= at)
    .map(chain => Math.min(chain.lastAt.getTime(), at.getTime()))
  return instants.length === 0 ? null : new Date(Math.max(...instants))
}

const ofKind = ({ sourceId, kind }: { sourceId: string; kind: EvidenceKind }) => `${sourceId} ${kind}`

function groupBy<T>(list: readonly T[], keyOf: (each: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const each of list) {
    const group = groups.get(keyOf(each))
    if (group === undefined) groups.set(keyOf(each), [each])
    else group.push(each)
  }
  return groups
}
