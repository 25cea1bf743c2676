import type { Transaction } from '../../db/client.ts'
import type { ConnectorManifest } from '../connectors/contract.ts'
import { isOffered } from '../connectors/offered.ts'
import type { KindStatusRow } from '../coverage/kind-status-row.ts'
import { latestStatuses } from '../coverage/latest-statuses.ts'
import { type Freshness, freshness, oldest } from '../domain/coverage/freshness.ts'
import { isSettled } from '../domain/coverage/kind-evidence.ts'
import {
  type Cadence,
  type EvidenceKind,
  type EvidenceMode,
  evidenceKind,
  isHourly,
} from '../domain/evidence/kinds.ts'

/** How one evidence kind of a connection stood at a moment. */
export interface KindStanding {
  kind: EvidenceKind
  title: string
  mode: EvidenceMode
  cadence: Cadence
  /** What the last run found; `waiting` before the first, `not_offered` where the source's cloud has no such kind. */
  state: 'collected' | 'reaffirmed' | 'unavailable' | 'not_offered' | 'waiting'
  /** True where no run will bring it before something changes at the source: no licence, or not offered. */
  isSettled: boolean
  reason: string | null
  explanation: string | null
  items: number | null
  lastSuccessAt: Date | null
  freshness: Freshness
}

/** The newest finding of every kind of the sources as of a position, by the connection that found it. */
export async function readKindStatuses(
  transaction: Transaction,
  organizationId: string,
  position: number,
  sourceIds: readonly string[],
): Promise<ReadonlyMap<string, KindStatusRow[]>> {
  const rows = await latestStatuses(transaction, { organizationId, position, sourceIds })
  const byConnection = new Map<string, KindStatusRow[]>()
  for (const row of rows)
    byConnection.set(row.connectionId, [...(byConnection.get(row.connectionId) ?? []), row])
  return byConnection
}

/** Every kind that the connector reads, in its order. */
export function kindStandings(
  manifest: ConnectorManifest,
  cloud: string,
  rows: readonly KindStatusRow[],
  at: Date,
): KindStanding[] {
  return manifest.reads.map(read => {
    const { kind } = read
    const { title, mode, cadence } = evidenceKind(kind)
    const row = rows.find(candidate => candidate.kind === kind)
    const lastSuccessAt = row?.lastSuccessAt ?? null
    const standing = {
      kind,
      title,
      mode,
      cadence,
      lastSuccessAt,
      freshness: freshness(kind, lastSuccessAt, at),
    }
    if (!row) {
      const isAbsent = !isOffered(read, cloud)
      const state = isAbsent ? 'not_offered' : 'waiting'
      return { ...standing, state, isSettled: isAbsent, reason: null, explanation: null, items: null }
    }
    return {
      ...standing,
      state: stateOf(row.outcome),
      isSettled: isSettled(row),
      reason: row.reason,
      explanation: row.explanation,
      items: row.itemCount,
    }
  })
}

/**
 * A connection is as fresh as its oldest hourly kind that still comes; settled ones ask for nothing. A daily kind ages
 * by itself, which says nothing of whether the connection works.
 * `staleAt` is when the first of them turns stale if nothing comes; null before the first success.
 */
export function freshnessOfKinds(kinds: readonly KindStanding[]): {
  freshness: Freshness
  lastSuccessAt: Date | null
  staleAt: Date | null
} {
  const due = kinds.filter(kind => !kind.isSettled && isHourly(kind.kind))
  const succeeded = due.flatMap(({ kind, lastSuccessAt }) => (lastSuccessAt ? [{ kind, lastSuccessAt }] : []))
  const staleTimes = succeeded.map(
    ({ kind, lastSuccessAt }) => lastSuccessAt.getTime() + evidenceKind(kind).staleAfter,
  )
  const successTimes = succeeded.map(({ lastSuccessAt }) => lastSuccessAt.getTime())
  return {
    freshness: oldest(due.map(kind => kind.freshness)),
    lastSuccessAt: successTimes.length > 0 ? new Date(Math.max(...successTimes)) : null,
    staleAt: succeeded.length === due.length && due.length > 0 ? new Date(Math.min(...staleTimes)) : null,
  }
}

const stateOf = (outcome: string): KindStanding['state'] =>
  outcome === 'collected' || outcome === 'reaffirmed' ? outcome : 'unavailable'
