import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import postgres from 'postgres'
import { afterAll, expect, test } from 'vitest'
import { freePort } from '../../db/embedded.ts'
import { signInAndConsent } from '../../sandbox/entra/browse.ts'
import { startEntra } from '../../sandbox/entra/start-entra.ts'
import { buildPagesIfNeeded } from '../../scripts/build.ts'
import { FormBrowser, type Page } from '../../scripts/form-browser.ts'
import { chooseMail } from '../../server/alerts/choose-alerts.ts'
import { systemClock } from '../../server/clock.ts'
import { alertKinds } from '../../server/domain/alert/causes.ts'
import { registerOrganization } from '../../server/members/register-organization.ts'
import { whereIs } from '../support/canary.ts'
import { tenantSpec } from '../support/entra.ts'
import { newEmail } from '../support/people.ts'
import { processEnvironment } from '../support/process-environment.ts'
import { type ProductProcess, startProduct } from '../support/product-process.ts'
import { useServices } from '../support/services.ts'

/*
 * One life of a connection through the real processes, with secrets that are known: the client secret, its successor,
 * the codes and every token that the directory handed out. Afterwards nothing of them is anywhere that outlives it or
 * leaves the machine: tables, jobs, logs, answers, mails, and the memory of both processes.
 */

const folder = await mkdtemp(join(tmpdir(), 'attestry-marked-'))
const port = await freePort()
const origin = `http://localhost:${port}`
const secrets = [1, 2].map(() => `Mrk8Q~${randomBytes(17).toString('hex')}`)
const [secret = ''] = secrets
const [app] = tenantSpec().apps
if (!app) throw new Error('the directory has no app')
const spec = tenantSpec({
  apps: [{ ...app, clientSecret: secret, redirectUris: [`${origin}/api/integrations/entra/callback`] }],
})
const statePath = join(folder, 'directory.json')
const entra = await startEntra({ tenants: [spec], statePath })
const tenant = entra.tenant(spec.tenantId)
const { services, db, kms, smtp } = await useServices({
  clock: systemClock,
  entraOrigin: () => entra.origin,
})
const admin = postgres(db.adminUrl, { max: 1, onnotice: () => undefined })
const processes: ProductProcess[] = []
afterAll(async () => {
  await admin.end()
  for (const { child } of processes) child.kill('SIGKILL')
  await Promise.all(processes.map(({ ended }) => ended))
  await entra.stop()
  await rm(folder, { recursive: true })
})

/** Found in the memory of each process, or the search would find nothing at all. */
const control = 'a-secret-that-only-tests-use-0123456789'
/** Every answer, head and body. */
const answers: string[] = []
/** What comes back from the directory's sign-in: used up at once, and told to nobody all the same. */
const codes: string[] = []

test('marked secrets and tokens are nowhere after a connection’s whole life', async () => {
  buildPagesIfNeeded()
  const web = start('server/main.ts')
  await until(async () => web.output().includes('web is up'))
  // It looks for jobs as soon as it is up, and for most of them every five seconds from then on.
  const worker = start('jobs/worker.ts')
  const browser = new FormBrowser(origin, { onAnswer: text => void answers.push(text) })
  const base = await signedIn(browser)

  const connection = await connect(browser, base)
  await untilRuns('succeeded', 'succeeded')
  // A failure with an answer of the directory's, and one that takes a person.
  tenant.fault({ kind: 'status', status: 403, path: '/users' })
  await syncNow(browser, connection)
  await untilRuns('succeeded', 'succeeded', 'partly')
  tenant.clearFaults()
  tenant.fault({ kind: 'token-error', error: 'invalid_grant', code: 50173 })
  await syncNow(browser, connection)
  await untilRuns('succeeded', 'succeeded', 'partly', 'failed')
  tenant.clearFaults()
  // As time does: what is told together waits for a minute.
  await admin`update queue.job set start_after = now() where name = 'deliver-alerts' and state = 'created'`
  await smtp.waitFor(() => true, 60_000)

  await browser.submit(await browser.open(connection), replacement(), 'replace_secret')
  await reauthorize(browser, connection)
  await until(async () => (await outcomes()).slice(4).includes('succeeded'))

  const page = await browser.open(connection)
  await browser.submit(page, { confirmation: page.confirmationWord() }, 'revoke')
  expect((await browser.open(connection)).text).toContain('Revoked')

  const marks = await everyMark()
  expect(marks.length).toBeGreaterThan(8)
  const leaked = (texts: readonly string[]) => marks.filter(mark => texts.some(text => text.includes(mark)))
  expect(await whereIs(db.adminUrl, marks), 'tables and jobs').toEqual([])
  expect(leaked([web.output(), worker.output()]), 'logs').toEqual([])
  expect(leaked(answers), 'answers').toEqual([])
  expect(leaked(smtp.mails().map(mail => JSON.stringify(mail))), 'mails').toEqual([])
  const searched = [...marks, control]
  const [inWeb, inWorker] = await Promise.all([inMemory(web, searched), inMemory(worker, searched)])
  expect(inWeb, 'memory of web').toEqual([control])
  expect(inWorker, 'memory of worker').toEqual([control])
}, 240_000)

