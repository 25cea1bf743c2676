import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { and, asc, eq } from 'drizzle-orm'
import { PgBoss } from 'pg-boss'
import postgres from 'postgres'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { queueSchema } from '../../db/queues.ts'
import { events } from '../../db/schema/ledger.ts'
import { run, syncSchedule } from '../../db/schema/state.ts'
import { createQueue } from '../../server/queue.ts'
import { jumpingClock } from '../support/entra.ts'
import { connectedScene, syncNow, useScene } from '../support/seed.ts'
import { useSoundness } from '../support/soundness.ts'
import { closedGate, until } from '../support/waiting.ts'
import { useWorkers } from '../support/worker-process.ts'

const scene = await useScene({}, { clock: jumpingClock(new Date()), leaseSeconds: 3 })
const { organizationId, services, db } = scene
const tenant = scene.entra.tenant(scene.spec.tenantId)
const { expectTidy, expectWhole, expectReplayed } = useSoundness(scene)
const boss = new PgBoss({
  connectionString: db.appUrl,
  schema: queueSchema,
  migrate: false,
  createSchema: false,
})
const queue = createQueue(boss)
const admin = postgres(db.adminUrl, { max: 2, onnotice: () => undefined })
afterAll(() => admin.end())
const { workers, startWorker } = useWorkers(scene)

let connectionId: string
beforeAll(async () => {
  await boss.start()
  connectionId = await connectedScene(scene)
})
afterEach(() => {
  tenant.clearFaults()
  for (const worker of workers) worker.kill('SIGKILL')
})
afterAll(() => boss.stop({ graceful: false }))

const askForSync = () =>
  services.database.withOrganization(organizationId, transaction =>
    queue.enqueue(transaction, 'sync', { organizationId, connectionId, trigger: 'manual', dueAt: null }),
  )

const runs = () =>
  services.database.withOrganization(organizationId, transaction =>
    transaction
      .select({ outcome: run.outcome })
      .from(run)
      .where(eq(run.organizationId, organizationId))
      .orderBy(asc(run.startedPosition)),
  )

/** Starts a worker on a sync that hangs at a request to the directory; for ever, or until that breaks off. */
async function workerInSync(path = '/users?', delayMs?: number) {
  tenant.fault({ kind: 'stall', path, times: 1, ...(delayMs ? { delayMs } : {}) })
  const asked = tenant.requests.length
  const worker = await startWorker()
  await askForSync()
  await until(async () => tenant.requests.slice(asked).some(({ url }) => url.includes(path)))
  return worker
}

/** Holds what every append of the organization waits for, until the returned function is called. */
async function holdLedger(): Promise<() => Promise<void>> {
  const held = closedGate()
  const released = closedGate()
  const holding = admin.begin(async transaction => {
    await transaction`select from ledger.head where organization_id = ${organizationId} for update`
    held.open()
    await released.opened
  })
  await held.opened
  return async () => {
    released.open()
    await holding
  }
}

test('a worker that is killed in a sync leaves it to the next one, which completes it after the lease', async () => {
  const worker = await workerInSync()
  worker.kill('SIGKILL')
  await once(worker, 'close')
  await startWorker()
  await askForSync()
  await until(async () => (await runs()).at(-1)?.outcome === 'succeeded')
  expect(await runs()).toEqual([{ outcome: 'failed' }, { outcome: 'succeeded' }])
})

test.each<[string, () => Promise<{ worker: ChildProcess; release?: () => Promise<void> }>]>([
  ['its start is recorded', startBeingRecorded],
  ['the token is refreshed', async () => ({ worker: await workerInSync('/oauth2/v2.0/token') })],
  ['the last kind is read', async () => ({ worker: await workerInSync('/auditLogs/signIns') })],
  ['its end is recorded', endBeingRecorded],
])('a worker that is killed while %s leaves what the next run completes', async (_step, begin) => {
  const { worker, release } = await begin()
  worker.kill('SIGKILL')
  await once(worker, 'close')
  await release?.()
  // As time does: the lease of a process that is gone runs out.
  await admin`update state.sync_schedule set lease_until = statement_timestamp() - interval '1 second'
               where organization_id = ${organizationId} and run_id is not null`
  await until(async () => (await syncNow(scene, connectionId)) === 'succeeded')
  await expectTidy(organizationId)
  await expectWhole(organizationId)
})

async function startBeingRecorded() {
  const release = await holdLedger()
  const worker = await startWorker()
  await askForSync()
  await untilAppendWaits()
  return { worker, release }
}

async function endBeingRecorded() {
  const worker = await workerInSync('/auditLogs/signIns', 500)
  const release = await holdLedger()
  await untilAppendWaits()
  return { worker, release }
}

const untilAppendWaits = () =>
  until(async () => {
    const waiting = await admin`
      select from pg_stat_activity
       where datname = ${db.name} and wait_event_type = 'Lock' and query like '%ledger.append%'`
    return waiting.length > 0
  })

test('a worker that is told to end in a sync hands its lease back and exits in order', async () => {
  const worker = await workerInSync()
  worker.kill('SIGTERM')
  const [code] = await once(worker, 'close')
  expect(code).toBe(0)
  const schedule = await services.database.withOrganization(organizationId, transaction =>
    transaction
      .select({ runId: syncSchedule.runId, leaseUntil: syncSchedule.leaseUntil })
      .from(syncSchedule)
      .where(and(eq(syncSchedule.organizationId, organizationId), eq(syncSchedule.cadence, 'hourly'))),
  )
  expect(schedule).toEqual([{ runId: null, leaseUntil: null }])
})

test('two workers at once run one sync of a connection at a time, and nothing is doubled', async () => {
  await Promise.all([startWorker(), startWorker()])
  const before = (await runs()).length
  await Promise.all([askForSync(), askForSync(), askForSync()])
  await until(async () => (await runs()).slice(before).some(({ outcome }) => outcome === 'succeeded'))
  const all = await eventsOfRuns()
  for (const [index, type] of all.entries()) {
    expect(type === 'SyncStarted').toBe(index % 2 === 0)
  }
})

test('after all of it the ledger is whole, nothing is left over and every projection equals a replay', async () => {
  for (const worker of workers) worker.kill('SIGTERM')
  await until(async () => workers.size === 0)
  // Whatever a worker was in the middle of, the next run clears away.
  await until(async () => (await syncNow(scene, connectionId)) === 'succeeded')
  await expectTidy(organizationId)
  await expectWhole(organizationId)
  await expectReplayed(organizationId)
})

/** Starts and ends of runs, in the ledger's order. */
async function eventsOfRuns() {
  const rows = await services.database.withOrganization(organizationId, transaction =>
    transaction
      .select({ type: events.eventType })
      .from(events)
      .where(eq(events.organizationId, organizationId))
      .orderBy(asc(events.position)),
  )
  return rows.map(({ type }) => type).filter(type => type.startsWith('Sync'))
}
