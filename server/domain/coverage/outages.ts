import { type EvidenceKind, evidenceKind } from '../evidence/kinds.ts'
import type { CoverageHistory, Range, SuccessChain } from './history.ts'

interface Outage {
  readonly from: Date
  readonly to: Date
}

export interface OutagesInput extends Pick<CoverageHistory, 'successChains' | 'settledUnavailable'> {
  readonly from: Date
  readonly to: Date
  /** When a connection to a source stood: without one nothing is expected of it. */
  readonly connections: readonly (Range & { readonly sourceId: string })[]
  /** The kinds that are expected of every source. */
  readonly kinds: readonly EvidenceKind[]
}

/**
 * The stretches in which some kind had no success past its stale threshold while a connection stood. Overlapping
 * ones are one. Settled kinds are not expected.
 */
export function outages(input: OutagesInput): Outage[] {
  const silent = input.connections.flatMap(connection =>
    input.kinds.flatMap(kind => {
      const isOfKind = (each: { sourceId: string; kind: EvidenceKind }) =>
        each.sourceId === connection.sourceId && each.kind === kind
      const settled = input.settledUnavailable.filter(isOfKind)
      return silences(connection, kind, input.successChains.filter(isOfKind), input.to)
        .flatMap(silence => without(silence, settled))
        .map(silence => clip(silence, input))
    }),
  )
  return merge(silent.filter(silence => silence.from < silence.to))
}

/** Before the first success of a connection the threshold counts from its start. */
function silences(
  connection: Range,
  kind: EvidenceKind,
  chains: readonly SuccessChain[],
  until: Date,
): Outage[] {
  const end = connection.to !== null && connection.to < until ? connection.to : until
  const found: Outage[] = []
  let silentFrom = later(connection.from, kind)
  for (const chain of [...chains].sort((one, other) => one.firstAt.getTime() - other.firstAt.getTime())) {
    if (chain.firstAt > silentFrom) found.push({ from: silentFrom, to: earlier(chain.firstAt, end) })
    const quietAgain = later(chain.lastAt, kind)
    if (quietAgain > silentFrom) silentFrom = quietAgain
  }
  return [...found, { from: silentFrom, to: end }].filter(silence => silence.from < silence.to)
}

function without(silence: Outage, settled: readonly Range[]): Outage[] {
  return settled.reduce<Outage[]>(
    (left, range) =>
      left
        .flatMap(({ from, to }) => [
          { from, to: earlier(to, range.from) },
          ...(range.to === null ? [] : [{ from: latest(range.to, from), to }]),
        ])
        .filter(each => each.from < each.to),
    [silence],
  )
}

const later = (instant: Date, kind: EvidenceKind) =>
  new Date(instant.getTime() + evidenceKind(kind).staleAfter)
const latest = (one: Date, other: Date) => (one > other ? one : other)
const earlier = (one: Date, other: Date) => (one < other ? one : other)

const clip = ({ from, to }: Outage, frame: Outage): Outage => ({
  from: latest(from, frame.from),
  to: earlier(to, frame.to),
})

function merge(silent: readonly Outage[]): Outage[] {
  const merged: Outage[] = []
  for (const each of [...silent].sort((one, other) => one.from.getTime() - other.from.getTime())) {
    const last = merged.at(-1)
    if (last === undefined || each.from > last.to) merged.push(each)
    else if (each.to > last.to) merged[merged.length - 1] = { from: last.from, to: each.to }
  }
  return merged
}
