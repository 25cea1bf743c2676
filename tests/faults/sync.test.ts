import { asc, eq } from 'drizzle-orm'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { run } from '../../db/schema/state.ts'
import { LeaseLost } from '../../server/evidence/lease.ts'
import { ProgressReporter } from '../../server/evidence/progress.ts'
import { Stage } from '../../server/evidence/stage-items.ts'
import { startRun } from '../../server/evidence/start-run.ts'
import type { SyncResult } from '../../server/evidence/sync-connection.ts'
import { endLeases } from '../support/leases.ts'
import { connectedScene, syncNow, useScene } from '../support/seed.ts'
import { useSoundness } from '../support/soundness.ts'
import { until } from '../support/waiting.ts'

const minute = 60_000

const scene = await useScene({}, { leaseSeconds: 2 })
const { organizationId, services, clock, kms, db } = scene
const tenant = scene.entra.tenant(scene.spec.tenantId)
const { expectTidy, expectWhole, expectReplayed } = useSoundness(scene)
const admin = postgres(db.adminUrl.replace(db.name, 'postgres'), { max: 1, onnotice: () => undefined })
afterAll(() => admin.end())

let connectionId: string
beforeAll(async () => {
  connectionId = await connectedScene(scene)
  expect(await syncNow(scene, connectionId)).toBe('succeeded')
})

const runs = () =>
  services.database.withOrganization(organizationId, transaction =>
    transaction
      .select({ outcome: run.outcome, explanation: run.explanation })
      .from(run)
      .where(eq(run.organizationId, organizationId))
      .orderBy(asc(run.startedPosition)),
  )

/** Ends every connection of the product to its database, as a restart does. */
const cutConnections = () =>
  admin`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${db.name}`

/** Begins a sync; `duringRead` comes while the directory's first page hangs, which then breaks off and is asked again. */
async function syncInterrupted(duringRead: () => Promise<unknown>): Promise<SyncResult> {
  tenant.fault({ kind: 'stall', path: '/users?', times: 1, delayMs: 1_000 })
  const asked = tenant.requests.length
  const result = syncNow(scene, connectionId)
  // Awaited below; a failure before that is no unhandled one.
  result.catch(() => undefined)
  await until(async () => tenant.requests.slice(asked).some(({ url }) => url.includes('/users?')))
  await duringRead()
  return result
}

test('a key service that is down ends the run in plain words, and the next one comes soon and succeeds', async () => {
  // Past the time that keys are held in memory.
  clock.jump(60 * minute)
  kms.fault({ kind: 'down' })
  expect(await syncNow(scene, connectionId)).toBe('unanswered')
  const last = (await runs()).at(-1)
  expect(last).toMatchObject({
    outcome: 'failed',
    explanation: expect.stringContaining('The key service does not answer.'),
  })
  const next = scene.jobs.at(-1)
  expect(next?.startAfter?.getTime()).toBeLessThanOrEqual(clock.now().getTime() + 10 * minute)
  kms.fault(null)
  clock.jump(10 * minute)
  expect(await syncNow(scene, connectionId)).toBe('succeeded')
})

test('connections that the database ends in the middle of a sync are made anew, and the sync succeeds', async () => {
  clock.jump(60 * minute)
  expect(await syncInterrupted(cutConnections)).toBe('succeeded')
})

test('a database that goes away in the middle of a sync costs this run and no more', async () => {
  clock.jump(60 * minute)
  const allow = (isAllowed: boolean) =>
    admin.unsafe(`alter database ${db.name} allow_connections ${isAllowed}`)
  const broken = syncInterrupted(async () => {
    await allow(false)
    await cutConnections()
  })
  await expect(broken).rejects.toThrow()
  await allow(true)
  // The dead run's lease runs out, and the next one takes over.
  let result: SyncResult = 'nothing_to_do'
  await until(async () => {
    // One more may meet a connection before its end is noticed.
    result = await syncNow(scene, connectionId).catch(() => 'nothing_to_do' as const)
    return result !== 'nothing_to_do'
  })
  expect(result).toBe('succeeded')
  expect((await runs()).slice(-2)).toMatchObject([
    { outcome: 'failed', explanation: expect.stringContaining('ended before it was done') },
    { outcome: 'succeeded' },
  ])
  // The driver waits up to 20 seconds between two attempts to connect.
}, 180_000)

test('what a run still writes after another took its place leaves nothing behind', async () => {
  clock.jump(60 * minute)
  const job = { organizationId, connectionId, trigger: 'manual', dueAt: null } as const
  const started = await startRun(services, job)
  if (!started) throw new Error('nothing began')
  await endLeases(scene)
  expect(await syncNow(scene, connectionId)).toBe('succeeded')
  const progress = new ProgressReporter(services.database, started, started.kinds)
  progress.update('user_inventory', { state: 'reading' })
  await progress.settled()
  const stage = new Stage({ ...started, database: services.database, kind: 'user_inventory' })
  stage.add({ subjectKey: organizationId, itemHash: null, body: null })
  await expect(stage.finish()).rejects.toThrow(LeaseLost)
  await expectTidy(organizationId)
})

test('after all of it the ledger is whole, nothing is left over and every projection equals a replay', async () => {
  await expectTidy(organizationId)
  await expectWhole(organizationId)
  await expectReplayed(organizationId)
})
