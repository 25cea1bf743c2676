import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { ServerBuild } from '@remix-run/node'
import fc from 'fast-check'
import postgres from 'postgres'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { rateLimits } from '../../db/schema/accounts.ts'
import { largestBody } from '../../server/http/request-limits.ts'
import { newId } from '../../server/ledger/ids.ts'
import { rejoin } from '../support/caller.ts'
import {
  addressesOf,
  createRowCount,
  createSender,
  expectSound,
  filled,
  type Sent,
  wordsOfPages,
} from '../support/crawl.ts'
import { hostileTexts, mark } from '../support/hostile.ts'
import { testLaw } from '../support/law.ts'
import { servePages } from '../support/pages.ts'
import { newPerson, type Person } from '../support/people.ts'
import { procedures } from '../support/procedures.ts'
import { seedSyncedOrganization } from '../support/seed.ts'
import { appOrigin } from '../support/services.ts'

/*
 * Whoever comes, whatever they send: every address of the build and every procedure of the router, found by themselves,
 * over real HTTP. Nothing breaks, nothing tells how it is made, nothing comes back as markup, and nothing is stored for
 * who has no part in an organization.
 */

const scene = await seedSyncedOrganization()
const { services } = scene
const origin = await servePages(services)
const build: ServerBuild = await import(join(import.meta.dirname, '../../build/server/index.js'))
const addresses = addressesOf(build)
const send = createSender(origin)
const admin = postgres(scene.db.adminUrl, { max: 1, onnotice: () => undefined })
afterAll(() => admin.end())

const stranger = await newPerson(services, 'Mallory')
const owner = await newPerson(services, 'Olive Owner')
await rejoin(scene, owner.id, 'owner', { from: new Date(0), to: new Date() })
const countRows = await createRowCount(admin)
const rows = await countRows()

const valid: Readonly<Record<string, string>> = {
  organization: scene.slug,
  connector: 'entra',
  control: 'AC-02',
  kind: 'user_inventory',
  position: '1',
  size: '1',
}
const plainOf = (address: string) => filled(address, name => valid[name] ?? newId())
const words = wordsOfPages()

/** As browsers write it: a half of a character becomes the sign of an unknown one. */
const encode = (text: string) => encodeURIComponent(Buffer.from(text).toString())
const form = { 'content-type': 'application/x-www-form-urlencoded' }
/** What an address takes as one of its parts; the longest still fits into a request. */
const hostileParts = [
  '%00',
  encode(mark),
  '..%2F..%2Fetc%2Fpasswd',
  '%E2%80%AE',
  '%E0%A4%A',
  'x'.repeat(3_000),
]
/** Words that pages look up, where the mark would only be unknown. */
const hostileQuery: Readonly<Record<string, string>> = {
  to: '//evil.example',
  done: '__proto__',
  sort: 'constructor',
}
const headerValues = [
  'attestry.session_token=%E0%A4%A',
  `attestry.session_token=${'a'.repeat(6_000)}`,
  'attestry.session_token=a.b; attestry.session_token=c',
  '__proto__=1; constructor=2; theme=__proto__',
  '=;;==;"',
  'bytes=0-,-1,5-2',
  '100-continue',
  'text/html;q=NaN, */*;q=-1',
]

/** The fields that pages read, with hostile texts in turn: as forms send them, and in shapes that are none. */
const filledFields = [...words.fields, 'intent'].map((name, index) => [name, textFor(name, index)] as const)
const bodies = ['form', 'multipart', 'broken', 'json', 'empty', 'many'].map(shape =>
  bodyOf(shape, filledFields),
)

/** What a procedure is sent, as text: JSON of the wrong sort, and fields that it does not know. */
const inputs = [
  '[]',
  '1e999',
  '{"__proto__":{"a":1},"constructor":1}',
  JSON.stringify({ organization: valid.organization, [mark]: mark }),
  JSON.stringify(Object.fromEntries(filledFields)),
  `${'{"a":'.repeat(700)}1${'}'.repeat(700)}`,
]

beforeEach(async () => {
  await services.database.outsideTenant.delete(rateLimits)
})

