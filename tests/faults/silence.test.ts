import { PgBoss } from 'pg-boss'
import { afterAll, expect, test } from 'vitest'
import { queueSchema } from '../../db/queues.ts'
import { registerOrganization } from '../../server/members/register-organization.ts'
import { createQueue, jobSchemas } from '../../server/queue.ts'
import { ownerCaller } from '../support/caller.ts'
import { jumpingClock } from '../support/entra.ts'
import { connectedScene, type Scene, syncNow, useScene } from '../support/seed.ts'
import { until } from '../support/waiting.ts'
import { useWorkers } from '../support/worker-process.ts'

/*
 * The clock of the scene begins nine hours ago, so that what a worker process finds in the queue has waited as long by
 * its own clock, the machine's. Jobs that commands put beside their events go on into the real queue as they are.
 */
const hour = 3_600_000
const scene = await useScene({}, { clock: jumpingClock(new Date(Date.now() - 9 * hour)) })
const { services, clock, db } = scene
const { startWorker } = useWorkers(scene)
const boss = new PgBoss({
  connectionString: db.appUrl,
  schema: queueSchema,
  migrate: false,
  createSchema: false,
})
await boss.start()
afterAll(() => boss.stop({ graceful: false }))
const queue = createQueue(boss)

/** The clock stands where the worker's does. */
const setRight = () => clock.jump(Date.now() - clock.now().getTime())

type Connected = Scene & { connectionId: string }

async function syncedOffice(office: Scene): Promise<Connected> {
  const connectionId = await connectedScene(office)
  expect(await syncNow(office, connectionId)).toBe('succeeded')
  return { ...office, connectionId }
}

async function newOffice(name: string): Promise<Scene> {
  const founded = await registerOrganization(services, { userId: scene.userId, name, simulated: true })
  return { ...scene, ...founded, browser: { ...scene.browser, organizationId: founded.organizationId } }
}

/** The looks at connections that commands asked for, from the scene into the real queue. */
async function handOverLooks() {
  const looks = scene.jobs.splice(0).filter(({ name }) => name === 'watch-connection')
  for (const { payload, startAfter } of looks) {
    const look = jobSchemas['watch-connection'].parse(payload)
    await services.database.withOrganization(look.organizationId, transaction =>
      queue.enqueue(transaction, 'watch-connection', look, startAfter ? { startAfter } : {}),
    )
  }
  return looks.length
}

const askForSync = ({ organizationId, connectionId }: Connected) =>
  services.database.withOrganization(organizationId, transaction =>
    queue.enqueue(transaction, 'sync', { organizationId, connectionId, trigger: 'manual', dueAt: null }),
  )

/** What the pages show: how coverage stands, whether evidence is fresh, and the alerts. */
async function pages(office: Connected) {
  const caller = ownerCaller(office)
  const organization = office.slug
  const { percent, parts, sources } = await caller.coverage.overview({ organization })
  const alerts = await caller.alerts.list({ organization })
  const ofSilence = ({ kind }: { kind: string }) => kind === 'connection_stale'
  const { events } = await caller.ledger.events({ organization })
  const told = events.filter(({ type }) => type === 'ConnectionBecameStale' || type === 'ConnectionRecovered')
  return {
    percent,
    parts,
    state: sources[0]?.state,
    open: alerts.open.filter(ofSilence),
    past: alerts.past.filter(ofSilence),
    told: told.map(({ type }) => type).reverse(),
  }
}

const untilTold = (office: Connected, type: 'ConnectionBecameStale' | 'ConnectionRecovered') =>
  until(async () => {
    const { events } = await ownerCaller(office).ledger.events({ organization: office.slug, type })
    return events.length > 0
  })

// Nothing came of it since nine hours ago.
const silent = await syncedOffice(scene)
const fresh = await pages(silent)
setRight()
/** Of which six hours end while the worker works. */
let falling: Connected

test('with the worker down the pages show the silence all the same, though nothing is recorded of it', async () => {
  expect(fresh).toMatchObject({ state: 'fresh', told: [], open: [] })
  const shown = await pages(silent)
  expect(shown).toMatchObject({ state: 'stale', told: [], open: [] })
  expect(shown.percent).toBeLessThan(fresh.percent)
})

test('when the worker returns the alert comes at once; another’s comes when its six hours are over, and each once', async () => {
  expect(await handOverLooks()).toBeGreaterThanOrEqual(1)
  await startWorker()
  await untilTold(silent, 'ConnectionBecameStale')
  clock.jump(Date.now() - clock.now().getTime() - 6 * hour + 3_000)
  falling = await syncedOffice(await newOffice('Quay Street'))
  const staleAt = clock.now().getTime() + 6 * hour
  setRight()
  scene.entra.tenant(scene.spec.tenantId).fault({ kind: 'status', status: 503 })
  expect(await handOverLooks()).toBeGreaterThanOrEqual(1)
  await untilTold(falling, 'ConnectionBecameStale')
  expect(Date.now()).toBeGreaterThan(staleAt)
  setRight()
  for (const office of [silent, falling]) {
    const shown = await pages(office)
    expect(shown).toMatchObject({ state: 'stale', told: ['ConnectionBecameStale'], past: [] })
    expect(shown.open).toHaveLength(1)
    expect(shown.percent).toBeLessThan(fresh.percent)
  }
})

test('the next success ends it: coverage is back, the alert is resolved, and nothing is told twice', async () => {
  scene.entra.tenant(scene.spec.tenantId).clearFaults()
  for (const office of [silent, falling]) await askForSync(office)
  for (const office of [silent, falling]) await untilTold(office, 'ConnectionRecovered')
  setRight()
  for (const office of [silent, falling]) {
    const shown = await pages(office)
    expect(shown).toMatchObject({
      percent: fresh.percent,
      state: 'fresh',
      told: ['ConnectionBecameStale', 'ConnectionRecovered'],
      open: [],
    })
    expect(shown.past).toHaveLength(1)
  }
})
