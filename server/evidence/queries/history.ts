import { and, desc, eq, lt, lte, type SQL, sql } from 'drizzle-orm'
import type { Transaction } from '../../../db/client.ts'
import { events, evidence } from '../../../db/schema/ledger.ts'
import type { EventPayload } from '../../domain/events.ts'
import type { EvidenceKind } from '../../domain/evidence/kinds.ts'
import { AppError } from '../../errors.ts'
import { domainEvent } from '../../ledger/decode.ts'
import type { PeriodStart } from '../../members/auditor-period.ts'

/** An attached row of a kind's history. */
export interface AttachedRow {
  id: string
  position: number
  attachedAt: Date
  fingerprint: string
  itemCount: number
  window: { from: Date; to: Date } | null
  changes: { joined: number; changed: number; left: number }
  /** Whether the source changed, or only the collector's way of reading it. */
  cause: 'source' | 'collector'
  isFirst: boolean
}

const pageSize = 25

/** One page of a kind's attached rows as of a position, newest first. */
export async function evidenceHistory(
  transaction: Transaction,
  organizationId: string,
  asked: {
    sourceId: string
    kind: EvidenceKind
    position: number
    /** Keyset: rows before this position. */
    before?: number | undefined
    start: PeriodStart | null
  },
): Promise<{ rows: AttachedRow[]; next: number | null }> {
  const { sourceId, kind, position, before, start } = asked
  const rows = await transaction
    .select({ ...columns, payload: events.payload })
    .from(evidence)
    .innerJoin(events, and(eq(events.organizationId, organizationId), eq(events.position, evidence.position)))
    .where(
      and(
        eq(evidence.organizationId, organizationId),
        eq(evidence.sourceId, sourceId),
        eq(evidence.kind, kind),
        lte(evidence.position, position),
        before === undefined ? undefined : lt(evidence.position, before),
        start === null ? undefined : inForceAfter(organizationId, start),
      ),
    )
    .orderBy(desc(evidence.position))
    .limit(pageSize + 1)
  const page = rows.slice(0, pageSize)
  const first = await firstPosition(transaction, organizationId, sourceId, kind)
  return {
    rows: page.map(({ payload, ...row }) => attachedRow(row, attachedPayload(payload), first)),
    next: rows.length > pageSize ? (page.at(-1)?.position ?? null) : null,
  }
}

/** Rows that were in force at some moment of an auditor's period, also where they were attached before it. */
export const inForceAfter = (organizationId: string, { position }: PeriodStart): SQL => sql`
  (${evidence.position} > ${position} or not exists (
    select 1 from ledger.evidence later
     where later.organization_id = ${organizationId} and later.source_id = ${evidence.sourceId}
       and later.kind = ${evidence.kind} and later.position > ${evidence.position} and later.position <= ${position}))`

/** The payload of an EvidenceAttached event. @throws {AppError} internal for any other */
export function attachedPayload(text: string): EventPayload<'EvidenceAttached'> {
  const event = domainEvent('EvidenceAttached', JSON.parse(text))
  if (event.type !== 'EvidenceAttached') throw new AppError('internal', 'not an attached event')
  return event.payload
}

/** Where the kind's story begins. */
export async function firstPosition(
  transaction: Transaction,
  organizationId: string,
  sourceId: string,
  kind: string,
): Promise<number> {
  const [row] = await transaction
    .select({ position: sql<string | null>`min(${evidence.position})` })
    .from(evidence)
    .where(
      and(
        eq(evidence.organizationId, organizationId),
        eq(evidence.sourceId, sourceId),
        eq(evidence.kind, kind),
      ),
    )
  return Number(row?.position ?? -1)
}

const columns = {
  id: evidence.id,
  position: evidence.position,
  attachedAt: events.recordedAt,
  fingerprint: evidence.fingerprint,
  itemCount: evidence.itemCount,
  windowFrom: evidence.windowFrom,
  windowTo: evidence.windowTo,
}

interface StoredRow {
  id: string
  position: number
  attachedAt: Date
  fingerprint: Buffer
  itemCount: number
  windowFrom: Date | null
  windowTo: Date | null
}

export function attachedRow(
  { windowFrom, windowTo, fingerprint, ...row }: StoredRow,
  { changes, cause }: EventPayload<'EvidenceAttached'>,
  first: number,
): AttachedRow {
  return {
    ...row,
    fingerprint: fingerprint.toString('hex'),
    window: windowFrom && windowTo ? { from: windowFrom, to: windowTo } : null,
    changes,
    cause,
    isFirst: row.position === first,
  }
}
