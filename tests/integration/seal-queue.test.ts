import { randomUUID } from 'node:crypto'
import { PgBoss } from 'pg-boss'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { queueSchema } from '../../db/queues.ts'
import { systemClock } from '../../server/clock.ts'
import { createLedger } from '../../server/ledger/ledger.ts'
import { project } from '../../server/projections/project.ts'
import { createQueue, sealShortly } from '../../server/queue.ts'
import { useDatabase } from '../support/database.ts'
import { errorOf } from '../support/entra.ts'
import { actor, appendTo, openOrganization } from '../support/ledger.ts'

const { database, appUrl } = await useDatabase()
const boss = new PgBoss({
  connectionString: appUrl,
  schema: queueSchema,
  migrate: false,
  createSchema: false,
  supervise: false,
  schedule: false,
})
const ledger = createLedger({
  database,
  clock: systemClock,
  project,
  followUp: sealShortly(createQueue(boss)),
})
beforeAll(() => boss.start())
afterAll(() => boss.stop({ graceful: false }))

const appendOne = (organizationId: string) =>
  ledger.command(organizationId, actor, unit => appendTo(unit, randomUUID()))

const waiting = async (organizationId: string) => {
  const jobs = await boss.findJobs<{ organizationId: string }>('seal', { data: { organizationId } })
  return jobs.filter(job => job.state === 'created')
}

test('of an organization one seal waits, however many commands append, and another while one is at work', async () => {
  const organizationId = await openOrganization(ledger, { simulated: false })
  const other = await openOrganization(ledger, { simulated: false })
  await Promise.all(Array.from({ length: 12 }, () => appendOne(organizationId)))
  const [job, ...more] = await waiting(organizationId)
  expect(more).toEqual([])
  expect(await waiting(other)).toHaveLength(1)
  const delay = Number(job?.startAfter) - Date.now()
  expect(delay).toBeGreaterThan(0)
  expect(delay).toBeLessThanOrEqual(60_000)
  const taken = await boss.fetch('seal', { batchSize: 10, ignoreStartAfter: true })
  expect(taken).toHaveLength(2)
  await appendOne(organizationId)
  await appendOne(organizationId)
  expect(await waiting(organizationId)).toHaveLength(1)
})

test('what is taken back asks for nothing', async () => {
  const organizationId = await openOrganization(ledger, { simulated: false })
  await boss.fetch('seal', { batchSize: 10, ignoreStartAfter: true })
  await errorOf(
    ledger.command(organizationId, actor, async unit => {
      await appendTo(unit, randomUUID())
      throw new Error('taken back')
    }),
  )
  expect(await waiting(organizationId)).toEqual([])
})
