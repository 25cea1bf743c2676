import { and, gt, inArray } from 'drizzle-orm'
import type { Transaction } from '../../../db/client.ts'
import { alert, exception } from '../../../db/schema/state.ts'
import { sourceNames } from '../../alerts/read-message.ts'
import { recordOf } from '../../coverage/decisions-of.ts'
import { namesOfSubjects, subjectWords } from '../../decisions/list-exceptions.ts'
import { alertWords, resolutionWords } from '../../domain/alert/words.ts'
import { type ExceptionState, exceptionsAt } from '../../domain/exception/exceptions-at.ts'
import type { AsOf } from '../../ledger/position-at.ts'
import type { AlertRow } from '../../projections/fold/rows.ts'
import { holdsAt } from '../../projections/range.ts'
import { foldedRow } from '../../projections/stored-projection.ts'
import type { Services } from '../../services.ts'

/** Of what changed the newest, and how much it was in all. */
export interface Changed<T> {
  count: number
  /** At most {@link mostShown} of them. */
  items: T[]
}

/** An exception that stood otherwise. Null: nobody had asked for it yet. */
export interface ChangedException {
  exceptionId: string
  controlId: string
  subject: string
  reason: string
  expiresAt: Date
  before: ExceptionState | null
  after: ExceptionState
}

/** An alert that was raised or ended in between, or both. */
export interface ChangedAlert {
  alertId: string
  title: string
  since: Date
  /** Whether it was raised before the earlier moment. */
  wasOpen: boolean
  /** Null while it is open. */
  ended: { at: Date; words: string } | null
}

const mostShown = 100

/** Exceptions that were asked for, decided or ran out between two moments: some by time alone. */
export async function changedExceptions(
  transaction: Transaction,
  organizationId: string,
  { before, after }: { before: AsOf; after: AsOf },
): Promise<Changed<ChangedException>> {
  const standing = async ({ instant, position }: AsOf) => {
    const rows = await transaction
      .select()
      .from(exception)
      .where(holdsAt(exception, organizationId, position))
    return exceptionsAt(
      rows.map(row => recordOf(foldedRow<'exception'>(row))),
      instant,
    )
  }
  const old = new Map((await standing(before)).map(({ exceptionId, state }) => [exceptionId, state]))
  const changed = (await standing(after))
    .filter(({ exceptionId, state }) => old.get(exceptionId) !== state)
    .sort((one, other) => other.requestedAt.getTime() - one.requestedAt.getTime())
  const shown = changed.slice(0, mostShown)
  const names = await namesOfSubjects(transaction, organizationId, after.position, shown)
  return {
    count: changed.length,
    items: shown.map(({ exceptionId, controlId, subject, reason, expiresAt, state }) => ({
      exceptionId,
      controlId,
      subject: subjectWords(subject, names),
      reason,
      expiresAt,
      before: old.get(exceptionId) ?? null,
      after: state,
    })),
  }
}

/** Alerts that were raised or ended between two moments, those that are open first. */
export async function changedAlerts(
  services: Pick<Services, 'connectors'>,
  transaction: Transaction,
  organizationId: string,
  { before, after }: { before: AsOf; after: AsOf },
): Promise<Changed<ChangedAlert>> {
  // A row that began before both is of an alert that is as it was.
  const rows = await transaction
    .select()
    .from(alert)
    .where(and(holdsAt(alert, organizationId, after.position), gt(alert.fromPosition, before.position)))
  const ids = rows.map(({ id }) => id)
  const oldRows = await transaction
    .select({ id: alert.id, isOpen: alert.isOpen })
    .from(alert)
    .where(and(holdsAt(alert, organizationId, before.position), inArray(alert.id, ids)))
  const old = new Map(oldRows.map(({ id, isOpen }) => [id, isOpen]))
  const changed = rows
    .map(foldedRow<'alert'>)
    .filter(({ id, isOpen }) => old.get(id) !== isOpen)
    .sort(openFirst)
  const nameOf = await sourceNames(services, transaction, { organizationId, position: after.position })
  return {
    count: changed.length,
    items: changed.slice(0, mostShown).map(({ id, cause, since, resolvedAt, because }) => ({
      alertId: id,
      title: alertWords(cause, nameOf(cause)).title,
      since,
      wasOpen: old.get(id) === true,
      ended: resolvedAt && { at: resolvedAt, words: because === null ? '' : resolutionWords[because] },
    })),
  }
}

const openFirst = (one: AlertRow, other: AlertRow): number =>
  one.isOpen === other.isOpen ? other.raisedAt.getTime() - one.raisedAt.getTime() : one.isOpen ? -1 : 1
