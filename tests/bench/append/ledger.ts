import { randomUUID } from 'node:crypto'
import type { Database } from '../../../db/client.ts'
import { systemClock } from '../../../server/clock.ts'
import { append } from '../../../server/ledger/append.ts'
import { createLedger } from '../../../server/ledger/ledger.ts'
import { project } from '../../../server/projections/project.ts'
import { openOrganization } from '../../support/ledger.ts'
import { syncSucceeded } from './events.ts'

/** Appends one event to a stream of the writer's own in an organization of its own, with the version it must have. */
export async function ledgerWriter(database: Database): Promise<() => Promise<void>> {
  const ledger = createLedger({ database, clock: systemClock, project })
  const organizationId = await openOrganization(ledger, { simulated: false })
  const stream = { type: 'run', id: randomUUID() } as const
  let version = 0
  return async () => {
    await database.withOrganization(organizationId, transaction =>
      append(transaction, {
        organizationId,
        stream,
        expectedVersion: version,
        events: [syncSucceeded(version)],
        actor: 'system:bench',
        at: systemClock.now(),
      }),
    )
    version += 1
  }
}
