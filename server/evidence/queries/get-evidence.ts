import { and, asc, desc, eq, gt, lte, ne, sql } from 'drizzle-orm'
import type { Transaction } from '../../../db/client.ts'
import { events, evidence } from '../../../db/schema/ledger.ts'
import { kindStatus } from '../../../db/schema/state.ts'
import { catalogue, latestCatalogueVersion } from '../../domain/control/catalogue.ts'
import { describeEvent } from '../../domain/describe-event.ts'
import type { EventPayload } from '../../domain/events.ts'
import { type EvidenceKind, evidenceKind, kindNamed } from '../../domain/evidence/kinds.ts'
import type { EvidenceSummary } from '../../domain/evidence/summary.ts'
import { AppError, notFound } from '../../errors.ts'
import type { AsOf } from '../../ledger/position-at.ts'
import type { PeriodStart } from '../../members/auditor-period.ts'
import { open } from '../../projections/range.ts'
import { type ChangedItems, changedItems } from './changed-items.ts'
import { type AttachedRow, attachedPayload, attachedRow, firstPosition, inForceAfter } from './history.ts'
import { parseProvenance, parseSummary, type StoredProvenance } from './stored-json.ts'

/** One evidence row with where it comes from and what it changed, as it was known as of a moment. */
export interface EvidenceDetail extends AttachedRow {
  sourceId: string
  connectionId: string
  runId: string
  kind: EvidenceKind
  title: string
  mode: 'state' | 'feed'
  words: string
  collectedFrom: Date
  collectedTo: Date
  summary: EvidenceSummary
  provenance: StoredProvenance
  provenanceSha256: string
  controls: { id: string; title: string }[]
  /** Empty where the row was attached before an auditor's period. */
  changed: ChangedItems
  /** The last time the same was found again; null where it never was. */
  reaffirmed: { times: number; lastAt: Date } | null
  /** The row before and the row that replaced it, where there are such. */
  previousId: string | null
  nextId: string | null
}

/**
 * @throws {AppError} not_found for a row that is unknown, was attached later, or was no longer in
 * force when an auditor's period began
 */
export async function getEvidence(
  transaction: Transaction,
  organizationId: string,
  asOf: AsOf,
  { id, start }: { id: string; start: PeriodStart | null },
): Promise<EvidenceDetail> {
  const { row, event, isInPeriod } = await load(transaction, organizationId, asOf, id, start)
  if (start && !isInPeriod) throw notFound('evidence')
  const { sourceId, connectionId, runId, position, collectedFrom, collectedTo } = row
  const kind = kindNamed(row.kind)
  if (!kind) throw new AppError('internal', `evidence of unknown kind ${row.kind}`)
  const payload = attachedPayload(event.payload)
  const { title, mode } = evidenceKind(kind)
  const first = await firstPosition(transaction, organizationId, sourceId, kind)
  return {
    ...attachedRow(
      {
        id,
        position,
        attachedAt: event.recordedAt,
        fingerprint: row.fingerprint,
        itemCount: row.itemCount,
        windowFrom: row.windowFrom,
        windowTo: row.windowTo,
      },
      payload,
      first,
    ),
    sourceId,
    connectionId,
    runId,
    kind,
    title,
    mode,
    words: describeEvent({ type: 'EvidenceAttached', payload }),
    collectedFrom,
    collectedTo,
    summary: parseSummary(row.summary),
    provenance: parseProvenance(row.provenance),
    provenanceSha256: payload.provenanceSha256,
    controls: namedControls(payload),
    changed:
      start && position <= start.position
        ? { joined: [], changed: [], left: [] }
        : await changedItems(transaction, organizationId, { id, sourceId, kind, position }),
    reaffirmed: await reaffirmations(transaction, organizationId, asOf, { id, sourceId, kind, position }),
    ...(await neighbours(transaction, organizationId, asOf, { sourceId, kind, position, start })),
  }
}

async function load(
  transaction: Transaction,
  organizationId: string,
  asOf: AsOf,
  id: string,
  start: PeriodStart | null,
) {
  const [found] = await transaction
    .select({
      row: evidence,
      event: { recordedAt: events.recordedAt, payload: events.payload },
      isInPeriod: start ? sql<boolean>`${inForceAfter(organizationId, start)}` : sql<boolean>`true`,
    })
    .from(evidence)
    .innerJoin(events, and(eq(events.organizationId, organizationId), eq(events.position, evidence.position)))
    .where(
      and(
        eq(evidence.organizationId, organizationId),
        eq(evidence.id, id),
        lte(evidence.position, asOf.position),
      ),
    )
  if (!found) throw notFound('evidence')
  return found
}

function namedControls({ controls }: EventPayload<'EvidenceAttached'>) {
  const known = catalogue(latestCatalogueVersion).controls
  return controls.map(id => ({ id, title: known.find(control => control.id === id)?.title ?? id }))
}

async function reaffirmations(
  transaction: Transaction,
  organizationId: string,
  asOf: AsOf,
  { id, sourceId, kind, position }: { id: string; sourceId: string; kind: string; position: number },
) {
  const [row] = await transaction
    .select({ times: sql<number>`count(*)::int`, lastAt: sql<string | null>`max(${kindStatus.at})::text` })
    .from(kindStatus)
    .where(
      and(
        eq(kindStatus.organizationId, organizationId),
        eq(kindStatus.sourceId, sourceId),
        eq(kindStatus.kind, kind),
        eq(kindStatus.evidenceId, id),
        eq(kindStatus.outcome, 'reaffirmed'),
        // It is found again from its own event on, until another one replaces it.
        gt(kindStatus.fromPosition, position),
        sql`${kindStatus.fromPosition} < coalesce((
          select min(later.position) from ${evidence} later
           where later.organization_id = ${organizationId} and later.source_id = ${sourceId} and later.kind = ${kind}
             and later.position > ${position}), ${open})`,
        lte(kindStatus.fromPosition, asOf.position),
      ),
    )
  return row?.lastAt ? { times: row.times, lastAt: new Date(row.lastAt) } : null
}

async function neighbours(
  transaction: Transaction,
  organizationId: string,
  asOf: AsOf,
  of: { sourceId: string; kind: string; position: number; start: PeriodStart | null },
) {
  const sameKind = and(
    eq(evidence.organizationId, organizationId),
    eq(evidence.sourceId, of.sourceId),
    eq(evidence.kind, of.kind),
    ne(evidence.position, of.position),
  )
  const [previous] = await transaction
    .select({ id: evidence.id, position: evidence.position })
    .from(evidence)
    .where(and(sameKind, lte(evidence.position, of.position)))
    .orderBy(desc(evidence.position))
    .limit(1)
  const [next] = await transaction
    .select({ id: evidence.id })
    .from(evidence)
    .where(and(sameKind, gt(evidence.position, of.position), lte(evidence.position, asOf.position)))
    .orderBy(asc(evidence.position))
    .limit(1)
  // Where this row was attached at or before the beginning of an auditor's period, the one before was over by then.
  const isPreviousVisible = of.start === null || of.position > of.start.position
  return { previousId: isPreviousVisible ? (previous?.id ?? null) : null, nextId: next?.id ?? null }
}
