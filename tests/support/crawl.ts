import { once } from 'node:events'
import { globSync, readFileSync } from 'node:fs'
import { Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { join } from 'node:path'
import type { ServerBuild } from '@remix-run/node'
import type postgres from 'postgres'
import { afterAll, expect } from 'vitest'
import { mark } from './hostile.ts'
import { appOrigin } from './services.ts'

export interface Sent {
  path: string
  method?: string
  headers?: Record<string, string>
  body?: string | Buffer
  /** Announced, whatever is sent. */
  length?: number
}

export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: string
}

/**
 * Sends requests as they are told to a server on this machine: fetch would put addresses right, and set headers of its
 * own.
 */
export function createSender(origin: string): (sent: Sent) => Promise<Answer> {
  const { hostname, port } = new URL(origin)
  const agent = new Agent({ keepAlive: true, maxSockets: 8 })
  afterAll(() => agent.destroy())
  return async ({ path, method = 'GET', headers = {}, body, length }) => {
    const size = length ?? (body === undefined ? undefined : Buffer.byteLength(body))
    const request = httpRequest({
      hostname,
      port,
      path,
      method,
      agent,
      headers: { ...headers, ...(size === undefined ? {} : { 'content-length': size }) },
    })
    request.on('error', () => undefined)
    if (length === undefined) request.end(body)
    else request.flushHeaders()
    const [response] = await once(request, 'response')
    response.setEncoding('utf8')
    let text = ''
    for await (const chunk of response) {
      text += chunk
      // A stream of events never ends by itself.
      if (isEvents(response.headers)) break
    }
    if (length !== undefined || isEvents(response.headers)) request.destroy()
    return { status: response.statusCode, headers: response.headers, body: text }
  }
}

/** What holds of every answer of the web process, whoever asked for whatever. */
export function expectSound({ status, headers, body }: Answer, asked: string): void {
  expect(status, `${asked}\n${body.slice(0, 2_000)}`).toBeLessThan(500)
  expect(headers['content-security-policy'], asked).toContain("default-src 'none'; script-src 'self' 'nonce-")
  expect(headers['x-content-type-options'], asked).toBe('nosniff')
  expect(headers['x-frame-options'], asked).toBe('DENY')
  expect(headers['referrer-policy'], asked).toBe('same-origin')
  // tRPC answers a stream of events with a header of its own.
  expect(headers['cache-control'], asked).toContain(isEvents(headers) ? 'no-cache' : 'no-store')
  expect(body, asked).not.toMatch(/\bat .+\.(?:ts|tsx|js|mjs):\d+|node_modules|postgres:\/\//)
  if (canHoldMarkup(headers)) expect(body, asked).not.toContain(mark)
  if (headers.location !== undefined) expectOwn(headers.location, asked)
}

/** A redirect that stays with us, also when a browser reads its path once more. */
function expectOwn(location: string, asked: string): void {
  const url = new URL(location, appOrigin)
  expect(url.origin, asked).toBe(appOrigin)
  expect(url.pathname, asked).not.toMatch(/^\/[/\\]/)
}

/** Pages, and what procedures answer, which is nobody's words but ours. A page's data is text to its own script. */
const canHoldMarkup = (headers: IncomingHttpHeaders) =>
  /^(?:text\/html|application\/json)/.test(String(headers['content-type']))

const isEvents = (headers: IncomingHttpHeaders) =>
  String(headers['content-type']).startsWith('text/event-stream')

/** The addresses of a build, each with the names of its parameters in it. */
export function addressesOf(build: ServerBuild): string[] {
  const addresses = Object.values(build.routes).map(route => {
    const parts: string[] = []
    for (
      let at: typeof route | undefined = route;
      at;
      at = at.parentId ? build.routes[at.parentId] : undefined
    ) {
      if (at.path) parts.unshift(at.path)
    }
    return `/${parts.join('/')}`
  })
  return [...new Set(addresses)]
}

/** An address with values in the places of its parameters. */
export const filled = (address: string, value: (name: string) => string): string =>
  address.replace(/:(\w+)\??/g, (_, name: string) => value(name)).replace('*', () => value('rest'))

/** What the pages' own code reads from a form or an address: fields, and the words by which it tells forms apart. */
export function wordsOfPages(): { fields: string[]; intents: string[]; queries: string[] } {
  const root = join(import.meta.dirname, '../..')
  const files = globSync('app/**/*.{ts,tsx}', { cwd: root })
  const text = files.map(file => readFileSync(join(root, file), 'utf8')).join('\n')
  const all = (pattern: RegExp) =>
    [...new Set([...text.matchAll(pattern)].map(([, word = '']) => word))].sort()
  return {
    fields: all(/(?:fieldText\(form, |form\.get\()'(\w+)'/g),
    intents: all(/(?:case |intent === )'(\w+)'/g),
    queries: all(/searchParams\.(?:get|has|getAll)\('(\w+)'/g),
  }
}

/**
 * Counts the rows of every table but those that a look leaves behind by right: attempts, challenges, sessions.
 * @returns what counts them
 */
export async function createRowCount(admin: postgres.Sql): Promise<() => Promise<Record<string, number>>> {
  const tables = await admin<{ name: string }[]>`
    select schemaname || '.' || tablename as name from pg_tables
     where schemaname in ('ledger', 'state', 'rebuild', 'accounts', 'queue')
       and (schemaname, tablename) not in (('accounts', 'rate_limits'), ('accounts', 'verifications'), ('accounts', 'sessions'))`
  const counts = tables.map(({ name }) => `select '${name}' as name, count(*)::int as count from ${name}`)
  const statement = counts.join(' union all ')
  return async () => {
    const rows = await admin.unsafe<{ name: string; count: number }[]>(statement, [], { prepare: true })
    return Object.fromEntries(rows.map(({ name, count }) => [name, count]))
  }
}
