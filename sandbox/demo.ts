import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { freePort, prepareDatabase, startEmbedded } from '../db/embedded.ts'
import { organizationSlug } from '../db/schema/accounts.ts'
import { workerHeap } from '../jobs/heap.ts'
import { composeServices } from '../server/compose.ts'
import { readConfig } from '../server/config.ts'
import { createLogger } from '../server/log.ts'
import { demoOptionsOfProcess } from './demo-options.ts'
import { type DemoOrganization, demoOrganizations, demoPassword, seedOrganization } from './demo-people.ts'
import { demoDirectories, demoTenants } from './demo-tenants.ts'
import { startEntra } from './entra/start-entra.ts'
import { playHistory } from './history.ts'
import { startKms } from './kms/start-kms.ts'
import { claimFolder, FolderTaken } from './only-one.ts'
import { startSmtp } from './smtp/start-smtp.ts'

/*
 * The demo's composition root: the product's own web and worker processes on an embedded PostgreSQL and on stand-ins
 * for Entra, KMS and SMTP, all on loopback. Everything it keeps is in one folder.
 */

const root = join(import.meta.dirname, '..')
const day = 86_400_000

const { historyDays, port: wantedPort, state } = demoOptionsOfProcess()
const directory = state ?? join(root, '.attestry')
await mkdir(directory, { recursive: true })

const keptSchema = z.strictObject({ since: z.iso.datetime(), authSecret: z.string() })

const stops: (() => Promise<unknown>)[] = []
const children = new Set<ChildProcess>()
let isStopping = false
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop(0))
// Whoever started the demo is gone without a word: nothing may stay behind.
const parent = process.ppid
setInterval(() => {
  if (process.ppid !== parent) void stop(0)
}, 1_000).unref()
// Development: the sources changed, so web and worker begin again. PostgreSQL and the stand-ins stay.
process.on('SIGUSR2', () => {
  for (const child of children) child.kill('SIGKILL')
})

try {
  await run()
} catch (error) {
  // Stopped while it started: what broke off then is no news.
  if (!isStopping) console.error(error instanceof FolderTaken ? error.message : error)
  await stop(1)
}

async function run() {
  await claimFolder(directory)
  const kept = await keptState()
  const port = await webPort(wantedPort)
  const origin = `http://localhost:${port}`
  say('Starting PostgreSQL …')
  const starting = startEmbedded(join(directory, 'postgres'))
  stops.push(async () => (await starting).stop())
  const postgres = await starting
  await prepareDatabase(postgres, 'attestry')
  say('Starting the stand-ins for Entra, KMS and SMTP …')
  const kms = await startKms({ statePath: join(directory, 'kms.json') })
  const smtp = await startSmtp()
  const entra = await startEntra({
    tenants: demoTenants(new Date(kept.since), `${origin}/api/integrations/entra/callback`),
    statePath: join(directory, 'entra.json'),
  })
  stops.push(
    () => kms.stop(),
    () => smtp.stop(),
    () => entra.stop(),
  )
  const settings = {
    ATTESTRY_DEMO: '1',
    APP_ORIGIN: origin,
    PORT: String(port),
    DATABASE_URL: postgres.url('app', 'attestry'),
    DATABASE_RETENTION_URL: postgres.url('retention', 'attestry'),
    AUTH_SECRET: kept.authSecret,
    KMS_KEY_ID: kms.keyId,
    KMS_SIGNING_KEY_ID: kms.signingKeyId,
    AWS_REGION: 'eu-central-1',
    AWS_ENDPOINT_URL_KMS: kms.origin,
    AWS_ACCESS_KEY_ID: 'demo',
    AWS_SECRET_ACCESS_KEY: 'demo',
    SMTP_URL: smtp.smtpUrl,
    MAIL_FROM: 'Attestry <attestry@localhost.example>',
    ENTRA_LOGIN_ORIGIN: entra.origin,
    ENTRA_GRAPH_ORIGIN: entra.origin,
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'warn',
  }
  // The key service's client reads its address from the environment, as in every other process.
  Object.assign(process.env, settings)
  const composed = await composeServices(readConfig(process.env), createLogger('error'))
  let organizations: Seeded[]
  try {
    organizations = await seedOrganizations(composed.services, smtp)
    if (historyDays > 0) organizations.push(await seedHistory({ ...composed, entra, smtp }))
  } finally {
    await composed.close()
  }
  say('Starting web and worker …')
  start([], 'server/main.ts', settings)
  start(workerHeap, 'jobs/worker.ts', settings)
  await untilReady(`${origin}/readyz`)
  announce(origin, smtp.origin, organizations)
}

interface Seeded {
  organization: DemoOrganization
  slug: string
}

type Composed = Awaited<ReturnType<typeof composeServices>>