function start(entry: string): ProductProcess {
  const environment = {
    ...processEnvironment({ db, kms, smtp, entra }),
    APP_ORIGIN: origin,
    PORT: String(port),
    LOG_LEVEL: 'debug',
  }
  // Strings in full: the marks of a token cache lie deep in it.
  const flags = [
    '--heapsnapshot-signal=SIGUSR2',
    `--diagnostic-dir=${folder}`,
    '--heap-snapshot-string-limit=10000000',
  ]
  const started = startProduct(entry, environment, { flags })
  processes.push(started)
  return started
}

async function signedIn(browser: FormBrowser): Promise<string> {
  const email = newEmail()
  const password = 'lantern pebble orchard 47'
  const { id: userId } = await services.auth.createVerifiedUser({ name: 'Ada Owner', email, password })
  const founded = { userId, name: 'Harbour Street', simulated: false }
  const { organizationId, slug } = await registerOrganization(services, founded)
  await chooseMail(services, { organizationId, userId }, alertKinds)
  await browser.submit(await browser.open('/login'), { email, password })
  return `/o/${slug}`
}

async function connect(browser: FormBrowser, base: string): Promise<string> {
  const form = await browser.open(`${base}/settings/integrations/entra`)
  const authorizeUrl = await browser.submitWithoutFollowing(form, {
    externalTenantId: spec.tenantId,
    clientId: app?.clientId ?? '',
    clientSecret: secret,
    secretExpiresOn: inHalfAYear(),
    cloud: 'global',
  })
  const page = await comeBack(browser, authorizeUrl)
  const path = /\/o\/[a-z0-9-]+\/settings\/integrations\/connections\/[0-9a-f-]+/.exec(page.url)?.[0]
  if (!path) throw new Error(`the connection did not come about: ${page.text.slice(0, 400)}`)
  return path
}

async function reauthorize(browser: FormBrowser, connection: string) {
  await comeBack(
    browser,
    await browser.submitWithoutFollowing(await browser.open(connection), {}, 'reauthorize'),
  )
}

async function comeBack(browser: FormBrowser, authorizeUrl: string): Promise<Page> {
  const back = await signInAndConsent(authorizeUrl)
  codes.push(back.searchParams.get('code') ?? '')
  return browser.open(back.href)
}

/** The directory takes the second secret from here on. */
function replacement() {
  const [, next = ''] = secrets
  tenant.app(app?.clientId ?? '').secret.value = next
  return { clientSecret: next, secretExpiresOn: inHalfAYear() }
}

const inHalfAYear = () => new Date(Date.now() + 180 * 86_400_000).toISOString().slice(0, 10)

const syncNow = async (browser: FormBrowser, connection: string) =>
  browser.submit(await browser.open(connection), { afterRun: '' }, 'sync')

/** Asks ten times a second: the processes that are waited for need the machine. */
async function until(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await setTimeout(100)
}

/** How the runs came out, in the order in which they began; null for one that has not ended. */
async function outcomes(): Promise<(string | null)[]> {
  const rows = await admin<{ outcome: string | null }[]>`
    select outcome from state.run order by started_position`
  return rows.map(({ outcome }) => outcome)
}

const untilRuns = (...wanted: string[]) =>
  until(async () => JSON.stringify(await outcomes()) === JSON.stringify(wanted))

/** The secrets, the codes, and every token that the directory handed out. */
async function everyMark(): Promise<string[]> {
  const written = async () => (await stat(statePath).catch(() => null)) !== null
  await until(written)
  const { access, refresh } = JSON.parse(await readFile(statePath, 'utf8'))
  return [...secrets, ...codes, ...Object.keys(access), ...Object.keys(refresh)]
}

/** Which marks are in a process's heap, after the collection that a snapshot begins with. */
async function inMemory({ child }: ProductProcess, marks: readonly string[]): Promise<string[]> {
  // Heap.DATE.TIME.PID.THREAD.NUMBER.heapsnapshot
  const own = new RegExp(`^Heap\\.\\d+\\.\\d+\\.${child.pid}\\..*\\.heapsnapshot$`)
  child.kill('SIGUSR2')
  let path = ''
  await until(async () => {
    const name = (await readdir(folder)).find(name => own.test(name))
    path = name ? join(folder, name) : ''
    return path !== '' && (await endsWhole(path))
  })
  const longest = Math.max(...marks.map(mark => mark.length))
  const found = new Set<string>()
  let rest = ''
  for await (const chunk of createReadStream(path, { encoding: 'latin1', highWaterMark: 2 ** 22 })) {
    const text = rest + String(chunk)
    for (const mark of marks) if (text.includes(mark)) found.add(mark)
    rest = text.slice(-longest)
  }
  await rm(path)
  return marks.filter(mark => found.has(mark))
}

/** A snapshot ends with the end of its list of strings. */
async function endsWhole(path: string): Promise<boolean> {
  const { size } = await stat(path)
  if (size < 1_000_000) return false
  let tail = ''
  for await (const chunk of createReadStream(path, { encoding: 'latin1', start: size - 10 }))
    tail += String(chunk)
  return /\]\s*\}\s*$/.test(tail)
}
