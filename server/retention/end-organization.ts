import { and, asc, eq, ne } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import type { Transaction } from '../../db/client.ts'
import {
  alertChannel,
  authorizationAttempt,
  checkpointSubscription,
  connection,
  credential,
  dataKey,
  delivery,
  exportArchive,
  exportChunk,
  invitation,
  keyObstacle,
  member,
  runProgress,
  stagedBatch,
  syncSchedule,
  verification,
  webhook,
} from '../../db/schema/state.ts'
import { closeChannel, listChannels } from '../alerts/channel-records.ts'
import { endConnection } from '../connections/manage-connection.ts'
import { withdrawOpenInvitations } from '../members/invitation-records.ts'
import { commandMember } from '../members/member-records.ts'
import { forgetMembership } from '../members/membership-index.ts'
import { isOpen } from '../projections/range.ts'
import type { Services } from '../services.ts'
import { endSubscription, listSubscriptions } from '../subscriptions/subscription-records.ts'
import { endWebhook } from '../webhooks/manage-webhooks.ts'

const actor = 'system:deletion'

/** One step to the end of an organization: looks what is left of its sort and ends that. Again, it finds nothing. */
type Step = (services: Services, organizationId: string) => Promise<void>

/** Each is made of transactions of its own: where the process dies, the next one goes on with what is left. */
export const endingSteps: readonly Step[] = [
  endConnections,
  endInvitations,
  endSending,
  dropWorkingState,
  endMemberships,
]

/** Credentials first: nothing is read from here on. */
async function endConnections({ database, ledger }: Services, organizationId: string) {
  const live = await database.withOrganization(organizationId, transaction =>
    transaction
      .select({ id: connection.id })
      .from(connection)
      .where(and(isOpen(connection, organizationId), ne(connection.status, 'revoked')))
      .orderBy(asc(connection.id)),
  )
  for (const { id } of live) await ledger.command(organizationId, actor, unit => endConnection(unit, id))
}

/** Nobody joins any more. What was accepted or withdrawn before has its event already. */
async function endInvitations({ ledger }: Services, organizationId: string) {
  await ledger.command(organizationId, actor, unit => withdrawOpenInvitations(unit, null))
}

/** Nothing leaves any more, and no address or secret of a receiver stays. */
async function endSending({ database, ledger }: Services, organizationId: string) {
  const { webhooks, subscriptions, channels } = await database.withOrganization(
    organizationId,
    async transaction => ({
      webhooks: await transaction
        .select({ id: webhook.id })
        .from(webhook)
        .where(eq(webhook.organizationId, organizationId)),
      subscriptions: await listSubscriptions(transaction, organizationId),
      channels: await listChannels(transaction, organizationId),
    }),
  )
  for (const { id } of webhooks) await ledger.command(organizationId, actor, unit => endWebhook(unit, id))
  for (const { id } of subscriptions.filter(({ webhookId }) => webhookId === null)) {
    await ledger.command(organizationId, actor, unit => endSubscription(unit, id, 'ended'))
  }
  for (const { id } of channels.filter(({ webhookId }) => webhookId === null)) {
    await ledger.command(organizationId, actor, unit => closeChannel(unit, id, 'ended'))
  }
}

/**
 * Everything that no event leads to: archives, the addresses of invitations, sign-ins that were begun, what was sent
 * and how far work is. The wrapped data key goes with it: what it sealed can be opened by nobody, in backups neither
 * once they lost the key as well.
 */
async function dropWorkingState({ database }: Services, organizationId: string) {
  await database.withOrganization(organizationId, async transaction => {
    for (const table of working) await empty(transaction, table, organizationId)
  })
}

/** What refers to others comes before them. */
const working: readonly (PgTable & { organizationId: PgColumn })[] = [
  exportChunk,
  exportArchive,
  checkpointSubscription,
  alertChannel,
  webhook,
  delivery,
  invitation,
  authorizationAttempt,
  stagedBatch,
  runProgress,
  syncSchedule,
  verification,
  credential,
  dataKey,
  keyObstacle,
]

async function empty(
  transaction: Transaction,
  table: PgTable & { organizationId: PgColumn },
  organizationId: string,
) {
  await transaction.delete(table).where(eq(table.organizationId, organizationId))
}

/** Nobody has had access since the deletion was due; now the log says so, and the organization leaves their lists. */
async function endMemberships({ database, ledger }: Services, organizationId: string) {
  const members = await database.withOrganization(organizationId, transaction =>
    transaction.select({ userId: member.userId }).from(member).where(isOpen(member, organizationId)),
  )
  for (const { userId } of members) {
    // A row without a membership leads to no role: gone before, so that none is left where the process dies between.
    await forgetMembership(database, userId, organizationId)
    await ledger.command(organizationId, actor, unit => commandMember(unit, userId, { type: 'dissolve' }))
  }
}