async function seedOrganizations(
  services: Composed['services'],
  smtp: Awaited<ReturnType<typeof startSmtp>>,
) {
  const seeded: Seeded[] = []
  for (const organization of demoOrganizations) {
    const slug = slugOf(organization.name)
    const [known] = await services.database.outsideTenant
      .select({ slug: organizationSlug.slug })
      .from(organizationSlug)
      .where(eq(organizationSlug.slug, slug))
    if (!known) await seedOrganization(services, smtp, organization)
    seeded.push({ organization, slug })
  }
  return seeded
}

async function seedHistory(options: {
  services: Composed['services']
  entra: Awaited<ReturnType<typeof startEntra>>
  smtp: Awaited<ReturnType<typeof startSmtp>>
}): Promise<Seeded> {
  const [first] = demoOrganizations
  if (!first) throw new Error('the demo has no organization')
  const organization = { ...first, name: `${first.name}, ${historyDays} days` }
  say(`Playing ${historyDays} days of hourly syncs into “${organization.name}” (simulated) …`)
  const startedAt = Date.now()
  const { slug, runs } = await playHistory({
    ...options,
    organization,
    directory: demoDirectories.contoso,
    days: historyDays,
    onDay: (played, count) => {
      if (played % 5 === 0) say(`  day ${played}, ${count} syncs`)
    },
  })
  say(`  ${runs} syncs played in ${Math.round((Date.now() - startedAt) / 1000)} s.`)
  return { organization, slug }
}

function start(flags: readonly string[], script: string, settings: Record<string, string>) {
  if (isStopping) return
  const endWithParent = pathToFileURL(join(root, 'sandbox/end-with-parent.ts')).href
  const child = spawn(process.execPath, [...flags, '--import', endWithParent, join(root, script)], {
    cwd: root,
    env: { ...process.env, ...settings },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  children.add(child)
  child.on('exit', (code, signal) => {
    children.delete(child)
    if (isStopping) return
    if (signal === 'SIGKILL') return start(flags, script, settings)
    console.error(`${script} ended with ${code}.`)
    void stop(code ?? 1)
  })
}

async function untilReady(url: string) {
  const deadline = Date.now() + 60_000
  for (;;) {
    const answer = await fetch(url).catch(() => null)
    if (answer?.ok) return
    if (Date.now() > deadline) throw new Error('the web process did not become ready within a minute')
    await new Promise(resolve => setTimeout(resolve, 200))
  }
}

function announce(origin: string, mailbox: string, organizations: readonly Seeded[]) {
  const { contoso, fabrikam } = demoDirectories
  const lines = [
    '',
    `Attestry is running at ${origin}`,
    '',
    `Demo sign-ins, all with the password  ${demoPassword}`,
    ...organizations.flatMap(({ organization, slug }) => [
      `  ${organization.name}  (${origin}/o/${slug})`,
      ...organization.people.map(({ email, role }) => `    ${role.replace('_', ' ').padEnd(16)} ${email}`),
    ]),
    '',
    'Connect a stand-in directory under Integrations → Microsoft Entra ID with',
    ...[contoso, fabrikam].flatMap(({ displayName, tenantId, clientId, clientSecret }) => [
      `  ${displayName}`,
      `    Directory (tenant) ID    ${tenantId}`,
      `    Application (client) ID  ${clientId}`,
      `    Client secret, Value     ${clientSecret}`,
      `    Expires                  ${new Date(Date.now() + 180 * day).toISOString().slice(0, 10)}`,
    ]),
    '',
    `Mails of the demo are at ${mailbox}. Two-factor sign-in is off in the demo organizations.`,
    'Press Ctrl+C to stop. Everything is kept for the next start.',
    '',
  ]
  console.log(lines.join('\n'))
}

async function stop(code: number) {
  if (isStopping) return
  isStopping = true
  await Promise.all(
    [...children].map(child => {
      const ended = new Promise(done => child.once('exit', done))
      child.kill('SIGTERM')
      return ended
    }),
  )
  for (const each of stops.reverse()) await each().catch((error: unknown) => console.error(error))
  process.exit(code)
}

/** What must be the same at the next start: when the directories' story began, and the key of the sessions. */
async function keptState() {
  const file = join(directory, 'demo.json')
  const text = await readFile(file, 'utf8').catch(() => null)
  if (text) return keptSchema.parse(JSON.parse(text))
  const state = {
    since: new Date(Date.now() - 40 * day).toISOString(),
    authSecret: randomBytes(48).toString('base64url'),
  }
  await writeFile(`${file}.new`, JSON.stringify(state), { mode: 0o600 })
  await rename(`${file}.new`, file)
  return state
}

async function webPort(wanted: number): Promise<number> {
  if (await isFree(wanted)) return wanted
  const port = await freePort()
  say(`Port ${wanted} is taken; the web address uses ${port} instead.`)
  return port
}

function isFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, () => probe.close(() => resolve(true)))
  })
}

function slugOf(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, '-')
}

function say(text: string) {
  console.log(text)
}
