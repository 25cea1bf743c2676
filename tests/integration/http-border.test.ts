import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request as httpRequest, type IncomingHttpHeaders, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { RequestHandler } from 'express'
import { Registry } from 'prom-client'
import { afterAll, describe, expect, test } from 'vitest'
import { AppError } from '../../server/errors.ts'
import { createHttpApp, type HttpAppOptions } from '../../server/http/app.ts'
import { createOperationsApp } from '../../server/http/health.ts'
import { listen } from '../../server/http/listen.ts'
import { largestBody } from '../../server/http/request-limits.ts'
import { drain } from '../../server/http/shutdown.ts'
import { createLogger } from '../../server/log.ts'

const appOrigin = 'https://attestry.test'
const clientFolder = await mkdtemp(join(tmpdir(), 'attestry-client-'))
await mkdir(join(clientFolder, 'assets'))
await writeFile(join(clientFolder, 'assets', 'app-3f2a.js'), 'export {}\n'.repeat(500))
await writeFile(join(clientFolder, 'robots.txt'), 'User-agent: *\n')

const log: string[] = []
const servers: Server[] = []
let reached: { path: string; headers: IncomingHttpHeaders; ip: string | undefined }[] = []

const page: RequestHandler = async (request, response, next) => {
  reached.push({ path: request.path, headers: request.headers, ip: request.ip })
  if (request.path === '/throws') return next(new Error('marked-detail'))
  if (request.path === '/refuses')
    return next(new AppError('conflict', 'marked-detail', { userMessage: 'A <b>conflict</b>.' }))
  if (request.path === '/breaks') {
    response.write('half')
    return next(new Error('marked-detail'))
  }
  if (request.path === '/file') {
    response.append('Content-Security-Policy', 'sandbox')
    response.attachment('evidence.csv').send('a;b\n')
    return
  }
  // Reads the body as a form's action would.
  await pipeline(request, async chunks => {
    for await (const _chunk of chunks);
  })
  response.type('html').send(`<p nonce="${response.locals.cspNonce}">${'page '.repeat(1_000)}</p>`)
}

const procedures: RequestHandler = (request, response) => {
  if (request.path !== '/live') return void response.json({ result: 'data' })
  response.writeHead(200, { 'Content-Type': 'text/event-stream' })
  response.write('data: 1\n\n')
  request.once('close', () => response.end())
}

const options = (changes: Partial<HttpAppOptions['config']> = {}): HttpAppOptions => ({
  config: { appOrigin, trustedProxies: [], metricsPort: undefined, ...changes },
  logger: createLogger('info', { write: line => void log.push(line) }),
  metrics: new Registry(),
  readiness: async () => ({ database: true }),
  signInOrigins: ['https://login.microsoftonline.com', 'https://login.microsoftonline.us'],
  clientFolder,
  trpcHandler: procedures,
  remixHandler: page,
})

async function start(given: HttpAppOptions): Promise<string> {
  return originOf(await listen(createHttpApp(given), { port: 0, host: '127.0.0.1' }))
}

function originOf(server: Server): string {
  servers.push(server)
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
}

const origin = await start(options())

afterAll(async () => {
  await Promise.all(servers.map(server => drain(server, 0)))
  await rm(clientFolder, { recursive: true })
})

interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: string
}

/** By node:http: fetch may not set Host, Origin or Content-Length. */
async function send(
  path: string,
  {
    method = 'GET',
    headers = {},
    body,
    to = origin,
  }: { method?: string; headers?: Record<string, string>; body?: string; to?: string } = {},
): Promise<Answer> {
  const { hostname, port } = new URL(to)
  const request = httpRequest({ hostname, port, path, method, headers })
  request.on('error', () => undefined)
  if (body === undefined) request.flushHeaders()
  else request.end(body)
  const [response] = await once(request, 'response')
  response.setEncoding('utf8')
  let text = ''
  for await (const chunk of response) text += chunk
  request.destroy()
  return { status: response.statusCode, headers: response.headers, body: text }
}

const securityHeaders = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
}

describe('every answer carries the security headers', () => {
  test.each([
    ['a page', '/', 200],
    ['JSON', '/api/trpc/thing', 200],
    ['a file', '/file', 200],
    ['an unexpected error', '/throws', 500],
    ['an expected error', '/refuses', 409],
    ['a malformed address', '/%E0%A4%A', 400],
    ['a malformed asset', '/assets/%E0%A4%A', 404],
    ['a missing asset', '/assets/gone-1.js', 404],
    ['an asset', '/assets/app-3f2a.js', 200],
    ['a static file', '/robots.txt', 200],
    ['health', '/healthz', 200],
    ['metrics', '/metrics', 200],
  ])('%s', async (_, path, status) => {
    const answer = await send(path)
    expect(answer.status).toBe(status)
    expect(answer.headers).toMatchObject(securityHeaders)
    expect(answer.headers['x-powered-by']).toBeUndefined()
    expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
    const caching = path === '/assets/app-3f2a.js' ? 'public, max-age=31536000, immutable' : 'no-store'
    expect(answer.headers['cache-control']).toBe(caching)
    expect(answer.headers['content-security-policy']).toContain(
      "default-src 'none'; script-src 'self' 'nonce-",
    )
  })
})

