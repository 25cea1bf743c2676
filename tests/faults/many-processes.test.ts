import { and, asc, eq, like } from 'drizzle-orm'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from '../../db/embedded.ts'
import { events } from '../../db/schema/ledger.ts'
import { buildPagesIfNeeded } from '../../scripts/build.ts'
import { newId } from '../../server/ledger/ids.ts'
import { registerOrganization } from '../../server/members/register-organization.ts'
import { jumpingClock } from '../support/entra.ts'
import { newEmail, newPassword } from '../support/people.ts'
import { processEnvironment } from '../support/process-environment.ts'
import { type ProductProcess, startProcess } from '../support/processes.ts'
import { connectedScene, useScene } from '../support/seed.ts'
import { appOrigin } from '../support/services.ts'
import { useSoundness } from '../support/soundness.ts'
import { until } from '../support/waiting.ts'

/* Three web and three worker processes on one database: it does not matter which one a person or a job comes to. */
const scene = await useScene({ size: 10 }, { clock: jumpingClock(new Date()) })
const { services, db, entra, spec } = scene
const tenant = entra.tenant(spec.tenantId)
const { expectWhole, expectReplayed } = useSoundness(scene)
const admin = postgres(db.adminUrl, { max: 1, onnotice: () => undefined })
const person = { name: 'Ada Owner', email: newEmail(), password: newPassword() }
const webs: { process: ProductProcess; origin: string }[] = []
const workers: ProductProcess[] = []
let organizationId: string
let organization: string
let connectionId: string
let cookies = ''

beforeAll(async () => {
  buildPagesIfNeeded()
  const { id: userId } = await services.auth.createVerifiedUser(person)
  ;({ organizationId, slug: organization } = await registerOrganization(services, {
    userId,
    name: 'Quay Street',
    simulated: true,
  }))
  const browser = { organizationId, userId, sessionId: newId() }
  connectionId = await connectedScene({ ...scene, organizationId, browser })
  await Promise.all([startWeb(), startWeb(), startWeb(), startWorker(), startWorker(), startWorker()])
}, 180_000)
afterAll(async () => {
  await Promise.all([...workers, ...webs.map(({ process }) => process)].map(each => each.end('SIGKILL')))
  await admin.end()
})

async function startWeb() {
  const port = await freePort()
  const process = await startProcess('web', { ...processEnvironment(scene), PORT: String(port) })
  webs.push({ process, origin: `http://127.0.0.1:${port}` })
}

async function startWorker() {
  workers.push(await startProcess('worker', processEnvironment(scene)))
}

const originOf = (web: number) => webs[web]?.origin ?? ''

/** What a person does in a browser, at one of the web processes. */
async function call(web: number, procedure: string, input: object): Promise<Response> {
  const headers = { 'content-type': 'application/json', origin: appOrigin, cookie: cookies }
  const url = `${originOf(web)}/api/trpc/${procedure}`
  return fetch(url, { method: 'POST', headers, body: JSON.stringify(input) })
}

const read = (web: number, procedure: string, input: object) =>
  fetch(`${originOf(web)}/api/trpc/${procedure}?${new URLSearchParams({ input: JSON.stringify(input) })}`, {
    headers: { cookie: cookies },
  })

const syncAt = (web: number) => call(web, 'connections.syncNow', { organization, connectionId })

const typesLike = (pattern: string) =>
  services.database.withOrganization(organizationId, async transaction => {
    const rows = await transaction
      .select({ type: events.eventType })
      .from(events)
      .where(and(eq(events.organizationId, organizationId), like(events.eventType, pattern)))
      .orderBy(asc(events.position))
    return rows.map(({ type }) => type)
  })

async function newestPosition(): Promise<number> {
  const [row] = await admin`
    select max(position)::int as position from ledger.events where organization_id = ${organizationId}`
  return row?.position
}

