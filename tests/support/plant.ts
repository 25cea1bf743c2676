import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import postgres from 'postgres'
import { Database } from '../../db/client.ts'
import { freePort } from '../../db/embedded.ts'
import { type EntraStandIn, startEntra } from '../../sandbox/entra/start-entra.ts'
import type { Tenant } from '../../sandbox/entra/tenant.ts'
import { type KmsStandIn, startKms } from '../../sandbox/kms/start-kms.ts'
import { type SmtpStandIn, startSmtp } from '../../sandbox/smtp/start-smtp.ts'
import { systemClock } from '../../server/clock.ts'
import { newId } from '../../server/ledger/ids.ts'
import { registerOrganization } from '../../server/members/register-organization.ts'
import type { Services } from '../../server/services.ts'
import { type Cluster, startCluster } from './cluster.ts'
import { tenantSpec } from './entra.ts'
import { newEmail, newPassword } from './people.ts'
import { processEnvironment } from './process-environment.ts'
import { type ProductProcess, startProcess } from './processes.ts'
import { connectedScene } from './seed.ts'
import { appOrigin, composeTestServices } from './services.ts'
import { recordStatement } from './statements.ts'

/** Everything that runs: a database server, workers and web processes, stand-ins outside, and an organization at work. */
export interface Plant {
  readonly cluster: Cluster
  readonly kms: KmsStandIn
  readonly smtp: SmtpStandIn
  readonly tenant: Tenant
  /** Looks at the database as the app does. */
  readonly services: Services
  readonly organizationId: string
  readonly connectionId: string
  readonly workers: ProductProcess[]
  readonly webs: { process: ProductProcess; origin: string }[]
  addWorker(): Promise<void>
  addWeb(): Promise<void>
  /** Ends the oldest worker or web process. @returns its exit code */
  endOldest(what: 'worker' | 'web', signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>
  /** What a person does in a browser who is signed in, at the web process that answers. */
  call(procedure: string, input: object): Promise<unknown>
  read(procedure: string, input: object): Promise<unknown>
  slug: string
  end(): Promise<void>
}

export async function startPlant(count: { workers: number; webs: number }): Promise<Plant> {
  const cluster = await startCluster()
  const spec = tenantSpec({ size: 10, since: new Date('2025-01-01T00:00:00Z'), riskySignInsPerDay: 1 })
  const [entra, kms, smtp] = await Promise.all([startEntra({ tenants: [spec] }), startKms(), startSmtp()])
  const database = new Database(cluster.url('app'), { max: 4, onStatement: recordStatement })
  const composed = composeTestServices({
    database,
    clock: systemClock,
    entraOrigin: entra.origin,
    kms,
    smtpUrl: smtp.smtpUrl,
    leaseSeconds: 90,
  })
  const { services } = composed
  const person = { name: 'Ada Owner', email: newEmail(), password: newPassword() }
  const { id: userId } = await services.auth.createVerifiedUser(person)
  const { organizationId, slug } = await registerOrganization(services, { userId, name: 'Harbour Street' })
  const connectionId = await connectedScene({
    services,
    clock: systemClock,
    entra,
    spec,
    organizationId,
    browser: { organizationId, userId, sessionId: newId() },
  })
  const environment = environmentOf(cluster, { kms, smtp, entra })
  const workers: ProductProcess[] = []
  const webs: Plant['webs'] = []
  const browser = openBrowser(() => webs.map(({ origin }) => origin))
  const plant: Plant = {
    cluster,
    kms,
    smtp,
    tenant: entra.tenant(spec.tenantId),
    services,
    organizationId,
    connectionId,
    slug,
    workers,
    webs,
    async addWorker() {
      workers.push(await startProcess('worker', environment))
    },
    async addWeb() {
      const port = await freePort()
      const process = await startProcess('web', { ...environment, PORT: String(port) })
      webs.push({ process, origin: `http://127.0.0.1:${port}` })
    },
    async endOldest(what, signal) {
      const oldest = what === 'worker' ? workers.shift() : webs.shift()?.process
      if (!oldest) throw new RangeError(`no ${what} runs`)
      return oldest.end(signal)
    },
    call: (procedure, input) => browser.post(procedure, input),
    read: (procedure, input) => browser.get(procedure, input),
    async end() {
      const processes = [...workers, ...webs.map(({ process }) => process)]
      await Promise.all(processes.map(process => process.end('SIGKILL')))
      composed.close()
      await database.close()
      await Promise.all([entra.stop(), kms.stop(), smtp.stop()])
      await cluster.end()
    },
  }
  for (let nth = 0; nth < count.workers; nth += 1) await plant.addWorker()
  for (let nth = 0; nth < count.webs; nth += 1) await plant.addWeb()
  await browser.post('signIn', { email: person.email, password: person.password })
  return plant
}

const environmentOf = (
  cluster: Cluster,
  standIns: { kms: KmsStandIn; smtp: SmtpStandIn; entra: EntraStandIn },
): NodeJS.ProcessEnv => {
  const settings = { DATABASE_URL: cluster.url('app'), DATABASE_RETENTION_URL: cluster.url('retention') }
  return processEnvironment({ db: { settings }, ...standIns })
}

/** What a web process answered that did not do what it was asked for. */
class Refused extends Error {
  readonly status: number