test('the policy has a fresh nonce per answer, no unsafe scripts or style elements, and the fixed sign-in hosts', async () => {
  const [first, second] = await Promise.all([send('/'), send('/')])
  const policy = String(first?.headers['content-security-policy'])
  const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? ''
  expect(first?.body).toContain(`nonce="${nonce}"`)
  expect(second?.body).not.toContain(nonce)
  expect(policy.split('; ')).toEqual([
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self' https://login.microsoftonline.com https://login.microsoftonline.us",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
  ])
})

test('a stand-in for the sign-in host is named in its place, and plain http gets no HSTS', async () => {
  const given = options({ appOrigin: 'http://localhost:3000' })
  const to = await start({ ...given, signInOrigins: ['http://127.0.0.1:4000'] })
  const { headers } = await send('/', { to })
  expect(headers['content-security-policy']).toContain("form-action 'self' http://127.0.0.1:4000;")
  expect(headers['strict-transport-security']).toBeUndefined()
})

test('a download keeps its own sandbox beside our policy', async () => {
  const { headers } = await send('/file')
  expect(headers['content-security-policy']).toMatch(/frame-ancestors 'none', sandbox$/)
  expect(headers['content-disposition']).toBe('attachment; filename="evidence.csv"')
})

describe('a request that may change something must come from our own pages', () => {
  const cases: [string, Record<string, string>, boolean][] = [
    ['our origin', { origin: appOrigin }, true],
    ['no origin, same-origin fetch', { 'sec-fetch-site': 'same-origin' }, true],
    ['our origin beside a foreign fetch site', { origin: appOrigin, 'sec-fetch-site': 'cross-site' }, true],
    ['nothing', {}, false],
    ['no origin, same-site fetch', { 'sec-fetch-site': 'same-site' }, false],
    ['no origin, typed address', { 'sec-fetch-site': 'none' }, false],
    ['another host', { origin: 'https://evil.test' }, false],
    [
      'another host that claims same-origin',
      { origin: 'https://evil.test', 'sec-fetch-site': 'same-origin' },
      false,
    ],
    ['another scheme', { origin: 'http://attestry.test' }, false],
    ['another port', { origin: 'https://attestry.test:8443' }, false],
    ['a longer host', { origin: 'https://attestry.test.evil.test' }, false],
    ['the null origin', { origin: 'null' }, false],
    ['an empty origin', { origin: '', 'sec-fetch-site': 'same-origin' }, false],
    [
      'another host that forges X-Forwarded-Host',
      { origin: 'https://evil.test', 'x-forwarded-host': 'evil.test' },
      false,
    ],
    ['another host that forges Host', { origin: 'https://evil.test', host: 'evil.test' }, false],
  ]
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND', 'TRACE']) {
    test.each(cases)(`${method} with %s`, async (_, headers, isAllowed) => {
      for (const path of ['/', '/api/trpc/thing', '/api/anything', '/assets/x', '/healthz']) {
        reached = []
        const { status } = await send(path, {
          method,
          headers: { 'content-length': '0', ...headers },
          body: '',
        })
        if (isAllowed) expect(status, path).not.toBe(403)
        else {
          expect(status, path).toBe(403)
          expect(reached).toEqual([])
        }
      }
    })
  }

  test('reading is free', async () => {
    for (const method of ['GET', 'HEAD', 'OPTIONS']) {
      expect((await send('/', { method, headers: { origin: 'https://evil.test' } })).status).toBe(200)
    }
  })
})

describe('a body', () => {
  const own = { origin: appOrigin, 'content-type': 'application/x-www-form-urlencoded' }

  test('of just the limit is read', async () => {
    const answer = await send('/', {
      method: 'POST',
      headers: { ...own, 'content-length': String(largestBody) },
      body: 'a'.repeat(largestBody),
    })
    expect(answer.status).toBe(200)
  })

  test('that is too large is refused before it is sent', async () => {
    for (const path of ['/', '/api/trpc/thing']) {
      const answer = await send(path, {
        method: 'POST',
        headers: { ...own, 'content-length': String(largestBody + 1) },
      })
      expect(answer.status).toBe(413)
      expect(answer.headers.connection).toBe('close')
    }
  })

  test('of untold length is refused', async () => {
    const answer = await send('/', { method: 'POST', headers: { ...own, 'transfer-encoding': 'chunked' } })
    expect(answer.status).toBe(411)
  })
})

