import { randomUUID } from 'node:crypto'
import { asc, eq } from 'drizzle-orm'
import postgres from 'postgres'
import { afterAll, expect, test } from 'vitest'
import { events } from '../../db/schema/ledger.ts'
import { readLogKeys } from '../../server/ledger/log-keys.ts'
import { readStream } from '../../server/ledger/read.ts'
import { sealNow } from '../../server/ledger/seal-log.ts'
import { jumpingClock } from '../support/entra.ts'
import { appendPlain } from '../support/every-table.ts'
import { openOrganization } from '../support/ledger.ts'
import { rebuildWouldChange } from '../support/replay.ts'
import { useServices } from '../support/services.ts'

const clock = jumpingClock(new Date())
const { services, db } = await useServices({ clock, entraOrigin: () => 'http://127.0.0.1:9' })
const { database, ledger } = services
const admin = postgres(db.adminUrl, { max: 1, onnotice: () => undefined })
afterAll(() => admin.end())

const firstVersion = '{"catalogueVersion":1,"name":"Harbour Street","simulated":true,"slug":"harbour-street"}'

/** An organization whose first event was recorded by a build that knew its first version alone. */
async function openLongAgo(): Promise<string> {
  const organizationId = randomUUID()
  await ledger.open(organizationId, true, 'system:test', async () => undefined)
  await appendPlain(admin, organizationId, organizationId, 'OrganizationCreated', firstVersion)
  return organizationId
}

const stored = (organizationId: string) =>
  database.withOrganization(organizationId, transaction =>
    transaction
      .select({ version: events.schemaVersion, payload: events.payload })
      .from(events)
      .where(eq(events.organizationId, organizationId))
      .orderBy(asc(events.position)),
  )

const originOf = async (organizationId: string, appOrigin: string) => {
  await sealNow({ ...services, appOrigin }, organizationId)
  const keys = await database.withOrganization(organizationId, transaction =>
    readLogKeys(transaction, organizationId),
  )
  return keys.map(key => key.name)
}

test('an event of the first version is read as one of the newest, beside newer ones, and stays as it was stored', async () => {
  const organizationId = await openLongAgo()
  await ledger.command(organizationId, 'system:test', unit =>
    unit.append({ type: 'organization', id: organizationId }, 1, [
      {
        type: 'OrganizationCreated',
        payload: {
          name: 'Harbour Street again',
          slug: 'harbour-street',
          simulated: true,
          catalogueVersion: 1,
          logOrigin: 'attestry.example.com/ledger/2',
        },
      },
    ]),
  )
  const read = await database.withOrganization(organizationId, transaction =>
    readStream(transaction, organizationId, organizationId),
  )
  expect(read.map(event => event.payload)).toMatchObject([
    { name: 'Harbour Street', logOrigin: null },
    { name: 'Harbour Street again', logOrigin: 'attestry.example.com/ledger/2' },
  ])
  const [first, second] = await stored(organizationId)
  expect(first).toEqual({ version: 1, payload: firstVersion })
  expect(second?.version).toBe(2)
})

test('a rebuild replays either version', async () => {
  const organizationId = await openLongAgo()
  expect(await rebuildWouldChange(services, organizationId)).toEqual({
    organizationProfile: { missing: 1, surplus: 0, named: ['from_position 0: is missing'] },
  })
})

test('the log is called what the organization’s creation says, whatever the deployment is called by its first seal', async () => {
  const organizationId = await openOrganization(ledger, { simulated: true })
  expect(await originOf(organizationId, 'https://elsewhere.example')).toEqual([
    `localhost:3000/ledger/${organizationId}`,
  ])
})

test('where the creation does not say it, the deployment of the first seal does', async () => {
  const organizationId = await openLongAgo()
  expect(await originOf(organizationId, 'https://elsewhere.example')).toEqual([
    `elsewhere.example/ledger/${organizationId}`,
  ])
})
