import { and, asc, eq, like } from 'drizzle-orm'
import { PgBoss } from 'pg-boss'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from '../../db/embedded.ts'
import { migrate } from '../../db/migrate.ts'
import { queueSchema } from '../../db/queues.ts'
import { events } from '../../db/schema/ledger.ts'
import { buildPagesIfNeeded } from '../../scripts/build.ts'
import { newId } from '../../server/ledger/ids.ts'
import { registerOrganization } from '../../server/members/register-organization.ts'
import { jumpingClock } from '../support/entra.ts'
import { endLeases } from '../support/leases.ts'
import { layOutBuild } from '../support/other-build.ts'
import { newEmail, newPassword } from '../support/people.ts'
import { ProcessBrowser } from '../support/process-browser.ts'
import { processEnvironment } from '../support/process-environment.ts'
import { type ProductProcess, startProcess } from '../support/processes.ts'
import { startReceiver } from '../support/receiver.ts'
import { connectedScene, useScene } from '../support/seed.ts'
import { useSoundness } from '../support/soundness.ts'
import { closedGate, until } from '../support/waiting.ts'

/* Three web and three worker processes on one database: it does not matter which one a person or a job comes to. */
const scene = await useScene({ size: 10 }, { clock: jumpingClock(new Date()) })
const { services, db, entra, spec, smtp, clock } = scene
const tenant = entra.tenant(spec.tenantId)
const { expectWhole, expectReplayed } = useSoundness(scene)
const receiver = await startReceiver()
const admin = postgres(db.adminUrl, { max: 1, onnotice: () => undefined })
const boss = new PgBoss({
  connectionString: db.appUrl,
  schema: queueSchema,
  migrate: false,
  createSchema: false,
  supervise: false,
  schedule: false,
})
const browser = new ProcessBrowser()
const person = { name: 'Ada Owner', email: newEmail(), password: newPassword() }
const webs: { process: ProductProcess; origin: string }[] = []
const workers: ProductProcess[] = []
let organizationId: string
let organization: string
let connectionId: string

beforeAll(async () => {
  buildPagesIfNeeded()
  const { id: userId } = await services.auth.createVerifiedUser(person)
  ;({ organizationId, slug: organization } = await registerOrganization(services, {
    userId,
    name: 'Quay Street',
    simulated: true,
  }))
  const ownBrowser = { organizationId, userId, sessionId: newId() }
  connectionId = await connectedScene({ ...scene, organizationId, browser: ownBrowser })
  await Promise.all([
    boss.start(),
    ...[startWeb(), startWeb(), startWeb(), startWorker(), startWorker(), startWorker()],
  ])
}, 180_000)
afterAll(async () => {
  await Promise.all([...workers, ...webs.map(({ process }) => process)].map(each => each.end('SIGKILL')))
  await boss.stop({ graceful: false })
  await admin.end()
})

/** @param folder where the build is; this one's own unless given */
async function startWeb(folder?: string) {
  const port = await freePort()
  const process = await startProcess('web', { ...processEnvironment(scene), PORT: String(port) }, folder)
  webs.push({ process, origin: `http://127.0.0.1:${port}` })
}

async function startWorker(folder?: string) {
  workers.push(await startProcess('worker', processEnvironment(scene), folder))
}

const originOf = (web: number) => webs[web]?.origin ?? ''
const call = (web: number, procedure: string, input: object) =>
  browser.call(originOf(web), procedure, { organization, ...input })
const readAt = (web: number, procedure: string, input: object = {}) =>
  browser.read(originOf(web), procedure, { organization, ...input })
const syncAt = (web: number) => call(web, 'connections.syncNow', { connectionId })
const openAt = (web: number, nth: number) =>
  call(web, 'assessments.open', {
    name: `Assessment ${nth}`,
    periodFrom: '2025-01-01',
    periodTo: '2025-01-31',
    controls: ['AC-02'],
  })

const typesLike = (pattern: string) =>
  services.database.withOrganization(organizationId, async transaction => {
    const rows = await transaction
      .select({ type: events.eventType })
      .from(events)
      .where(and(eq(events.organizationId, organizationId), like(events.eventType, pattern)))
      .orderBy(asc(events.position))
    return rows.map(({ type }) => type)
  })