test('a session goes on at another web process', async () => {
  const answer = await call(0, 'signIn', { email: person.email, password: person.password })
  expect(answer.status).toBe(200)
  cookies = answer.headers
    .getSetCookie()
    .map(cookie => cookie.split(';')[0])
    .join('; ')
  for (const web of [0, 1, 2])
    expect((await read(web, 'coverage.overview', { organization })).status).toBe(200)
}, 60_000)

test('with all workers pulled at once from all webs, a connection syncs one at a time', async () => {
  tenant.fault({ kind: 'stall', path: '/users?', times: 1, delayMs: 1_500 })
  const answers = await Promise.all([0, 1, 2].map(syncAt))
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
  await until(async () => (await typesLike('Sync%Succeeded')).length > 0)
  await untilIdle()
  const told = await typesLike('Sync%')
  expect(told.length).toBeGreaterThanOrEqual(2)
  for (const [nth, type] of told.entries()) expect(type === 'SyncStarted').toBe(nth % 2 === 0)
}, 60_000)

/** No hourly or daily run holds a lease. */
const untilIdle = () =>
  until(async () => {
    const held = await admin`
      select from state.sync_schedule where organization_id = ${organizationId} and run_id is not null`
    return held.length === 0
  })

test('a subscription whose process is killed goes on at another, without a gap or a double', async () => {
  const start = await newestPosition()
  const told: number[] = []
  const [first] = webs
  let last: string | undefined
  const open = (nth: number, web: number) =>
    call(web, 'assessments.open', {
      organization,
      name: `Assessment ${nth}`,
      periodFrom: '2025-01-01',
      periodTo: '2025-01-31',
      controls: ['AC-02'],
    })
  const follow = async (web: number, isEnough: () => Promise<boolean>) => {
    for await (const message of readNews(originOf(web), start, last)) {
      last = message.id
      told.push(...message.positions)
      if (await isEnough()) return
    }
  }
  let nth = 0
  await follow(0, async () => {
    nth += 1
    if (nth < 4) expect((await open(nth, 1)).status).toBe(200)
    else void first?.process.end('SIGKILL')
    return false
  }).catch((error: unknown) => {
    // The connection breaks as the process ends.
    if (!(error instanceof TypeError)) throw error
  })
  for (const more of [10, 11, 12]) expect((await open(more, 2)).status).toBe(200)
  const end = await newestPosition()
  await follow(2, async () => (told.at(-1) ?? -1) >= end)
  expect(told).toEqual(Array.from({ length: (told.at(-1) ?? 0) - start }, (_, at) => start + 1 + at))
  expect(last).toBe(String(told.at(-1)))
}, 60_000)

/** Reads as a browser's EventSource does. */
async function* readNews(origin: string, after: number, lastEventId?: string) {
  const input = JSON.stringify({ organization, after })
  const cut = new AbortController()
  const answer = await fetch(`${origin}/api/trpc/ledger.follow?${new URLSearchParams({ input })}`, {
    signal: cut.signal,
    headers: {
      accept: 'text/event-stream',
      cookie: cookies,
      ...(lastEventId ? { 'last-event-id': lastEventId } : {}),
    },
  })
  if (!answer.body) throw new Error(`${origin} answered ${answer.status} without a stream`)
  const reader = answer.body.getReader()
  const decoder = new TextDecoder()
  let text = ''
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      text += decoder.decode(read.value, { stream: true })
      const messages = text.split('\n\n')
      text = messages.pop() ?? ''
      for (const message of messages) {
        const id = /^id: ?(.*)$/m.exec(message)?.[1]
        const data = /^data: ?(.*)$/m.exec(message)?.[1]
        if (id === undefined || data === undefined) continue
        const { events: news }: { events: { position: number }[] } = JSON.parse(data)
        yield { id, positions: news.map(({ position }) => position) }
      }
    }
  } finally {
    cut.abort()
  }
}

test('after all of it the ledger is whole and every projection equals a replay', async () => {
  await expectWhole(organizationId)
  await expectReplayed(organizationId)
}, 60_000)
