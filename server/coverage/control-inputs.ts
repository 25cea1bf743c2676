import { and, desc, eq, gt } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { evidence } from '../../db/schema/ledger.ts'
import { connection, kindStatus, organizationProfile } from '../../db/schema/state.ts'
import type { MissingEvidence } from '../domain/control/rules/missing-evidence.ts'
import {
  type EvidenceKind,
  evidenceKinds,
  kindNamed,
  unavailableReasonNamed,
} from '../domain/evidence/kinds.ts'
import { wholeWindow } from '../domain/run/feed-window.ts'
import { isSettledAsUnlicensed } from '../domain/run/outcome.ts'
import { AppError } from '../errors.ts'
import { isOpen } from '../projections/range.ts'
import type { KindStatusRow } from './kind-evidence.ts'

/** Which source is judged, and what its connector declares of it. */
export interface EvaluateOptions {
  sourceId: string
  requiredScopes: readonly string[]
  /** Kinds of which nothing is expected of the source. */
  absentKinds: readonly EvidenceKind[]
}

/** What the rules look at, as it stands in this transaction: one source's connection, kinds and feed windows. */
export interface ControlInputs {
  connection: typeof connection.$inferSelect
  catalogueVersion: number
  statuses: ReadonlyMap<EvidenceKind, KindStatusRow>
  /** Required kinds of which there is nothing to judge on, by kind. */
  missing: readonly MissingEvidence[]
  feedWindows: readonly { from: Date; to: Date }[]
  /** False where the newest feed hides risk levels: the tenant has no P2. */
  isRiskVisible: boolean
}

/** @throws {AppError} internal, when the source was never connected */
export async function loadControlInputs(
  transaction: Transaction,
  organizationId: string,
  options: { sourceId: string; absentKinds: readonly EvidenceKind[]; now: Date },
): Promise<ControlInputs> {
  const { sourceId, absentKinds, now } = options
  const [connectionRow] = await transaction
    .select()
    .from(connection)
    .where(and(isOpen(connection, organizationId), eq(connection.sourceId, sourceId)))
    .orderBy(desc(connection.connectedAt))
    .limit(1)
  const [profile] = await transaction
    .select({ catalogueVersion: organizationProfile.catalogueVersion })
    .from(organizationProfile)
    .where(isOpen(organizationProfile, organizationId))
  if (!connectionRow || !profile)
    throw new AppError('internal', 'controls of a source that was never connected')
  const rows = await transaction
    .select()
    .from(kindStatus)
    .where(and(isOpen(kindStatus, organizationId), eq(kindStatus.sourceId, sourceId)))
  const statuses = new Map(
    rows.flatMap(row => {
      const kind = kindNamed(row.kind)
      return kind ? [[kind, row] as const] : []
    }),
  )
  const feed = await loadFeed(transaction, organizationId, sourceId, new Date(now.getTime() - wholeWindow))
  return {
    connection: connectionRow,
    catalogueVersion: profile.catalogueVersion,
    statuses,
    missing: evidenceKinds.flatMap(kind => missingKind(kind, statuses.get(kind), absentKinds.includes(kind))),
    ...feed,
  }
}

async function loadFeed(transaction: Transaction, organizationId: string, sourceId: string, since: Date) {
  const rows = await transaction
    .select({ from: evidence.windowFrom, to: evidence.windowTo, summary: evidence.summary })
    .from(evidence)
    .where(
      and(
        eq(evidence.organizationId, organizationId),
        eq(evidence.sourceId, sourceId),
        eq(evidence.kind, 'risky_sign_ins'),
        gt(evidence.windowTo, since),
      ),
    )
    .orderBy(desc(evidence.position))
  const newest: unknown = JSON.parse(rows[0]?.summary ?? '{}')
  const hidden = typeof newest === 'object' && newest !== null && 'hidden' in newest ? newest.hidden : 0
  return {
    feedWindows: rows.flatMap(({ from, to }) => (from && to ? [{ from, to }] : [])),
    isRiskVisible: hidden === 0,
  }
}

function missingKind(
  kind: EvidenceKind,
  status: KindStatusRow | undefined,
  isAbsent: boolean,
): MissingEvidence[] {
  if (isAbsent) return [{ kind, reason: 'absent' }]
  if (!status) return [{ kind, reason: 'not_collected' }]
  const reason = unavailableReasonNamed(status.reason)
  if (status.outcome !== 'unavailable' || !reason) return []
  const history = { hasEverSucceeded: status.lastSuccessAt !== null, licenceAnswers: status.licenceAnswers }
  const isAnswer = reason === 'scope' || reason === 'role' || isSettledAsUnlicensed(reason, history)
  // What was collected before a failure still stands; freshness tells its age.
  return isAnswer || status.lastSuccessAt === null ? [{ kind, reason }] : []
}
