import { and, eq, sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { syncSchedule } from '../../db/schema/state.ts'
import { sweepOverdue } from '../../server/connections/sweep.ts'
import { startRun } from '../../server/evidence/start-run.ts'
import { syncConnection } from '../../server/evidence/sync-connection.ts'
import { jobSchemas } from '../../server/queue.ts'
import { connectedScene, syncNow, useScene } from '../support/seed.ts'
import { useSoundness } from '../support/soundness.ts'

const hour = 3_600_000

const scene = await useScene()
const { organizationId, services, clock, jobs } = scene
const { expectTidy, expectWhole, expectReplayed } = useSoundness(scene)
const connectionId = await connectedScene(scene)

const isHourly = and(eq(syncSchedule.organizationId, organizationId), eq(syncSchedule.cadence, 'hourly'))

test('a sync that a clock put off which has been set back is found by the sweep, and comes at once', async () => {
  expect(await syncNow(scene, connectionId)).toBe('succeeded')
  expect(await syncNow(scene, connectionId, 'daily')).toBe('succeeded')
  expect(await sweepOverdue(services)).toBe(0)
  clock.jump(9 * hour)
  expect(await syncNow(scene, connectionId)).toBe('succeeded')
  clock.jump(-9 * hour)
  expect(await sweepOverdue(services)).toBe(1)
  const job = jobSchemas.sync.parse(jobs.at(-1)?.payload)
  expect(job).toMatchObject({ connectionId, trigger: 'sweep' })
  expect(await syncConnection(services, job, new AbortController().signal, 'hourly')).toBe('succeeded')
  expect(await sweepOverdue(services)).toBe(0)
})

test('a lease that seems to end hours from now is one whose clock was set back: it holds nobody up', async () => {
  await startRun(services, { organizationId, connectionId, trigger: 'manual', dueAt: null }, 'hourly')
  const leaseEnds = (interval: string) =>
    services.database.withOrganization(organizationId, transaction =>
      transaction
        .update(syncSchedule)
        .set({ leaseUntil: sql`statement_timestamp() + ${interval}::interval` })
        .where(isHourly),
    )
  await leaseEnds('1 minute')
  expect(await syncNow(scene, connectionId)).toBe('nothing_to_do')
  await leaseEnds('5 hours')
  expect(await syncNow(scene, connectionId)).toBe('succeeded')
  await expectTidy(organizationId)
})

test('after all of it the ledger is whole and a replay gives the same', async () => {
  await expectWhole(organizationId)
  await expectReplayed(organizationId)
})
