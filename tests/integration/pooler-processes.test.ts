import { and, eq, isNotNull } from 'drizzle-orm'
import { describe, expect, inject, test } from 'vitest'
import { freePort } from '../../db/embedded.ts'
import { run } from '../../db/schema/state.ts'
import { keepsSessions } from '../../db/session-probe.ts'
import { signInAndConsent } from '../../sandbox/entra/browse.ts'
import { buildPagesIfNeeded } from '../../scripts/build.ts'
import { registerOrganization } from '../../server/members/register-organization.ts'
import { afterwards } from '../support/afterwards.ts'
import { clientSecret, jumpingClock } from '../support/entra.ts'
import { newEmail, newPassword } from '../support/people.ts'
import { type PoolerOptions, poolerProgram, startPooler } from '../support/pooler.ts'
import { ProcessBrowser } from '../support/process-browser.ts'
import { processEnvironment } from '../support/process-environment.ts'
import { startProcess } from '../support/processes.ts'
import { startProduct } from '../support/product-process.ts'
import { useScene } from '../support/seed.ts'
import { useSoundness } from '../support/soundness.ts'
import { until } from '../support/waiting.ts'

/* The real processes behind a PgBouncer in transaction mode, where it is installed. */
const scene = await useScene({ size: 10 }, { clock: jumpingClock(new Date()) })
const { services, db, entra, spec } = scene

async function openPooler(options: PoolerOptions = {}) {
  const urls = inject('databaseServer')
  const pooler = await startPooler([urls.app, urls.retention], options)
  afterwards(() => pooler.stop())
  return (role: 'app' | 'retention') =>
    Object.assign(new URL(db.url(role)), { port: String(pooler.port) }).href
}

const runsEnded = (organizationId: string) =>
  services.database.withOrganization(organizationId, async transaction => {
    const rows = await transaction
      .select({ id: run.id })
      .from(run)
      .where(and(eq(run.organizationId, organizationId), isNotNull(run.finishedPosition)))
    return rows.length
  })

describe.skipIf(poolerProgram === undefined)('behind PgBouncer', () => {
  test.each<[string, PoolerOptions, boolean]>([
    ['the last session first', { goesRound: false }, false],
    ['two sessions that go round', { size: 2 }, false],
    ['five sessions that go round', { size: 5 }, false],
    ['one session', { size: 1 }, false],
    ['a session for each connection', { mode: 'session' }, true],
  ])('a pooler that gives %s is told from a server by the sessions it gives', async (_, options, keeps) => {
    const url = (await openPooler(options))('app')
    // Whatever sessions there are by then.
    for (let time = 0; time < 4; time += 1) expect(await keepsSessions(url)).toBe(keeps)
    expect(await keepsSessions(db.url('app'))).toBe(true)
  })

  test('web and worker refuse to start without an address past it, and say what to set', async () => {
    const given = await openPooler({ goesRound: false })
    const environment = {
      ...processEnvironment(scene),
      DATABASE_URL: given('app'),
      PORT: String(await freePort()),
    }
    const refusals = [
      startProduct('server/main.ts', { ...environment, DATABASE_DIRECT_URL: undefined }),
      startProduct('jobs/worker.ts', { ...environment, DATABASE_DIRECT_URL: given('app') }),
    ]
    for (const { ended, output } of refusals) {
      expect(await ended, output()).toBe(1)
      expect(output()).toContain('put the address of PostgreSQL itself into DATABASE_DIRECT_URL')
      expect(output()).not.toMatch(/\n\s+at /)
    }
  })

  test('with one, a person signs in, connects, and sees the sync go on and its events come', async () => {
    buildPagesIfNeeded()
    const given = await openPooler()
    const environment = {
      ...processEnvironment(scene),
      DATABASE_URL: given('app'),
      DATABASE_RETENTION_URL: given('retention'),
      DATABASE_DIRECT_URL: db.url('app'),
    }
    const person = { name: 'Ada Owner', email: newEmail(), password: newPassword() }
    const { id: userId } = await services.auth.createVerifiedUser(person)
    const { organizationId, slug: organization } = await registerOrganization(services, {
      userId,
      name: 'Quay Street',
      simulated: true,
    })
    const port = await freePort()
    const [web, worker] = await Promise.all([
      startProcess('web', { ...environment, PORT: String(port) }),
      startProcess('worker', environment),
    ])
    afterwards(() => Promise.all([web.end('SIGKILL'), worker.end('SIGKILL')]))
    const origin = `http://127.0.0.1:${port}`
    const browser = new ProcessBrowser()
    expect((await browser.signIn(origin, person)).status).toBe(200)

    const news: string[] = []
    const following = (async () => {
      for await (const { data } of browser.follow(origin, 'ledger.follow', { organization, after: 0 })) {
        const { events } = data as { events: { type: string }[] }
        news.push(...events.map(({ type }) => type))
        if (news.includes('SyncSucceeded')) return
      }
    })()
    const begun = await browser.call(origin, 'connections.begin', {
      organization,
      connector: 'entra',
      externalTenantId: spec.tenantId,
      clientId: spec.apps[0]?.clientId,
      clientSecret,
      secretExpiresOn: new Date(Date.now() + 180 * 86_400_000).toISOString().slice(0, 10),
      cloud: 'global',
    })
    const { authorizeUrl } = (await begun.json()).result.data
    entra.tenant(spec.tenantId).fault({ kind: 'stall', path: '/users?', times: 1, delayMs: 500 })
    const back = await signInAndConsent(authorizeUrl)
    const completed = await browser.call(origin, 'connections.complete', {
      query: back.searchParams.toString(),
    })
    const { connectionId } = (await completed.json()).result.data
    const states: unknown[] = []
    const input = { organization, connectionId, afterRun: null }
    for await (const { data } of browser.follow(origin, 'connections.progress', input)) {
      const { state, outcome } = data as { state: string; outcome: string | null }
      if (states.at(-1) !== state) states.push(state)
      if (state === 'ended') expect(outcome).toBe('succeeded')
      if (state === 'ended') break
    }
    expect(states).toContain('running')
    await following
    expect((await browser.read(origin, 'coverage.overview', { organization })).status).toBe(200)
    // The hourly run and the daily one.
    await until(async () => (await runsEnded(organizationId)) === 2)
    expect(await Promise.all([web.end('SIGTERM'), worker.end('SIGTERM')])).toEqual([0, 0])
    expect(web.complaints).toEqual([])
    expect(worker.complaints).toEqual([])
    await useSoundness(scene).expectSound(organizationId)
  }, 120_000)
})
