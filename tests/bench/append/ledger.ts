import { randomUUID } from 'node:crypto'
import type { Database } from '../../../db/client.ts'
import { systemClock } from '../../../server/clock.ts'
import { appendAlone } from '../../../server/ledger/append.ts'
import { createLedger } from '../../../server/ledger/ledger.ts'
import { project } from '../../../server/projections/project.ts'
import { openOrganization } from '../../support/ledger.ts'
import { syncSucceeded } from './events.ts'

/**
 * Appends to a stream of the writer's own in an organization of its own, with the version it must have, events by the
 * number that is asked for.
 */
export async function ledgerWriter(database: Database): Promise<(count?: number) => Promise<void>> {
  const ledger = createLedger({ database, clock: systemClock, project })
  const organizationId = await openOrganization(ledger, { simulated: false })
  const stream = { type: 'run', id: randomUUID() } as const
  let version = 0
  return async (count = 1) => {
    await appendAlone(database, {
      organizationId,
      stream,
      expectedVersion: version,
      events: Array.from({ length: count }, (_, index) => syncSucceeded(version + index)),
      actor: 'system:bench',
      at: systemClock.now(),
    })
    version += count
  }
}

/** Appends so many events to a stream of their own, a thousand in one call. */
export async function appendMany(database: Database, organizationId: string, count: number): Promise<void> {
  const stream = { type: 'run', id: randomUUID() } as const
  for (let version = 0; version < count; version += 1_000) {
    await appendAlone(database, {
      organizationId,
      stream,
      expectedVersion: version,
      events: Array.from({ length: Math.min(1_000, count - version) }, (_, index) =>
        syncSucceeded(version + index),
      ),
      actor: 'system:bench',
      at: systemClock.now(),
    })
  }
}