const syncsEnded = async () =>
  (await typesLike('Sync%')).filter(type => type !== 'SyncStarted' && type !== 'SyncRequested').length

async function newestPosition(): Promise<number> {
  const [row] = await admin`
    select max(position)::int as position from ledger.events where organization_id = ${organizationId}`
  return row?.position
}

test('a session goes on at another web process', async () => {
  expect((await browser.signIn(originOf(0), person)).status).toBe(200)
  for (const web of [0, 1, 2]) expect((await readAt(web, 'coverage.overview')).status).toBe(200)
})

test('with all workers pulled at once from all webs, a connection syncs one at a time', async () => {
  tenant.fault({ kind: 'stall', path: '/users?', times: 1, delayMs: 1_500 })
  const answers = await Promise.all([0, 1, 2].map(syncAt))
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
  await until(async () => (await typesLike('Sync%Succeeded')).length > 0)
  await untilIdle()
  await expectOneAtATime()
})

async function expectOneAtATime() {
  const told = await typesLike('Sync%')
  expect(told.length).toBeGreaterThanOrEqual(2)
  for (const [nth, type] of told.entries()) expect(type === 'SyncStarted').toBe(nth % 2 === 0)
}

/** No hourly or daily run holds a lease. */
const untilIdle = () =>
  until(async () => {
    const held = await admin`
      select from state.sync_schedule where organization_id = ${organizationId} and run_id is not null`
    return held.length === 0
  })

test('what may be done so often an hour may be done as often at all processes together', async () => {
  const fields = {
    connector: 'entra',
    externalTenantId: spec.tenantId,
    clientId: spec.apps[0]?.clientId,
    clientSecret: 'a-secret-that-nobody-checks-here',
    secretExpiresOn: '2099-01-01',
    cloud: 'global',
  }
  const answers = await Promise.all(
    Array.from({ length: 24 }, (_, nth) => call(nth % 3, 'connections.begin', fields)),
  )
  const statuses = answers.map(({ status }) => status)
  expect(statuses.filter(status => status === 429)).toHaveLength(4)
  for (const web of [0, 1, 2]) expect((await call(web, 'connections.begin', fields)).status).toBe(429)
})

test('a subscription whose process is killed goes on at another, without a gap or a double', async () => {
  const start = await newestPosition()
  const told: number[] = []
  const [first] = webs
  let last: string | undefined
  const follow = async (web: number, isEnough: () => Promise<boolean>) => {
    const input = { organization, after: start }
    for await (const { id, data } of browser.follow(originOf(web), 'ledger.follow', input, last)) {
      last = id
      // What the procedure says, as it is written there.
      const { events } = data as { events: { position: number }[] }
      told.push(...events.map(({ position }) => position))
      if (await isEnough()) return
    }
  }
  let nth = 0
  await follow(0, async () => {
    nth += 1
    if (nth < 4) expect((await openAt(1, nth)).status).toBe(200)
    else void first?.process.end('SIGKILL')
    return false
  }).catch((error: unknown) => {
    // The connection breaks as the process ends.
    if (!(error instanceof TypeError)) throw error
  })
  for (const more of [10, 11, 12]) expect((await openAt(2, more)).status).toBe(200)
  const end = await newestPosition()
  await follow(2, async () => (told.at(-1) ?? -1) >= end)
  expect(told).toEqual(Array.from({ length: (told.at(-1) ?? 0) - start }, (_, at) => start + 1 + at))
  expect(last).toBe(String(told.at(-1)))
})

const grow = { name: 'grow', sql: 'alter table state.organization_profile add column motto text' }

test('an old and a new build work side by side on a schema that only grew', async () => {
  const grown = await layOutBuild(grow)
  await migrate(db.url('owner'), grown.migrations)
  await Promise.all([startWeb(grown.folder), startWorker(grown.folder)])
  for (const [nth, { writer, reader }] of [
    { writer: 1, reader: 3 },
    { writer: 3, reader: 2 },
  ].entries()) {
    expect((await fetch(`${originOf(writer)}/readyz`)).status).toBe(200)
    expect((await openAt(writer, 20 + nth)).status).toBe(200)
    expect(await (await readAt(reader, 'assessments.list')).text()).toContain(`Assessment ${20 + nth}`)
  }
  const ended = await syncsEnded()
  expect((await syncAt(3)).status).toBe(200)
  await until(async () => (await syncsEnded()) > ended)
}, 180_000)

