import { and, count, eq, inArray } from 'drizzle-orm'
import type { Database, Transaction } from '../../../db/client.ts'
import { evidenceDelta, head } from '../../../db/schema/ledger.ts'
import { replay } from '../../ledger/read.ts'
import type { RecordedEvent } from '../../ledger/recorded-event.ts'
import { projectInto } from '../project.ts'
import { rebuildTables } from '../tables.ts'
import { type HeldRebuild, holdRebuild } from './hold.ts'

const projectRebuilt = projectInto(rebuildTables)

/** How many deltas one step takes at most, but for those of a single event. */
const deltasPerStep = 50_000

export interface Progress {
  /** Everything up to and with this position is replayed; -1 before the first event. */
  applied: number
  /** The last event there was when the step was taken. */
  last: number
}

/** Replays the next events into the tables of the rebuild, a page of them at most, in a transaction of its own. */
export async function replayStep(database: Database, held: HeldRebuild, applied: number): Promise<Progress> {
  const { organizationId } = held
  return database.withOrganization(organizationId, async transaction => {
    await holdRebuild(transaction, held)
    const last = await lastPosition(transaction, organizationId)
    const events = await nextEvents(transaction, organizationId, { after: applied, upTo: last })
    await projectRebuilt(transaction, events)
    const appliedPosition = events.at(-1)?.position ?? applied
    await holdRebuild(transaction, held, { appliedPosition })
    return { applied: appliedPosition, last }
  })
}

/**
 * Replays whatever is left, in a transaction that keeps more from coming.
 * @returns the last position
 */
export async function replayRest(
  transaction: Transaction,
  organizationId: string,
  applied: number,
): Promise<number> {
  const last = await lastPosition(transaction, organizationId)
  for await (const events of replay(transaction, organizationId, { after: applied, upTo: last })) {
    await projectRebuilt(transaction, events)
  }
  return last
}

async function lastPosition(transaction: Transaction, organizationId: string): Promise<number> {
  const [row] = await transaction
    .select({ size: head.size })
    .from(head)
    .where(eq(head.organizationId, organizationId))
  return (row?.size ?? 0) - 1
}

async function nextEvents(
  transaction: Transaction,
  organizationId: string,
  range: { after: number; upTo: number },
): Promise<RecordedEvent[]> {
  const page = await firstPage(transaction, organizationId, range)
  const deltas = await deltaCounts(transaction, organizationId, page)
  let taken = 0
  const end = page.findIndex((event, index) => {
    taken += event.type === 'EvidenceAttached' ? (deltas.get(event.payload.evidenceId) ?? 0) : 0
    return index > 0 && taken > deltasPerStep
  })
  return end === -1 ? page : page.slice(0, end)
}

async function firstPage(...range: Parameters<typeof replay>): Promise<RecordedEvent[]> {
  for await (const page of replay(...range)) return page
  return []
}

async function deltaCounts(
  transaction: Transaction,
  organizationId: string,
  events: readonly RecordedEvent[],
): Promise<Map<string, number>> {
  const ids = events.flatMap(event => (event.type === 'EvidenceAttached' ? [event.payload.evidenceId] : []))
  if (ids.length === 0) return new Map()
  const rows = await transaction
    .select({ evidenceId: evidenceDelta.evidenceId, deltas: count() })
    .from(evidenceDelta)
    .where(and(eq(evidenceDelta.organizationId, organizationId), inArray(evidenceDelta.evidenceId, ids)))
    .groupBy(evidenceDelta.evidenceId)
  return new Map(rows.map(row => [row.evidenceId, row.deltas]))
}
