import type { Transaction } from '../../db/client.ts'
import { decideAlert } from '../domain/alert/alert.ts'
import type { AlertKind } from '../domain/alert/causes.ts'
import { lockHead } from '../ledger/lock-head.ts'
import type { Services } from '../services.ts'
import { enqueueDeliveries } from './due-alerts.ts'
import { readOpenAlerts } from './open-alerts.ts'
import { alertActor } from './react-to-events.ts'

/** Reminds of every alert of an organization that is open and was not spoken of for its time: all in one transaction. */
export async function remindOfAlerts(
  { database, ledger, queue, clock }: Pick<Services, 'database' | 'ledger' | 'queue' | 'clock'>,
  organizationId: string,
): Promise<void> {
  const at = clock.now()
  const isDue = await database.withOrganization(organizationId, transaction =>
    hasReminderDue(transaction, { organizationId, at }),
  )
  if (!isDue) return
  await ledger.command(organizationId, alertActor, async unit => {
    await lockHead(unit)
    const kinds = new Set<AlertKind>()
    for (const state of await readOpenAlerts(unit.transaction, organizationId)) {
      const events = decideAlert({ type: 'remind_when_due', at: unit.now }, state)
      if (events.length === 0) continue
      await unit.append({ type: 'alert', id: state.alertId }, 'any', events)
      kinds.add(state.cause.kind)
    }
    if (kinds.size > 0) await enqueueDeliveries(queue, unit, [...kinds])
  })
}

/** Whether an alert of an organization is open and was not spoken of for its time. */
export async function hasReminderDue(
  transaction: Transaction,
  { organizationId, at }: { organizationId: string; at: Date },
): Promise<boolean> {
  const open = await readOpenAlerts(transaction, organizationId)
  return open.some(state => decideAlert({ type: 'remind_when_due', at }, state).length > 0)
}