  constructor(status: number, body: string) {
    super(`${status} ${body}`)
    this.status = status
  }
}

/** While a fault lasts no answer comes, or one that says so: nothing else may come of it. */
export const isRefusedByFault = (error: unknown): boolean =>
  error instanceof TypeError || (error instanceof Refused && error.status === 503)

/** A browser behind a load balancer: each request goes to the next of the processes, past one that does not answer. */
function openBrowser(origins: () => readonly string[]) {
  let cookies = ''
  let turn = 0
  async function send(path: string, init: RequestInit): Promise<unknown> {
    turn += 1
    const all = origins()
    const first = turn % Math.max(all.length, 1)
    // As of a load balancer that has nobody behind it.
    let last: unknown = new TypeError('no web process runs')
    for (const origin of [...all.slice(first), ...all.slice(0, first)]) {
      const headers = { 'content-type': 'application/json', origin: appOrigin, cookie: cookies }
      const answer = await fetch(`${origin}/api/trpc/${path}`, { ...init, headers }).catch(
        (error: unknown) => {
          last = error
          return null
        },
      )
      // What was sent may have been done, though no answer came: it is not sent again.
      if (!answer && init.method === 'POST') throw last
      if (!answer) continue
      const set = answer.headers.getSetCookie().map(cookie => cookie.split(';')[0])
      if (set.length > 0) cookies = set.join('; ')
      const body: unknown = await answer.json()
      if (!answer.ok) throw new Refused(answer.status, JSON.stringify(body).slice(0, 300))
      return body
    }
    throw last
  }
  return {
    post: (procedure: string, input: object) =>
      send(procedure, { method: 'POST', body: JSON.stringify(input) }),
    get: (procedure: string, input: object) =>
      send(`${procedure}?input=${encodeURIComponent(JSON.stringify(input))}`, { method: 'GET' }),
  }
}

/** People at work: one opens assessments, each with a name of its own, the other reads the overview. */
export interface Load {
  /** Names of what was said to be done. */
  readonly acknowledged: string[]
  readonly attempted: string[]
  reads: number
  /** What was refused in words that no fault explains. */
  readonly unexplained: unknown[]
  stop(): Promise<void>
}

export function startLoad(plant: Plant, label: string): Load {
  const load = {
    acknowledged: [] as string[],
    attempted: [] as string[],
    reads: 0,
    unexplained: [] as unknown[],
  }
  const ended = new AbortController()
  const repeat = async (work: (nth: number) => Promise<void>) => {
    for (let nth = 1; !ended.signal.aborted; nth += 1) {
      await work(nth).catch((error: unknown) => {
        if (!isRefusedByFault(error)) load.unexplained.push(error)
      })
      // People do not press a button thousands of times a second.
      await pause(20)
    }
  }
  const { slug: organization } = plant
  const writing = repeat(async nth => {
    const name = `${label} ${nth}`
    load.attempted.push(name)
    const period = { periodFrom: '2025-01-01', periodTo: '2025-01-31' }
    await plant.call('assessments.open', { organization, name, ...period, controls: ['AC-02'] })
    load.acknowledged.push(name)
  })
  const reading = repeat(async () => {
    await plant.read('coverage.overview', { organization })
    load.reads += 1
  })
  return Object.assign(load, {
    async stop() {
      ended.abort()
      await Promise.all([writing, reading])
    },
  })
}

/** Names of the assessments that the ledger says were opened, in its order. */
export async function openedNames({
  services,
  organizationId,
}: Pick<Plant, 'services' | 'organizationId'>): Promise<string[]> {
  const rows = await services.database.withOrganization(organizationId, transaction =>
    transaction.execute<{ name: string }>(sql`
      select e.payload::json ->> 'name' as name from ledger.events e
       where e.organization_id = ${organizationId} and e.event_type = 'AssessmentOpened' order by e.position`),
  )
  return rows.map(({ name }) => name)
}

/** Looks past everything that guards the tables. */
export const asAdministrator = ({ cluster }: Plant): postgres.Sql =>
  postgres(cluster.url('admin'), { max: 1, onnotice: () => undefined })
