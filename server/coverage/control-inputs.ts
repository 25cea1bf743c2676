import { and, desc, eq, gt } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { evidence } from '../../db/schema/ledger.ts'
import { connection, kindStatus, membership, organizationProfile } from '../../db/schema/state.ts'
import { catalogue } from '../domain/control/catalogue.ts'
import { missingEvidence } from '../domain/control/rules/missing-evidence.ts'
import { type EvidenceKind, kindNamed } from '../domain/evidence/kinds.ts'
import type { EvidenceSummary } from '../domain/evidence/summary.ts'
import { wholeWindow } from '../domain/run/feed-window.ts'
import { AppError } from '../errors.ts'
import { parseSummary } from '../evidence/queries/stored-json.ts'
import { isOpen } from '../projections/range.ts'
import { type ControlInputs, isRiskVisible } from './judge-controls.ts'
import { policyChanges } from './policy-changes.ts'
import { loadDecisions } from './source-decisions.ts'

/**
 * What the rules look at, as it stands in this transaction.
 * @throws {AppError} internal, when the source was never connected
 */
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
      return kind ? [[kind, { ...row, fingerprint: row.fingerprint?.toString('hex') ?? null }] as const] : []
    }),
  )
  const feed = await loadFeed(transaction, organizationId, sourceId, new Date(now.getTime() - wholeWindow))
  return {
    connection: connectionRow,
    catalogueVersion: profile.catalogueVersion,
    statuses,
    missing: missingEvidence(statuses, absentKinds),
    ...feed,
    policyChanges: await policyChanges(transaction, organizationId, {
      sourceId,
      since: new Date(now.getTime() - wholeWindow),
    }),
    signInsChangedAt: await signInsChangedAt(transaction, organizationId, sourceId),
    decisions: await loadDecisions(transaction, organizationId, {
      catalogue: catalogue(profile.catalogueVersion),
      sourceId,
    }),
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
  return {
    feedWindows: rows.flatMap(({ from, to }) => (from && to ? [{ from, to }] : [])),
    isRiskVisible: isRiskVisible({
      windows: rows.map(row => parseSummary(row.summary)),
      riskyUsers: await newestSummary(transaction, organizationId, sourceId, 'risky_users'),
      inventory: await newestSummary(transaction, organizationId, sourceId, 'user_inventory'),
    }),
  }
}

async function newestSummary(
  transaction: Transaction,
  organizationId: string,
  sourceId: string,
  kind: EvidenceKind,
): Promise<EvidenceSummary | null> {
  const [row] = await transaction
    .select({ summary: evidence.summary })
    .from(evidence)
    .where(
      and(
        eq(evidence.organizationId, organizationId),
        eq(evidence.sourceId, sourceId),
        eq(evidence.kind, kind),
      ),
    )
    .orderBy(desc(evidence.position))
    .limit(1)
  return row ? parseSummary(row.summary) : null
}

/** Whatever a window brought that is new or different began a membership. */
async function signInsChangedAt(
  transaction: Transaction,
  organizationId: string,
  sourceId: string,
): Promise<number | null> {
  const [row] = await transaction
    .select({ position: membership.fromPosition })
    .from(membership)
    .where(
      and(
        eq(membership.organizationId, organizationId),
        eq(membership.sourceId, sourceId),
        eq(membership.kind, 'risky_sign_ins'),
      ),
    )
    .orderBy(desc(membership.fromPosition))
    .limit(1)
  return row?.position ?? null
}
