import { and, asc, count, desc, eq, gt, inArray, or } from 'drizzle-orm'
import type { Database, Transaction } from '../../../db/client.ts'
import { evidenceDelta, head } from '../../../db/schema/ledger.ts'
import { replay } from '../../ledger/read.ts'
import type { RecordedEvent } from '../../ledger/recorded-event.ts'
import { projectDeltas } from '../membership.ts'
import { projectInto } from '../project.ts'
import { rebuildTables } from '../tables.ts'
import { type HeldRebuild, holdRebuild } from './hold.ts'

const projectRebuilt = projectInto(rebuildTables)

/** How many deltas one step takes at most. */
export const usualDeltas = 50_000

export interface Progress {
  /** Everything up to and with this position is replayed; -1 before the first event. */
  applied: number
  /** The last event there was when the step was taken. */
  last: number
  /** Of the attachment behind it everything up to and with this subject; null where nothing, or where that is not known. */
  within: string | null
}

/**
 * Replays the next events into the tables of the rebuild, a page of them at most, or a stretch of one attachment, in a
 * transaction of its own.
 */
export async function replayStep(
  database: Database,
  held: HeldRebuild,
  { applied, within }: Pick<Progress, 'applied' | 'within'>,
  deltasPerStep = usualDeltas,
): Promise<Progress> {
  const { organizationId } = held
  return database.withOrganization(organizationId, async transaction => {
    await holdRebuild(transaction, held)
    const last = await lastPosition(transaction, organizationId)
    const range = { after: applied, upTo: last }
    const events = await nextEvents(transaction, organizationId, range, deltasPerStep)
    const [first] = events
    const after = within ?? (await lastReplayed(transaction, first))
    const upTo = await endOfStretch(transaction, first, { after, deltasPerStep })
    if (upTo !== null && first?.type === 'EvidenceAttached') {
      await projectDeltas(transaction, rebuildTables, first, { after, upTo })
      await holdRebuild(transaction, held)
      return { applied, last, within: upTo }
    }
    await projectRebuilt(transaction, events, after)
    const appliedPosition = events.at(-1)?.position ?? applied
    await holdRebuild(transaction, held, { appliedPosition })
    return { applied: appliedPosition, last, within: null }
  })
}

/** The subject at which a step has to end inside of an attachment; null where a step bears all that is left of it. */
async function endOfStretch(
  transaction: Transaction,
  event: RecordedEvent | undefined,
  { after, deltasPerStep }: { after: string | null; deltasPerStep: number },
): Promise<string | null> {
  if (event?.type !== 'EvidenceAttached') return null
  const { subjectKey } = evidenceDelta
  const [end] = await transaction
    .select({ subjectKey })
    .from(evidenceDelta)
    .where(
      and(
        eq(evidenceDelta.organizationId, event.organizationId),
        eq(evidenceDelta.evidenceId, event.payload.evidenceId),
        after === null ? undefined : gt(subjectKey, after),
      ),
    )
    .orderBy(asc(subjectKey))
    .offset(deltasPerStep)
    .limit(1)
  return end?.subjectKey ?? null
}

/** The last subject of an attachment that left a row: a rebuild that was killed inside of it goes on behind that one. */
async function lastReplayed(
  transaction: Transaction,
  event: RecordedEvent | undefined,
): Promise<string | null> {
  if (event?.type !== 'EvidenceAttached') return null
  const { organizationId, position, payload } = event
  const { membership } = rebuildTables
  const [row] = await transaction
    .select({ subjectKey: membership.subjectKey })
    .from(membership)
    .where(
      and(
        eq(membership.organizationId, organizationId),
        eq(membership.sourceId, payload.sourceId),
        eq(membership.kind, payload.kind),
        or(eq(membership.fromPosition, position), eq(membership.toPosition, position)),
      ),
    )
    .orderBy(desc(membership.subjectKey))
    .limit(1)
  return row?.subjectKey ?? null
}

/** What is replayed at most while commands wait, so that they wait for the comparison and for little more. */
const mostAtLast = { events: 500, deltas: 5_000 }

/**
 * Replays what is left, in a transaction that keeps more from coming.
 * @returns the last position; null where more is left than commands are to wait for, and nothing was replayed
 */
export async function replayRest(
  transaction: Transaction,
  organizationId: string,
  applied: number,
): Promise<number | null> {
  const last = await lastPosition(transaction, organizationId)
  if (last - applied > mostAtLast.events) return null
  const events = await firstPage(transaction, organizationId, { after: applied, upTo: last })
  const deltas = await deltaCounts(transaction, organizationId, events)
  if ([...deltas.values()].reduce((sum, count) => sum + count, 0) > mostAtLast.deltas) return null
  if (events.length > 0) await projectRebuilt(transaction, events)
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
  deltasPerStep: number,
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
