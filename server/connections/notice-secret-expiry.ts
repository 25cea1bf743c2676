import { and, isNotNull, ne } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { connection } from '../../db/schema/state.ts'
import { decideConnection } from '../domain/connection/connection.ts'
import { noticeDue } from '../domain/connection/secret-expiry.ts'
import { isOpen } from '../projections/range.ts'
import type { Services } from '../services.ts'
import { connectionStateOf } from './state-of.ts'

/**
 * Records 30, 14 and 7 days before that a client secret ends: each once for a secret, whatever a missed hour skipped.
 * What pages show of it they work out from the date; the events are there for who looks back and who is to be told.
 */
export async function noticeSecretExpiry(
  { database, ledger, clock }: Pick<Services, 'database' | 'ledger' | 'clock'>,
  organizationId: string,
): Promise<void> {
  const at = clock.now()
  const connectionIds = await database.withOrganization(organizationId, transaction =>
    endingSecrets(transaction, { organizationId, at }),
  )
  for (const connectionId of connectionIds) {
    await ledger.command(organizationId, 'system:sweep', async unit => {
      const { state, version } = await connectionStateOf(unit, connectionId)
      if (state.status === 'revoked') return
      const events = decideConnection({ type: 'notice_secret_expiry', at: unit.now }, state)
      await unit.append({ type: 'connection', id: connectionId }, version, events)
    })
  }
}

/** Whether a client secret of an organization ends so soon that it may have to be noted. */
export const hasNoticeDue = async (transaction: Transaction, asked: Asked): Promise<boolean> =>
  (await endingSecrets(transaction, asked)).length > 0

interface Asked {
  organizationId: string
  at: Date
}

async function endingSecrets(transaction: Transaction, { organizationId, at }: Asked): Promise<string[]> {
  const connections = await transaction
    .select({ connectionId: connection.id, expiresOn: connection.secretExpiresOn })
    .from(connection)
    .where(
      and(
        isOpen(connection, organizationId),
        ne(connection.status, 'revoked'),
        isNotNull(connection.secretExpiresOn),
      ),
    )
  return connections.flatMap(({ connectionId, expiresOn }) =>
    expiresOn !== null && noticeDue(expiresOn, at) !== null ? [connectionId] : [],
  )
}
