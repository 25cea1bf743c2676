import { randomUUID } from 'node:crypto'
import type { Clock } from '../../server/clock.ts'
import { latestCatalogueVersion } from '../../server/domain/control/catalogue.ts'
import { createLedger, type Ledger, type Unit } from '../../server/ledger/ledger.ts'
import type { NewEvent, RecordedEvent } from '../../server/ledger/recorded-event.ts'
import { project } from '../../server/projections/project.ts'
import { type TestDatabase, useDatabase } from './database.ts'

export const actor = 'system:test'

/** A ledger with the product's projections, on a database of the calling file's own. */
export async function useLedger(options: {
  clock: Clock
  max?: number
}): Promise<{ db: TestDatabase; ledger: Ledger }> {
  const db = await useDatabase(options.max === undefined ? {} : { max: options.max })
  return { db, ledger: createLedger({ database: db.database, clock: options.clock, project }) }
}

/** A new organization with its first event. @returns its id */
export async function openOrganization(ledger: Ledger, options: { simulated: boolean }): Promise<string> {
  const organizationId = randomUUID()
  await ledger.open(organizationId, options.simulated, actor, unit =>
    unit.append({ type: 'organization', id: organizationId }, 0, [
      {
        type: 'OrganizationCreated',
        payload: {
          name: 'Harbour Street',
          slug: `harbour-${organizationId}`,
          simulated: options.simulated,
          catalogueVersion: latestCatalogueVersion,
          logOrigin: `localhost:3000/ledger/${organizationId}`,
        },
      },
    ]),
  )
  return organizationId
}

/** Something small to append anywhere, any number of times. */
export const anyEvent = (id?: string): NewEvent => ({
  type: 'InvitationWithdrawn',
  payload: { invitationId: randomUUID() },
  ...(id === undefined ? {} : { id }),
})

/** Appends `count` small events to a stream in one call. */
export const appendTo = (
  unit: Unit,
  stream: string,
  expectedVersion: number | 'any' = 'any',
  count = 1,
): Promise<RecordedEvent[]> =>
  unit.append(
    { type: 'member', id: stream },
    expectedVersion,
    Array.from({ length: count }, () => anyEvent()),
  )
