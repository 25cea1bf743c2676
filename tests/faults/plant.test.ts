import { and, desc, eq } from 'drizzle-orm'
import fc from 'fast-check'
import { PgBoss } from 'pg-boss'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { queueSchema } from '../../db/queues.ts'
import { run } from '../../db/schema/state.ts'
import { buildPagesIfNeeded } from '../../scripts/build.ts'
import { readLogHead } from '../../server/ledger/checkpoints.ts'
import { isSoaked, testLaw } from '../support/law.ts'
import { endLeases } from '../support/leases.ts'
import {
  asAdministrator,
  isRefusedByFault,
  type Load,
  openedNames,
  type Plant,
  startLoad,
  startPlant,
} from '../support/plant.ts'
import { useSoundness } from '../support/soundness.ts'
import { until } from '../support/waiting.ts'

/*
 * The whole product as real processes on a PostgreSQL of its own. While a sync is in the middle of its reading, people
 * append and read, and then something ends that all of it needs. When it is back everything works again by itself, what
 * was acknowledged is there, nothing is there twice, and every invariant holds.
 */
let plant: Plant

beforeAll(async () => {
  buildPagesIfNeeded()
  plant = await startPlant(isSoaked ? { workers: 2, webs: 2 } : { workers: 1, webs: 1 })
}, 180_000)
afterAll(() => plant.end())

const faults: Readonly<Record<string, () => Promise<void>>> = {
  async 'PostgreSQL is stopped and started again'() {
    await plant.cluster.stop()
    await untilFailing()
    await plant.cluster.start()
  },
  async 'PostgreSQL is killed and started again'() {
    await plant.cluster.kill()
    await plant.cluster.start()
  },
  async 'PostgreSQL fails over to a standby'() {
    await plant.cluster.addStandby()
    await plant.cluster.kill()
    await plant.cluster.promote()
  },
  async 'the network between the product and PostgreSQL fails'() {
    plant.cluster.way.reset()
  },
  async 'the worker is killed'() {
    await plant.endOldest('worker', 'SIGKILL')
    await plant.addWorker()
  },
  async 'the web process is killed'() {
    await plant.endOldest('web', 'SIGKILL')
    await plant.addWeb()
  },
  async 'new processes take the place of the old ones'() {
    // Two of each for a moment, as a deployment has it.
    await Promise.all([plant.addWorker(), plant.addWeb()])
    const codes = await Promise.all([plant.endOldest('worker', 'SIGTERM'), plant.endOldest('web', 'SIGTERM')])
    expect(codes).toEqual([0, 0])
  },
  async 'the key service is down for a moment'() {
    plant.kms.fault({ kind: 'down' })
    await plant.endOldest('worker', 'SIGTERM')
    await plant.addWorker()
    plant.kms.fault(null)
  },
  async 'the mail server refuses'() {
    plant.smtp.refuseNext(2)
  },
}

if (isSoaked) {
  testLaw(
    'whatever ends in whatever order, the product comes back by itself, and nothing acknowledged is lost',
    fc.asyncProperty(
      fc.array(fc.constantFrom(...Object.keys(faults)), { minLength: 3, maxLength: 8 }),
      async names => {
        for (const name of names) await endure(name)
        await expectNoStuckJob()
      },
    ),
    { runs: 1, seconds: 60 },
    () => `${endured} faults endured, ${acknowledged} appends acknowledged under them`,
  )
} else {
  test.each([
    'PostgreSQL is stopped and started again',
    'PostgreSQL is killed and started again',
    'PostgreSQL fails over to a standby',
    'new processes take the place of the old ones',
    'the web process is killed',
  ])(
    '%s in the middle of a sync, of appends and of reads: nothing acknowledged is lost or doubled',
    endure,
    180_000,
  )
  test('after all of it no job is stuck', () => expectNoStuckJob())
}

let endured = 0
let acknowledged = 0

