import { afterAll, expect, test } from 'vitest'
import { Database } from '../../db/client.ts'
import { freePort } from '../../db/embedded.ts'
import { databaseDown } from '../../server/database-down.ts'
import { AppError } from '../../server/errors.ts'
import { servePages } from '../support/pages.ts'
import { newEmail, newPassword, newPerson } from '../support/people.ts'
import { connectedScene, useScene } from '../support/seed.ts'
import { appOrigin, composeTestServices } from '../support/services.ts'

/* Whatever is asked while the database does not answer, it is told as that: 503, and nothing broken on our side. */
const scene = await useScene()
const { slug: organization, services, db, kms, smtp, entra, clock } = scene
const connectionId = await connectedScene(scene)
const { browser } = await newPerson(services)

const nobody = await freePort()
const away = new Database(Object.assign(new URL(db.appUrl), { port: String(nobody) }).href)
const composed = composeTestServices({
  database: away,
  clock,
  entraOrigin: entra.origin,
  kms,
  smtpUrl: smtp.smtpUrl,
  leaseSeconds: 90,
})
afterAll(() => {
  composed.close()
  return away.close()
})
const origin = await servePages(composed.services)

const headers = (cookie: string | null) => ({
  'content-type': 'application/json',
  origin: appOrigin,
  ...(cookie === null ? {} : { cookie }),
})

const cookie = browser.headers().get('cookie')
const procedures: [string, string | null, 'GET' | 'POST', object][] = [
  ['connections.syncNow', cookie, 'POST', { organization, connectionId }],
  ['coverage.overview', cookie, 'GET', { organization }],
  ['signIn', null, 'POST', { email: newEmail(), password: newPassword() }],
  ['requestPasswordReset', null, 'POST', { email: newEmail() }],
]

test.each(procedures)('%s says that the database does not answer', async (path, cookie, method, input) => {
  const query = method === 'GET' ? `?${new URLSearchParams({ input: JSON.stringify(input) })}` : ''
  const answer = await fetch(`${origin}/api/trpc/${path}${query}`, {
    method,
    headers: headers(cookie),
    ...(method === 'POST' ? { body: JSON.stringify(input) } : {}),
  })
  expect(answer.status).toBe(503)
  expect(await answer.json()).toMatchObject({
    error: {
      message: 'The database does not answer right now.',
      data: { code: 'unavailable' },
    },
  })
})

test('so does a page', async () => {
  const answer = await fetch(`${origin}/o/${organization}`, { headers: browser.headers() })
  expect(answer.status).toBe(503)
  expect(await answer.text()).toContain('The database does not answer right now.')
})

const coded = (code: string) => Object.assign(new Error(`failed with ${code}`), { code })

test.each([
  ...['CONNECTION_CLOSED', 'CONNECTION_ENDED', 'CONNECTION_DESTROYED', 'CONNECT_TIMEOUT'].map(coded),
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'EAI_AGAIN', 'ENOTFOUND'].map(
    coded,
  ),
  ...['08006', '08P01', '25006', '53300', '57P01', '57P02', '57P03'].map(coded),
  new Error('Connection terminated unexpectedly'),
  new Error('Connection terminated due to connection timeout'),
  new Error('Client has encountered a connection error and is not queryable'),
  new Error('timeout exceeded when trying to connect'),
])('however deep it lies, “$message” is of the connection', error => {
  expect(databaseDown(new Error('a query failed', { cause: error }))).toMatchObject({ code: 'unavailable' })
})

test.each([
  coded('23505'),
  coded('57014'),
  coded('40001'),
  new Error('x'),
  new AppError('conflict', 'x'),
  'x',
])('another error is not: %s', error => expect(databaseDown(error)).toBeNull())