describe('forwarding headers', () => {
  const forged = {
    host: 'evil.test',
    'x-forwarded-host': 'evil.test',
    'x-forwarded-for': '203.0.113.9',
    'x-forwarded-proto': 'https',
    'x-real-ip': '203.0.113.9',
    forwarded: 'for=203.0.113.9;host=evil.test',
  }

  test('from nobody we trust are gone before the application sees them', async () => {
    reached = []
    await send('/', { headers: forged })
    const [{ headers = {}, ip } = {}] = reached
    expect(JSON.stringify(headers)).not.toMatch(/evil|203\.0\.113/)
    expect(headers.host).toBe('attestry.test')
    expect(ip).toBe('127.0.0.1')
  })

  test('from a trusted proxy tell the client’s address, and never the host', async () => {
    const to = await start(options({ trustedProxies: ['127.0.0.0/8'] }))
    reached = []
    await send('/', { headers: forged, to })
    const [{ headers = {}, ip } = {}] = reached
    expect(ip).toBe('203.0.113.9')
    expect(headers['x-forwarded-proto']).toBe('https')
    expect(JSON.stringify(headers)).not.toContain('evil')
  })
})

describe('errors', () => {
  test('show words and the request id, and leave the rest to the log', async () => {
    for (const accept of ['text/html', 'application/json']) {
      const { body, headers } = await send('/throws', { headers: { accept } })
      expect(body).toContain(headers['x-request-id'])
      expect(body).not.toMatch(/marked-detail|at .*\.ts/)
      const line = log
        .map(text => JSON.parse(text))
        .find(entry => entry.err && entry.requestId === headers['x-request-id'])
      expect(line).toMatchObject({ level: 'error', err: { cause: { message: 'marked-detail' } } })
    }
  })

  test('escape their words and keep to the policy', async () => {
    const { body, headers } = await send('/refuses', { headers: { accept: 'text/html' } })
    expect(body).toContain('A &lt;b&gt;conflict&lt;/b&gt;.')
    const nonce = /'nonce-([^']+)'/.exec(String(headers['content-security-policy']))?.[1]
    expect(body).toContain(`<style nonce="${nonce}">`)
  })

  test('after half an answer break it off', async () => {
    await expect(send('/breaks')).rejects.toThrow()
  })

  test('a target with a host of the client’s choice is malformed', async () => {
    expect((await send('http://evil.test/')).status).toBe(400)
  })
})

test('a missing asset is plain text, whatever the browser asked for, and never reaches a page', async () => {
  reached = []
  const { status, headers, body } = await send('/assets/gone-1.js', { headers: { accept: 'text/html' } })
  expect([status, headers['content-type'], body]).toEqual([404, 'text/plain; charset=utf-8', 'Not found\n'])
  expect(reached).toEqual([])
})

test('pages and assets are compressed, streams of events are not held back', async () => {
  const headers = { 'accept-encoding': 'gzip' }
  expect((await send('/', { headers })).headers['content-encoding']).toBe('gzip')
  expect((await send('/assets/app-3f2a.js', { headers })).headers['content-encoding']).toBe('gzip')
  const stream = httpRequest(`${origin}/api/trpc/live`, { headers }).end()
  const [response] = await once(stream, 'response')
  expect(response.headers['content-encoding']).toBeUndefined()
  const [chunk] = await once(response, 'data')
  expect(String(chunk)).toBe('data: 1\n\n')
  stream.destroy()
})

describe('health', () => {
  test('readiness names what fails, without reasons, while liveness holds', async () => {
    const readiness = async () => ({ database: 'marked-reason', queue: true })
    const to = await start({ ...options(), readiness })
    const { status, body } = await send('/readyz', { to })
    expect(status).toBe(503)
    expect(JSON.parse(body)).toEqual({ status: 'unavailable', checks: { database: 'failed', queue: 'ok' } })
    expect(log.join('')).toContain('marked-reason')
    expect((await send('/healthz', { to })).status).toBe(200)
    expect((await send('/readyz')).status).toBe(200)
  })

  test('readiness that throws or hangs is not ready', async () => {
    const broken = await start({ ...options(), readiness: () => Promise.reject(new Error('x')) })
    const hanging = await start({ ...options(), readiness: () => new Promise(() => undefined) })
    expect((await send('/readyz', { to: broken })).status).toBe(503)
    expect((await send('/readyz', { to: hanging })).status).toBe(503)
  })

  test('metrics are for this machine, or for a port of their own', async () => {
    expect((await send('/metrics')).body).toContain('attestry_http_request_duration_seconds')
    expect((await send('/metrics', { headers: { 'x-forwarded-for': '203.0.113.9' } })).body).toContain('page')
    const own = options({ metricsPort: 9000 })
    expect((await send('/metrics', { to: await start(own) })).body).toContain('page')
    const operations = originOf(await listen(createOperationsApp(own), { port: 0, host: '127.0.0.1' }))
    expect((await send('/metrics', { to: operations })).body).toContain(
      'attestry_http_request_duration_seconds',
    )
    expect((await send('/healthz', { to: operations })).status).toBe(200)
  })
})

test('logs name requests without their query and without tokens in their path', async () => {
  await send(`/invite/${'t'.repeat(43)}?token=marked-query`)
  const line = log.find(text => text.includes('/invite/'))
  expect(line).toContain('/invite/[redacted]')
  expect(log.join('')).not.toMatch(/marked-query|t{43}/)
})