test('addresses, procedures, and what pages read are found', () => {
  expect(addresses.length).toBeGreaterThan(40)
  expect(procedures.length).toBeGreaterThan(100)
  expect(words.fields).toContain('confirmation')
  expect(words.intents).toContain('rotate_key')
  expect(words.queries).toContain('asOf')
})

describe('an address', () => {
  test.each(addresses)('%s answers whoever asks for whatever', async address => {
    const plain = plainOf(address)
    const query = new URLSearchParams(words.queries.map(name => [name, hostileQuery[name] ?? mark]))
    const asked: Sent[] = [
      ...[plain, `${plain}.data`, `${plain}?${query}`].map(path => ({ path })),
      ...hostileParts.map(part => ({ path: filled(address, () => part) })),
      ...['PUT', 'DELETE', 'PROPFIND', 'HEAD', 'OPTIONS'].map(method => ({ path: plain, method })),
      ...bodies.map(({ type, body }) => ({
        path: plain,
        method: 'POST',
        headers: { 'content-type': type },
        body,
      })),
    ]
    const headers = await headersOf(stranger)
    await Promise.all(asked.map(sent => ask(sent, headers)))
    await Promise.all(asked.filter((_, index) => index % 3 === 0).map(sent => ask(sent, {})))
    const foreign = { path: plain, method: 'POST', headers: { ...form, origin: 'https://evil.example' } }
    expect((await ask({ ...foreign, body: 'a=b' }, {})).status).toBe(403)
    expect(await countRows()).toEqual(rows)
  })
})

describe('a procedure', () => {
  test.each(procedures)('$path answers whoever sends whatever', async ({ path, type }) => {
    const target = `/api/trpc/${path}`
    const json = (body: string) => ({
      path: target,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })
    const read = (input: string) => ({ path: `${target}?input=${encodeURIComponent(input)}` })
    const asked: Sent[] = [
      ...(type === 'mutation' ? inputs.map(json) : inputs.map(read)),
      json('{'),
      read('{'),
      { path: target, method: 'DELETE' },
      { path: target, method: 'POST', headers: form, body: 'a=b' },
    ]
    const headers = await headersOf(stranger)
    await Promise.all(asked.map(sent => ask(sent, headers)))
    await ask(json('{}'), {})
    if (type === 'mutation') expect((await ask(read('{}'), {})).status).toBe(405)
    const large = { path: target, method: 'POST', length: largestBody + 1 }
    expect((await ask(large, {})).status).toBe(413)
    expect(await countRows()).toEqual(rows)
  })
})

/** Any request: how, where, with which headers, with which of the pages' own fields filled by what. */
const anyText = fc.oneof(
  fc.constantFrom(...hostileTexts),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ maxLength: 4_000 }),
)
const anyFields = (names: readonly string[]) =>
  fc.array(fc.tuple(fc.oneof(fc.constantFrom(...names), anyText), anyText), { maxLength: 12 })
const anyRequest = fc.record({
  address: fc.constantFrom(...addresses),
  who: fc.constantFrom(null, stranger, owner),
  parts: fc.array(fc.option(anyText, { freq: 2 }), { minLength: 1, maxLength: 4 }),
  query: anyFields(words.queries),
  method: fc.constantFrom(
    'GET',
    'GET',
    'POST',
    'POST',
    'POST',
    'HEAD',
    'PUT',
    'DELETE',
    'OPTIONS',
    'PROPFIND',
  ),
  intent: fc.constantFrom(...words.intents),
  fields: anyFields(words.fields),
  shape: fc.constantFrom('form', 'multipart', 'broken', 'json'),
  headers: fc.dictionary(
    fc.constantFrom(
      'accept',
      'accept-language',
      'cookie',
      'range',
      'if-none-match',
      'x-forwarded-for',
      'te',
      'expect',
    ),
    fc.oneof(fc.constantFrom(...headerValues), fc.string({ unit: 'grapheme-ascii', maxLength: 200 })),
    { maxKeys: 3 },
  ),
})

