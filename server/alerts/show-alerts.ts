import { and, desc, gte, sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { alert } from '../../db/schema/state.ts'
import type { NextStep } from '../coverage/next-step.ts'
import { type AlertKind, alertCauseSchema } from '../domain/alert/causes.ts'
import { resolutions } from '../domain/alert/events.ts'
import { alertWords, resolutionWords } from '../domain/alert/words.ts'
import type { AsOf } from '../ledger/position-at.ts'
import { readEventsOf } from '../ledger/read.ts'
import { deletedAccount, namesOfPeople } from '../members/person-names.ts'
import { holdsAt, isOpen } from '../projections/range.ts'
import type { Services } from '../services.ts'
import { channelNames } from './channel-names.ts'
import { sourceNames } from './read-message.ts'

/** An alert as its page shows it. */
export interface ShownAlert {
  id: string
  kind: AlertKind
  isOpen: boolean
  title: string
  meaning: string
  step: NextStep
  since: Date
  raisedAt: Date
  /** The event that it follows from. */
  causedAt: number
  reminders: number
  remindedAt: Date | null
  acknowledged: { by: string; at: Date } | null
  ended: { at: Date; words: string } | null
  /** Messages that told of it, the newest first. */
  deliveries: { at: Date; receiver: string; isDelivered: boolean; explanation: string | null }[]
}

const mostPast = 200

/** Alerts as they stood: what is open, the oldest first, and what is over, the newest first. */
export async function showAlerts(
  services: Pick<Services, 'database' | 'connectors'>,
  transaction: Transaction,
  { organizationId, asOf, from }: { organizationId: string; asOf: AsOf; from: Date | null },
): Promise<{ open: ShownAlert[]; past: ShownAlert[] }> {
  const { position } = asOf
  // Of now the newest that are over are found by an index: those of all years are not put in order for them.
  const inView = (isStanding: boolean) =>
    and(
      asOf.isNow ? isOpen(alert, organizationId) : holdsAt(alert, organizationId, position),
      isStanding ? sql`${alert.isOpen}` : sql`not ${alert.isOpen}`,
      from === null ? undefined : gte(alert.raisedAt, from),
    )
  const open = await transaction.select().from(alert).where(inView(true)).orderBy(alert.raisedAt, alert.id)
  const past = await transaction
    .select()
    .from(alert)
    .where(inView(false))
    .orderBy(desc(alert.resolvedAt), alert.id)
    .limit(mostPast)
  const rows = [...open, ...past]
  const nameOf = await sourceNames(services, transaction, { organizationId, position })
  const people = await namesOfPeople(
    services.database,
    rows.flatMap(row => row.acknowledgedBy ?? []),
  )
  // Nothing tells of an alert before what it follows from.
  const after = Math.min(...rows.map(({ causedAt }) => causedAt), position)
  const deliveries = await deliveriesOf(services, transaction, organizationId, { after, upTo: position })
  const shown = (row: (typeof rows)[number]): ShownAlert => {
    const cause = alertCauseSchema.parse(row.cause)
    const because = resolutions.find(known => known === row.because)
    return {
      id: row.id,
      kind: cause.kind,
      isOpen: row.isOpen,
      ...alertWords(cause, nameOf(cause)),
      since: row.since,
      raisedAt: row.raisedAt,
      causedAt: row.causedAt,
      reminders: row.reminders,
      remindedAt: row.remindedAt,
      acknowledged: row.acknowledgedAt && {
        by: people.get(row.acknowledgedBy ?? '') ?? deletedAccount,
        at: row.acknowledgedAt,
      },
      ended: row.resolvedAt && { at: row.resolvedAt, words: because ? resolutionWords[because] : '' },
      deliveries: deliveries.get(row.id) ?? [],
    }
  }
  return { open: open.map(shown), past: past.map(shown) }
}

/** By alert, of a stretch of the log. */
async function deliveriesOf(
  services: Pick<Services, 'database'>,
  transaction: Transaction,
  organizationId: string,
  stretch: { after: number; upTo: number },
): Promise<ReadonlyMap<string, ShownAlert['deliveries']>> {
  const types = ['AlertDelivered', 'AlertDeliveryFailed'] as const
  const events = await readEventsOf(transaction, organizationId, types, stretch)
  const nameOf = await channelNames(services, transaction, organizationId)
  const found = new Map<string, ShownAlert['deliveries']>()
  for (const event of events.toReversed()) {
    if (event.type !== 'AlertDelivered' && event.type !== 'AlertDeliveryFailed') continue
    const { channelId, alerts } = event.payload
    const delivery = {
      at: event.recordedAt,
      receiver: nameOf(channelId),
      isDelivered: event.type === 'AlertDelivered',
      explanation: event.type === 'AlertDeliveryFailed' ? event.payload.explanation : null,
    }
    for (const alertId of alerts) found.set(alertId, [...(found.get(alertId) ?? []), delivery])
  }
  return found
}
