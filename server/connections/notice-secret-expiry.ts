import { and, isNotNull, ne } from 'drizzle-orm'
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
  const now = clock.now()
  const connections = await database.withOrganization(organizationId, transaction =>
    transaction
      .select({ connectionId: connection.id, expiresOn: connection.secretExpiresOn })
      .from(connection)
      .where(
        and(
          isOpen(connection, organizationId),
          ne(connection.status, 'revoked'),
          isNotNull(connection.secretExpiresOn),
        ),
      ),
  )
  for (const { connectionId, expiresOn } of connections) {
    if (expiresOn === null || noticeDue(expiresOn, now) === null) continue
    await ledger.command(organizationId, 'system:sweep', async unit => {
      const { state, version } = await connectionStateOf(unit, connectionId)
      if (state.status === 'revoked') return
      const events = decideConnection({ type: 'notice_secret_expiry', at: unit.now }, state)
      await unit.append({ type: 'connection', id: connectionId }, version, events)
    })
  }
}