testLaw(
  'whatever is sent, wherever it goes, the answer is sound',
  fc.asyncProperty(anyRequest, async given => {
    const { address, who, parts, query, method, intent, fields, shape, headers } = given
    let part = 0
    const path = filled(address, name => {
      const text = parts[part++ % parts.length]
      return text == null ? (valid[name] ?? newId()) : encode(text.slice(0, 2_000))
    })
    const { type, body } = bodyOf(shape, [...fields, ['intent', intent]])
    await services.database.outsideTenant.delete(rateLimits)
    const asked = query.map(([name, text]) => `${encode(name)}=${encode(text.slice(0, 2_000))}`)
    await ask(
      {
        // The parser takes 16 kB of a request's head.
        path: `${path}?${asked.join('&')}`.slice(0, 8_000),
        method,
        headers: { ...headers, ...(method === 'POST' ? { 'content-type': type } : {}) },
        ...(method === 'POST' ? { body } : {}),
      },
      who ? await headersOf(who) : {},
    )
  }),
  { runs: 200, seconds: 6 },
)

test('what is no HTTP is refused with the same headers', async () => {
  const { hostname, port } = new URL(origin)
  for (const text of [
    'GET / HTTP/9.9\r\n\r\n',
    'GET / HTTP/1.1\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: x\r\nhost: y\r\n\r\n',
    'GET /\u0000 HTTP/1.1\r\nHost: x\r\n\r\n',
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: two\r\n\r\n',
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    `GET / HTTP/1.1\r\nHost: x\r\nCookie: ${'a'.repeat(20_000)}\r\n\r\n`,
  ]) {
    const socket = connect(Number(port), hostname)
    socket.end(text)
    socket.setEncoding('utf8')
    let answer = ''
    socket.on('data', chunk => {
      answer += chunk
    })
    await once(socket, 'close')
    expect(answer, text.slice(0, 60)).toMatch(/^HTTP\/1\.1 4\d\d /)
    expect(answer.toLowerCase()).toContain("content-security-policy: default-src 'none'")
    expect(answer.toLowerCase()).toContain('x-content-type-options: nosniff')
  }
})

/** Asks, and holds the answer to what holds of all. */
async function ask(sent: Sent, headers: Record<string, string>) {
  const full = { ...sent, headers: { origin: appOrigin, ...headers, ...sent.headers } }
  const answer = await send(full)
  expectSound(
    answer,
    `${sent.method ?? 'GET'} ${sent.path.slice(0, 300)} ${String(sent.body ?? '').slice(0, 300)}`,
  )
  return answer
}

/** The headers of somebody's browser, who signs in again where a request signed them out. */
async function headersOf(person: Person): Promise<Record<string, string>> {
  const { browser, email, password } = person
  if (!(await browser.context()).signedIn) await browser.call(caller => caller.signIn({ email, password }))
  return Object.fromEntries(browser.headers())
}

/** Fields as a form sends them, or as none does. */
function bodyOf(
  shape: string,
  fields: readonly (readonly [string, string])[],
): { type: string; body: string } {
  const parts = fields
    .filter(([name]) => !/["\r\n]/.test(name))
    .map(([name, text]) => `--part\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${text}\r\n`)
  const file =
    '--part\r\ncontent-disposition: form-data; name="file"; filename="../../x.html"\r\n\r\n\u0000\r\n'
  const urlencoded = 'application/x-www-form-urlencoded'
  const multipart = 'multipart/form-data; boundary=part'
  if (shape === 'multipart') return { type: multipart, body: `${parts.join('')}${file}--part--\r\n` }
  if (shape === 'broken') return { type: multipart, body: `${parts.join('')}--part\r\ncontent-dis` }
  if (shape === 'json') return { type: 'application/json', body: JSON.stringify(Object.fromEntries(fields)) }
  if (shape === 'empty') return { type: urlencoded, body: '' }
  if (shape === 'many') return { type: urlencoded, body: '__proto__=1&%=&a[b][c]=\u0000&'.repeat(1_000) }
  return { type: urlencoded, body: fields.map(([name, text]) => `${encode(name)}=${encode(text)}`).join('&') }
}

/** Short ones: a long body is another test. A name is one that nobody may have, or a stranger founds an organization. */
function textFor(name: string, index: number): string {
  const short = hostileTexts.filter(text => text.length < 1_000)
  if (name === 'intent') return mark
  return name === 'name' ? `${mark}\u0000` : (short[index % short.length] ?? mark)
}
