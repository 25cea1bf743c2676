import { and, desc, eq, lte, sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { composedOnce, composer } from '../../db/composed-once.ts'
import { onceInSnapshot } from '../../db/once-in-snapshot.ts'
import { events, head } from '../../db/schema/ledger.ts'
import type { Clock } from '../clock.ts'
import { AppError } from '../errors.ts'

/** What was asked: now, an instant, a position, or the pair that an earlier answer resolved to. */
export type AsOfRequest =
  | { kind: 'now' }
  | { kind: 'instant'; instant: Date }
  | { kind: 'position'; position: number }
  | { kind: 'pair'; instant: Date; position: number }

/** An as-of is a pair: rules judge at the instant, rows are those of the position. Position -1: before the first event. */
export interface AsOf {
  instant: Date
  position: number
  isNow: boolean
}

/** An append takes less than this; a younger instant is resolved under a lock that no append in flight can slip below. */
const longestCommand = 10_000

/**
 * Resolves what was asked to the pair.
 * @param readHead in a snapshot {@link headInSnapshot}
 * @throws {AppError} bad_input for an instant in the future or before the beginning, or a position that does not exist
 */
export async function positionAt(
  transaction: Transaction,
  organizationId: string,
  clock: Clock,
  request: AsOfRequest,
  readHead = headNow(waitsForAppends(request, clock)),
): Promise<AsOf> {
  const { size, lastAt } = await readHead(transaction, organizationId)
  const now = new Date(Math.max(clock.now().getTime(), lastAt.getTime()))
  switch (request.kind) {
    case 'now':
      return { instant: now, position: size - 1, isNow: true }
    case 'position': {
      const event = await eventAt(transaction, organizationId, request.position)
      // How far the ledger goes is not said: an auditor's period may end before.
      if (!event) throw refuse(`There is no position ${request.position} in this ledger.`)
      return { instant: event.recordedAt, position: request.position, isNow: false }
    }
    case 'pair':
    case 'instant': {
      if (request.instant > now) throw refuse('This instant is in the future: nothing is known of it yet.')
      const position = await lastPositionAt(transaction, organizationId, request.instant)
      if (position < 0)
        throw refuse('This instant is before the organization’s first event: there is nothing to show.')
      if (request.kind === 'pair' && position !== request.position) {
        throw refuse('The instant and the position in this address do not belong together.')
      }
      return { instant: request.instant, position, isNow: false }
    }
  }
}

/** The last position at or before an instant; -1 where the instant is before the first event. */
export async function lastPositionAt(
  transaction: Transaction,
  organizationId: string,
  instant: Date,
): Promise<number> {
  const [row] = await transaction
    .select({ position: events.position })
    .from(events)
    .where(and(eq(events.organizationId, organizationId), lte(events.recordedAt, instant)))
    .orderBy(desc(events.recordedAt))
    .limit(1)
  return row?.position ?? -1
}

/** Whether an append in flight could still slip below what is asked: then it is waited for. */
export const waitsForAppends = (request: AsOfRequest, clock: Clock): boolean =>
  (request.kind === 'instant' || request.kind === 'pair') &&
  clock.now().getTime() - request.instant.getTime() < longestCommand

const ofHead = () =>
  composer
    .select({ size: head.size, lastAt: sql<string>`${head.lastAt}::text` })
    .from(head)
    .where(eq(head.organizationId, sql.placeholder('organizationId')))

const readHead = composedOnce(ofHead())
const readLockedHead = composedOnce(ofHead().for('share'))

const headNow = (lock: boolean) => async (transaction: Transaction, organizationId: string) => {
  const [row] = await (lock ? readLockedHead : readHead)(transaction, { organizationId })
  if (!row) throw new AppError('not_found', 'the organization has no ledger')
  return { size: row.size, lastAt: row.size === 0 ? new Date(0) : new Date(row.lastAt) }
}

/** How far the ledger went when the snapshot began. */
export const headInSnapshot = onceInSnapshot(headNow(false))

async function eventAt(transaction: Transaction, organizationId: string, position: number) {
  const [row] = await transaction
    .select({ recordedAt: events.recordedAt })
    .from(events)
    .where(and(eq(events.organizationId, organizationId), eq(events.position, position)))
  return row
}

const refuse = (words: string) => new AppError('bad_input', words, { userMessage: words })