test('a mail, a message to a webhook and a sync come to their effect once, though every worker is pulled at and killed in the middle', async () => {
  const causes = ['authorization_required']
  const hook = { label: 'receiver', url: `${receiver.origin}/hook`, format: 'standard' }
  const { webhookId } = (await (await call(1, 'webhooks.add', hook)).json()).result.data
  expect((await call(1, 'alerts.chooseWebhook', { webhookId, causes })).status).toBe(200)
  expect((await call(2, 'alerts.chooseMail', { causes })).status).toBe(200)
  const gate = closedGate()
  receiver.answersAfter = gate.opened

  // The directory's clock stands still: those of this very instant are meant, too.
  tenant.revokeSessions(new Date(clock.now().getTime() + 1))
  expect((await syncAt(1)).status).toBe(200)
  // The mail is out, and the message to the webhook on its way.
  await untilInTime(
    async () => receiver.received.length === 1 && (await typesLike('AlertDelivered')).length === 1,
  )
  await Promise.all(workers.splice(0).map(worker => worker.end('SIGKILL')))
  killedAt = new Date()
  receiver.answersAfter = Promise.resolve()
  gate.open()
  await Promise.all([startWorker(), startWorker(), startWorker()])
  await untilInTime(async () => (await typesLike('AlertDelivered')).length > 1)
  await untilNothingWaits()

  expect(await typesLike('AlertDelivered')).toHaveLength(2)
  // The first was not answered: the second is the same under the same id, which the receiver drops.
  expect(receiver.received.map(({ id }) => id)).toEqual(Array(2).fill(receiver.received[0]?.id))
  expect(new Set(receiver.received.map(({ body }) => JSON.stringify(JSON.parse(body).data))).size).toBe(1)
  expect(mailsOf('wants a new sign-in')).toHaveLength(1)
  await expectOneAtATime()
  const sizes = await admin`
    select size from ledger.checkpoint where organization_id = ${organizationId} group by size having count(*) > 1`
  expect(sizes).toEqual([])
}, 180_000)

const mailsOf = (words: string) => smtp.mails().filter(({ subject }) => subject.includes(words))

/** Until it is true, with all that time does: what waits for a moment comes, what a dead worker had is given to another. */
const untilInTime = (isTrue: () => Promise<boolean>) =>
  until(async () => {
    await endLeases({ services, organizationId })
    await admin`update queue.job set start_after = now()
                 where name in ('deliver-alerts', 'seal') and state in ('created', 'retry')`
    // What began before the workers of now were up, and was not given to one of them since.
    await admin`update queue.job set started_on = started_on - interval '1 hour',
                       heartbeat_on = heartbeat_on - interval '1 hour'
                 where state = 'active' and retry_count = 0 and created_on < ${killedAt}`
    await admin`update queue.queue set monitor_claim_on = null, monitor_on = null`
    await boss.supervise()
    return isTrue()
  })

let killedAt = new Date(0)

const untilNothingWaits = () =>
  until(async () => {
    const waiting = await admin`
      select from queue.job where name in ('deliver-alerts', 'seal', 'sync') and start_after <= now()
         and state in ('created', 'retry', 'active')`
    return waiting.length === 0
  })

test('on a schema without what an old build uses its processes are done, and the new ones go on', async () => {
  const shrunk = await layOutBuild(grow, {
    name: 'shrink',
    contracts: 'the motto',
    sql: 'alter table state.organization_profile drop column motto',
  })
  await migrate(db.url('owner'), shrunk.migrations)
  expect((await fetch(`${originOf(3)}/readyz`)).status).toBe(200)
  const old = await fetch(`${originOf(1)}/readyz`)
  expect(old.status).toBe(503)
  expect(await old.json()).toMatchObject({ checks: { migrations: 'failed', queue: 'ok' } })
  await expect(startWorker()).rejects.toThrow('worker ended with 1')
}, 180_000)

test('after all of it the ledger is whole and every projection equals a replay', async () => {
  await untilIdle()
  await expectWhole(organizationId)
  await expectReplayed(organizationId)
})
