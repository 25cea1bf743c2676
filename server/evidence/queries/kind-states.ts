import { and, count, eq, inArray } from 'drizzle-orm'
import type { Transaction } from '../../../db/client.ts'
import { events, evidence } from '../../../db/schema/ledger.ts'
import { membership } from '../../../db/schema/state.ts'
import type { KindStatusRow } from '../../coverage/kind-status-row.ts'
import { latestStatuses } from '../../coverage/latest-statuses.ts'
import { freshness } from '../../domain/coverage/freshness.ts'
import { type EvidenceKind, evidenceKind, unavailableReasonNamed } from '../../domain/evidence/kinds.ts'
import type { EvidenceSummary } from '../../domain/evidence/summary.ts'
import { wordsOfUnavailable } from '../../domain/evidence/unavailable-words.ts'
import type { AsOf } from '../../ledger/position-at.ts'
import { holdsAt } from '../../projections/range.ts'
import type { Source } from './sources.ts'
import { parseSummary } from './stored-json.ts'

/** What was held of one kind of one source as of a moment, and how old it was. */
export interface KindState {
  kind: EvidenceKind
  title: string
  mode: 'state' | 'feed'
  freshness: 'fresh' | 'stale' | 'expired' | 'never'
  /** When it turns or turned stale and expired if nothing came; null where nothing was ever collected. */
  staleAt: Date | null
  expiredAt: Date | null
  /** The last instant at which it was collected or found the same. */
  lastSuccessAt: Date | null
  /** What the last run found of it; null before the first. */
  lastRun: { at: Date; runId: string; outcome: 'collected' | 'reaffirmed' | 'unavailable' } | null
  /** Why the last run could not read it; null where it could. */
  unavailable: { reason: string; title: string; explanation: string; remedy: string } | null
  /** The evidence in force; null before the first. */
  evidence: {
    id: string
    position: number
    attachedAt: Date
    fingerprint: string
    itemCount: number
    summary: EvidenceSummary
  } | null
  /** Items held: for a feed everything collected so far. */
  populationCount: number
}

/** The states of all kinds that a source's connector reads, in the connector's order. */
export async function kindStates(
  transaction: Transaction,
  organizationId: string,
  { sourceId, kinds }: Source,
  asOf: AsOf,
): Promise<KindState[]> {
  const { position } = asOf
  const statuses = await latestStatuses(transaction, { organizationId, position, sourceIds: [sourceId] })
  const attached = await attachedById(
    transaction,
    organizationId,
    statuses.flatMap(({ evidenceId }) => evidenceId ?? []),
  )
  const states: KindState[] = []
  for (const kind of kinds) {
    const status = statuses.find(row => row.kind === kind)
    const row = attached.get(status?.evidenceId ?? '') ?? null
    const isFeed = evidenceKind(kind).mode === 'feed'
    states.push({
      ...stateOf(kind, status, asOf.instant),
      evidence: row,
      populationCount: isFeed
        ? await countMembers(transaction, organizationId, sourceId, kind, asOf.position)
        : (row?.itemCount ?? 0),
    })
  }
  return states
}

function stateOf(
  kind: EvidenceKind,
  status: KindStatusRow | undefined,
  at: Date,
): Omit<KindState, 'evidence' | 'populationCount'> {
  const { title, mode, staleAfter, expiredAfter } = evidenceKind(kind)
  const lastSuccessAt = status?.lastSuccessAt ?? null
  const reason = unavailableReasonNamed(status?.reason ?? null)
  const outcome = (['collected', 'reaffirmed', 'unavailable'] as const).find(
    known => known === status?.outcome,
  )
  return {
    kind,
    title,
    mode,
    freshness: freshness(kind, lastSuccessAt, at),
    staleAt: lastSuccessAt && new Date(lastSuccessAt.getTime() + staleAfter),
    expiredAt: lastSuccessAt && new Date(lastSuccessAt.getTime() + expiredAfter),
    lastSuccessAt,
    lastRun: status && outcome ? { at: status.at, runId: status.runId, outcome } : null,
    unavailable:
      outcome === 'unavailable' && reason
        ? { reason, ...wordsOfUnavailable(reason, historyOf(status)), explanation: status?.explanation ?? '' }
        : null,
  }
}

const historyOf = (status: KindStatusRow | undefined) => ({
  hasEverSucceeded: status?.lastSuccessAt != null,
  licenceAnswers: status?.licenceAnswers ?? 0,
})

async function attachedById(transaction: Transaction, organizationId: string, ids: string[]) {
  if (ids.length === 0) return new Map<string, never>()
  const rows = await transaction
    .select({
      id: evidence.id,
      position: evidence.position,
      attachedAt: events.recordedAt,
      fingerprint: evidence.fingerprint,
      itemCount: evidence.itemCount,
      summary: evidence.summary,
    })
    .from(evidence)
    .innerJoin(events, and(eq(events.organizationId, organizationId), eq(events.position, evidence.position)))
    .where(and(eq(evidence.organizationId, organizationId), inArray(evidence.id, ids)))
  return new Map(
    rows.map(row => [
      row.id,
      { ...row, fingerprint: row.fingerprint.toString('hex'), summary: parseSummary(row.summary) },
    ]),
  )
}

async function countMembers(
  transaction: Transaction,
  organizationId: string,
  sourceId: string,
  kind: EvidenceKind,
  position: number,
): Promise<number> {
  const [row] = await transaction
    .select({ count: count() })
    .from(membership)
    .where(
      and(
        holdsAt(membership, organizationId, position),
        eq(membership.sourceId, sourceId),
        eq(membership.kind, kind),
      ),
    )
  return row?.count ?? 0
}