async function endure(name: string): Promise<void> {
  const { services, organizationId, tenant } = plant
  endured += 1
  const load = startLoad(plant, `Load ${endured}`)
  try {
    const asked = tenant.requests.length
    tenant.fault({ kind: 'stall', path: '/users?', times: 1, delayMs: 1_500 })
    // Seen once after a fault was over: a connection that was not made in time. It is told as what it is; a second refusal fails.
    if (!(await isSyncAskedFor())) await askForSync()
    await until(async () => tenant.requests.slice(asked).some(({ url }) => url.includes('/users?')))
    await untilWorking(load)
    await faults[name]?.()
    await untilWorking(load)
    const { size } = await services.database.withOrganization(organizationId, transaction =>
      readLogHead(transaction, organizationId),
    )
    await until(async () => {
      // As time does: the lease of a run that is gone runs out.
      await endLeases(plant)
      return (await isSyncAskedFor()) && untilRunEnds(size)
    })
  } finally {
    tenant.clearFaults()
    await load.stop()
  }
  await expectNothingLost(load)
  acknowledged += load.acknowledged.length
  const sound = useSoundness(plant)
  await until(async () => !(await isRunning()))
  await sound.expectSound(organizationId)
}

/** Somebody appends and somebody reads once more. */
async function untilWorking(load: Load): Promise<void> {
  const [appended, read] = [load.acknowledged.length, load.reads]
  await until(async () => load.acknowledged.length > appended && load.reads > read)
}

const untilFailing = () =>
  until(() =>
    plant.read('coverage.overview', { organization: plant.slug }).then(
      () => false,
      () => true,
    ),
  )

async function askForSync(): Promise<void> {
  const admin = asAdministrator(plant)
  try {
    // So often nobody may ask.
    await admin`delete from accounts.rate_limits`
  } finally {
    await admin.end()
  }
  await plant.call('connections.syncNow', { organization: plant.slug, connectionId: plant.connectionId })
}

/** Nothing but the fault is a reason to ask again. */
const isSyncAskedFor = () =>
  askForSync().then(
    () => true,
    (error: unknown) => {
      if (!isRefusedByFault(error)) throw error
      return false
    },
  )

const lastRun = async ({ services, organizationId }: Plant) => {
  const [last] = await services.database.withOrganization(organizationId, transaction =>
    transaction
      .select({ outcome: run.outcome, startedPosition: run.startedPosition })
      .from(run)
      .where(and(eq(run.organizationId, organizationId), eq(run.cadence, 'hourly')))
      .orderBy(desc(run.startedPosition))
      .limit(1),
  )
  return last
}

/** @returns whether a run that began behind the position succeeded; false where another one took its place */
async function untilRunEnds(position: number): Promise<boolean> {
  let last: Awaited<ReturnType<typeof lastRun>>
  await until(async () => {
    last = await lastRun(plant)
    return last !== undefined && last.startedPosition >= position && last.outcome !== null
  })
  return last?.outcome === 'succeeded'
}

async function isRunning(): Promise<boolean> {
  const last = await lastRun(plant)
  return last?.outcome === null
}

/** What was acknowledged was recorded once; what was not may have been, and not twice. */
async function expectNothingLost({ acknowledged, attempted, unexplained }: Load): Promise<void> {
  expect(unexplained).toEqual([])
  const names = await openedNames(plant)
  expect(new Set(names).size).toBe(names.length)
  expect(acknowledged.filter(name => !names.includes(name))).toEqual([])
  const own = names.filter(name => attempted.includes(name))
  expect(own.length).toBeGreaterThanOrEqual(acknowledged.length)
}

/** Jobs of processes that are gone are given to others, as soon as the queue misses their heartbeat. */
async function expectNoStuckJob(): Promise<void> {
  const admin = asAdministrator(plant)
  const boss = new PgBoss({
    connectionString: plant.cluster.url('admin'),
    schema: queueSchema,
    migrate: false,
    createSchema: false,
    supervise: false,
    schedule: false,
  })
  try {
    await boss.start()
    // As time does.
    await admin`update queue.job set heartbeat_on = heartbeat_on - interval '1 hour',
                       started_on = started_on - interval '1 hour' where state = 'active'`
    await admin`update queue.queue set monitor_claim_on = null, monitor_on = null`
    await until(async () => {
      await boss.supervise()
      const active = await admin`select name from queue.job where state = 'active'`
      return active.length === 0
    })
    const failed = await admin`select name, output from queue.job where state = 'failed'`
    expect(failed).toEqual([])
  } finally {
    await boss.stop({ graceful: false })
    await admin.end()
  }
}
