import { and, desc, eq, inArray, lt } from 'drizzle-orm'
import { verdict } from '../../db/schema/state.ts'
import { type AlertEvent, decideAlert } from '../domain/alert/alert.ts'
import { type AlertEffect, alertEffects, mayAlert } from '../domain/alert/alert-policy.ts'
import type { AlertKind } from '../domain/alert/causes.ts'
import { type Verdict, verdicts } from '../domain/control/judgement.ts'
import { derivedId } from '../ledger/ids.ts'
import type { React, Unit } from '../ledger/ledger.ts'
import type { RecordedEvent } from '../ledger/recorded-event.ts'
import type { Queue } from '../queue.ts'
import { enqueueDeliveries } from './due-alerts.ts'
import { readOpenAlerts } from './open-alerts.ts'

export const alertActor = 'system:alerts'

/**
 * Raises, reminds of and resolves alerts in the transaction of what caused it: whatever appends, nothing turns without
 * its alert. An append holds the organization's head, so that of two at once the second one sees the first one's alerts.
 */
export const alertsFollow =
  (queue: Queue): React =>
  async (unit, recorded) => {
    const told = new Set<AlertKind>()
    for (const event of recorded) {
      if (!mayAlert(event)) continue
      const open = await readOpenAlerts(unit.transaction, unit.organizationId)
      const lastDecided = event.type === 'ControlEvaluated' ? await decidedBefore(unit, event) : null
      for (const effect of alertEffects(event, { open, lastDecided })) {
        told.add(await carryOut(unit, event, effect, open))
      }
    }
    if (told.size > 0) await enqueueDeliveries(queue, unit, [...told])
  }

async function carryOut(
  unit: Unit,
  event: RecordedEvent,
  effect: AlertEffect,
  open: Awaited<ReturnType<typeof readOpenAlerts>>,
): Promise<AlertKind> {
  if (effect.do === 'raise') {
    const { cause, since } = effect
    const alertId = derivedId('alert', event.eventId)
    const payload = { alertId, cause, since: since.toISOString(), causedAt: event.position }
    await appendAlert(unit, alertId, [{ type: 'AlertRaised', payload }])
    return cause.kind
  }
  const state = open.find(({ alertId }) => alertId === effect.alertId)
  if (!state) throw new RangeError('an effect on an alert that is not open')
  const command =
    effect.do === 'remind'
      ? ({ type: 'remind' } as const)
      : ({ type: 'resolve', because: effect.because } as const)
  await appendAlert(unit, state.alertId, decideAlert(command, state))
  return state.cause.kind
}

const appendAlert = (unit: Unit, alertId: string, events: readonly AlertEvent[]) =>
  unit.as(alertActor).append({ type: 'alert', id: alertId }, 'any', events)

/** What the control's last verdict before this one was that was pass or fail. */
async function decidedBefore(
  { transaction, organizationId }: Unit,
  { position, payload }: Extract<RecordedEvent, { type: 'ControlEvaluated' }>,
): Promise<Verdict | null> {
  const [row] = await transaction
    .select({ verdict: verdict.verdict })
    .from(verdict)
    .where(
      and(
        eq(verdict.organizationId, organizationId),
        eq(verdict.controlId, payload.controlId),
        eq(verdict.sourceId, payload.sourceId),
        lt(verdict.fromPosition, position),
        inArray(verdict.verdict, ['pass', 'fail']),
      ),
    )
    .orderBy(desc(verdict.fromPosition))
    .limit(1)
  return verdicts.find(known => known === row?.verdict) ?? null
}
