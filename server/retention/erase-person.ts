import { and, asc, eq, ne } from 'drizzle-orm'
import { connection, syncSchedule } from '../../db/schema/state.ts'
import { DecisionFields } from '../decisions/decision-fields.ts'
import {
  decideErasure,
  type ErasureCommand,
  type ErasureEvent,
  type ErasureState,
  evolveErasure,
} from '../domain/retention/erasure.ts'
import { AppError, notFound } from '../errors.ts'
import { lockSchedules } from '../evidence/lease.ts'
import { endUnfinishedRuns } from '../evidence/start-run.ts'
import { withdrawArchives } from '../export/withdraw-archives.ts'
import { erasureStream } from '../ledger/ids.ts'
import type { Unit } from '../ledger/ledger.ts'
import { lockHead } from '../ledger/lock-head.ts'
import type { RecordedEvent } from '../ledger/recorded-event.ts'
import type { Access } from '../members/resolve-access.ts'
import { isOpen } from '../projections/range.ts'
import { queueOf } from '../queue.ts'
import type { Services } from '../services.ts'
import { countDue } from './due-items.ts'
import { itemsNaming } from './erasure-items.ts'

type Actor = Pick<Access, 'organizationId' | 'userId'>

/** What a person types to erase another: the beginning of the directory's id, so that the right one is meant. */
export const erasureWord = (subjectKey: string): string => subjectKey.slice(0, 8).toLowerCase()

export interface AskedErasure {
  subjectKey: string
  reason: string
  confirmation: string
}

/**
 * Erases one person: from this commit on nothing that names them is stored, runs in flight attach nothing, archives are
 * taken back. What is stored goes with the purge that this puts into the queue.
 * @throws {AppError} not_found for somebody that nothing names; bad_input by field; precondition_failed, erased before
 */
export async function erasePerson(
  services: Pick<Services, 'ledger' | 'queue'>,
  { organizationId, userId }: Actor,
  asked: AskedErasure,
): Promise<void> {
  const subjectKey = asked.subjectKey.toLowerCase()
  await services.ledger.command(organizationId, `user:${userId}`, async unit => {
    const connections = await lockConnections(unit)
    await lockHead(unit)
    const { removed, kept } = await countDue(
      unit.transaction,
      organizationId,
      itemsNaming(organizationId, subjectKey),
    )
    if (removed + kept === 0 && !(await wasErased(unit, subjectKey))) throw notFound('person')
    const reason = checkAsked(asked, erasureWord(subjectKey))
    await commandErasure(unit, { type: 'request', subjectKey, reason })
    for (const connectionId of connections) await interruptRuns(services, unit, connectionId)
    await withdrawArchives(services, unit)
    await services.queue.enqueue(unit.transaction, 'purge', { organizationId })
  })
}

/**
 * Ends an erasure: what the directory lists of the person is stored by name again from the next sync on. What was
 * removed does not come back.
 * @throws {AppError} not_found for who is not erased; bad_input by field; precondition_failed while it is under way
 */
export async function liftErasure(
  { ledger }: Pick<Services, 'ledger'>,
  { organizationId, userId }: Actor,
  asked: { subjectKey: string; reason: string },
): Promise<void> {
  const subjectKey = asked.subjectKey.toLowerCase()
  await ledger.command(organizationId, `user:${userId}`, async unit => {
    await lockHead(unit)
    if (!(await wasErased(unit, subjectKey))) throw notFound('erasure')
    const fields = new DecisionFields()
    const reason = fields.reason(asked.reason)
    fields.check()
    await commandErasure(unit, { type: 'lift', subjectKey, reason })
  })
}

/** Loads an erasure's stream, decides and appends. @throws {DomainRefusal} */
export async function commandErasure(unit: Unit, command: ErasureCommand): Promise<void> {
  const stream = { type: 'retention', id: erasureStream(unit.organizationId, command.subjectKey) } as const
  const events = (await unit.load(stream.id)).map(erasureEvent)
  const state = events.reduce<ErasureState>(evolveErasure, 'none')
  await unit.append(stream, events.length, decideErasure(command, state))
}

async function wasErased(unit: Unit, subjectKey: string): Promise<boolean> {
  const events = (await unit.load(erasureStream(unit.organizationId, subjectKey))).map(erasureEvent)
  return events.reduce<ErasureState>(evolveErasure, 'none') !== 'none'
}

function checkAsked({ reason: text, confirmation }: AskedErasure, word: string): string {
  const fields = new DecisionFields()
  const reason = fields.reason(text)
  if (confirmation.trim().toLowerCase() !== word) {
    fields.refuse('confirmation', `Type ${word}, the beginning of the person’s id.`)
  }
  fields.check()
  return reason
}

/** The connections that read now, with the schedules that a run's end locks, in one order. */
async function lockConnections({ transaction, organizationId }: Unit): Promise<string[]> {
  const rows = await transaction
    .select({ connectionId: connection.id })
    .from(connection)
    .where(and(isOpen(connection, organizationId), ne(connection.status, 'revoked')))
    .orderBy(asc(connection.id))
  for (const { connectionId } of rows) await lockSchedules(transaction, { organizationId, connectionId })
  return rows.map(({ connectionId }) => connectionId)
}

/** A run in flight has read the person by name: it loses its connection, and another one begins at once. */
async function interruptRuns(services: Pick<Services, 'queue'>, unit: Unit, connectionId: string) {
  const { transaction, organizationId, now } = unit
  await endUnfinishedRuns(unit, { connectionId }, interrupted)
  const freed = await transaction
    .update(syncSchedule)
    .set({ runId: null, leaseUntil: null, dueAt: now })
    .where(and(eq(syncSchedule.organizationId, organizationId), eq(syncSchedule.connectionId, connectionId)))
    .returning({ cadence: syncSchedule.cadence })
  for (const { cadence } of freed) {
    await services.queue.enqueue(transaction, queueOf(cadence), {
      organizationId,
      connectionId,
      trigger: 'sweep',
      dueAt: now.toISOString(),
    })
  }
}

const interrupted = {
  cause: 'erasure',
  explanation:
    'A person was erased while this sync ran. Nothing of it was attached; the next one stores nothing that names them.',
}

function erasureEvent(event: RecordedEvent): ErasureEvent {
  switch (event.type) {
    case 'ErasureRequested':
    case 'ErasureCompleted':
    case 'ErasureLifted':
      return event
    default:
      throw new AppError('internal', `${event.type} in an erasure's stream`)
  }
}
