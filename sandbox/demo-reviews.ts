import { acknowledgeAlert } from '../server/alerts/acknowledge-alert.ts'
import { chooseMail } from '../server/alerts/choose-alerts.ts'
import { showAlerts } from '../server/alerts/show-alerts.ts'
import { acknowledgeChange, reviewGuests, settleSignIn } from '../server/decisions/decide-reviews.ts'
import { showGuests } from '../server/decisions/show-guests.ts'
import { showPolicyChanges, showRiskySignIns } from '../server/decisions/show-reviews.ts'
import type { SettlementOutcome } from '../server/domain/review/settlement.ts'
import type { Services } from '../server/services.ts'
import type { DemoDeciders } from './demo-decisions.ts'

const hour = 3_600_000

/** The lead wants to hear by mail of what stops collection and of what turns. */
export async function chooseAlertMail(services: Services, { organizationId, leadId }: DemoDeciders) {
  await chooseMail(services, { organizationId, userId: leadId }, [
    'connection_stale',
    'authorization_required',
    'secret_expiring',
    'control_failed',
    'ledger_fails',
  ])
}

/**
 * What people do when they look in, twice a day: risky sign-ins are settled before their time is over, changes of the
 * policies are acknowledged when a day old, guests are looked through for the first time and each quarter, and an alert
 * that stays is acknowledged. What came since is left for the next time.
 */
export async function lookThrough(
  services: Services,
  { organizationId, adminId, leadId }: DemoDeciders,
): Promise<void> {
  const waiting = await services.ledger.query(organizationId, { kind: 'now' }, async (transaction, asOf) => {
    const asked = { database: services.database, transaction, organizationId, asOf }
    return {
      position: asOf.position,
      guests: await showGuests(asked),
      changes: (await showPolicyChanges(asked)).changes,
      signIns: (await showRiskySignIns(asked)).signIns,
      alerts: (await showAlerts(services, transaction, { organizationId, asOf, from: null })).open,
    }
  })
  const now = services.clock.now().getTime()
  const lead = { organizationId, userId: leadId }
  for (const { sourceId, count, fingerprint, reviewed } of waiting.guests) {
    if (count === 0 || (reviewed && reviewed.until.getTime() - now > 7 * 24 * hour)) continue
    const note = 'Each with who works with them here.'
    await reviewGuests(services, lead, { sourceId, position: waiting.position, count, fingerprint, note })
  }
  for (const { evidenceId, at, acknowledged } of waiting.changes) {
    if (acknowledged || now - at.getTime() < 24 * hour) continue
    await acknowledgeChange(services, lead, { evidenceId, note: 'As agreed in the change meeting.' })
  }
  for (const { subjectKey, at, deadline, said } of waiting.signIns) {
    if (said || deadline.getTime() - now > 26 * hour) continue
    const settlement = settlements[at.getTime() % settlements.length] ?? announced
    await settleSignIn(services, lead, { subjectKey, ...settlement, settledAt: '' })
  }
  for (const { id, raisedAt, acknowledged } of waiting.alerts) {
    if (acknowledged || now - raisedAt.getTime() < 12 * hour) continue
    await acknowledgeAlert(services, { organizationId, userId: adminId }, id)
  }
}

interface Settled {
  outcome: SettlementOutcome
  reason: string
}

const announced: Settled = { outcome: 'benign', reason: 'A journey that was announced; asked by telephone.' }

const settlements: readonly Settled[] = [
  announced,
  { outcome: 'benign', reason: 'A new telephone. The second factor was given.' },
  { outcome: 'compromise_handled', reason: 'Password reset, sessions ended, mailbox rules looked through.' },
]
