import { and, eq } from 'drizzle-orm'
import { alert } from '../../db/schema/state.ts'
import { decideAlert } from '../domain/alert/alert.ts'
import { notFound } from '../errors.ts'
import { lockHead } from '../ledger/lock-head.ts'
import type { Access } from '../members/resolve-access.ts'
import { isOpen } from '../projections/range.ts'
import type { Services } from '../services.ts'
import { alertState } from './open-alerts.ts'

/** Records that a person has seen an alert; twice changes nothing. @throws {AppError} not_found, precondition_failed once it is over */
export async function acknowledgeAlert(
  { ledger }: Pick<Services, 'ledger'>,
  { organizationId, userId }: Pick<Access, 'organizationId' | 'userId'>,
  alertId: string,
): Promise<void> {
  await ledger.command(organizationId, `user:${userId}`, async unit => {
    await lockHead(unit)
    const [row] = await unit.transaction
      .select()
      .from(alert)
      .where(and(isOpen(alert, organizationId), eq(alert.id, alertId)))
    if (!row) throw notFound('alert')
    const events = decideAlert({ type: 'acknowledge', userId }, alertState(row))
    await unit.append({ type: 'alert', id: alertId }, 'any', events)
  })
}
