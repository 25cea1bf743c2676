import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTcpServer } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, expect, test } from 'vitest'
import { Secret } from '../../server/vault/secret.ts'
import { createPostWebhook, type PostWebhook } from '../../server/webhooks/post.ts'
import { signatureHeaders } from '../../server/webhooks/sign.ts'

const received: { headers: IncomingMessage['headers']; body: string; path: string }[] = []
let answer: (response: ServerResponse) => void = response => void response.writeHead(204).end()
const receiver = createServer((request, response) => {
  void text(request).then(body => {
    received.push({ headers: request.headers, body, path: request.url ?? '' })
    answer(response)
  })
})
receiver.listen(0, '127.0.0.1')
await once(receiver, 'listening')
afterAll(() => receiver.close())
const port = portOf(receiver)

const secret = new Secret('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')
const message = { id: 'msg_1', at: new Date('2026-11-20T06:00:00.500Z'), body: '{"type":"test"}' }
const post = createPostWebhook({ allowLoopback: true })
const to = (url: string, by: PostWebhook = post) => by({ url: new URL(url), secret }, message)

test('a message arrives whole, signed over id, time and body', async () => {
  expect(await to(`http://127.0.0.1:${port}/hooks/a?b=c`)).toEqual({ isDelivered: true, status: 204 })
  const { headers, body, path } = received.at(-1) ?? {}
  expect([path, body]).toEqual(['/hooks/a?b=c', message.body])
  expect(headers).toMatchObject({ 'content-type': 'application/json', ...signatureHeaders(secret, message) })
})

test.each([
  [200, true, null],
  [302, false, true],
  [400, false, false],
  [410, false, true],
  [429, false, false],
  [503, false, false],
])('an answer with status %i: delivered %s, final %s', async (status, isDelivered, isFinal) => {
  answer = response => void response.writeHead(status, { location: 'http://127.0.0.1:1/' }).end('words')
  const outcome = await to(`http://127.0.0.1:${port}/`)
  expect(outcome).toMatchObject({ isDelivered, status, ...(isFinal === null ? {} : { isFinal }) })
})

test('a redirect is not followed', async () => {
  const before = received.length
  answer = response => void response.writeHead(307, { location: `http://127.0.0.1:${port}/elsewhere` }).end()
  expect(await to(`http://127.0.0.1:${port}/`)).toMatchObject({ isDelivered: false, status: 307 })
  expect(received.slice(before).map(({ path }) => path)).toEqual(['/'])
})

test('a receiver that breaks off, that is not there or that is no web server is told in words', async () => {
  answer = response => void response.destroy()
  const broken = await to(`http://127.0.0.1:${port}/`)
  const silent = createTcpServer()
  silent.listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const free = portOf(silent)
  await new Promise(done => silent.close(done))
  const absent = await to(`http://127.0.0.1:${free}/`)
  const plain = await to(`https://127.0.0.1:${port}/`)
  for (const outcome of [broken, absent, plain]) {
    expect(outcome).toMatchObject({ isDelivered: false, status: null, isFinal: false })
    expect(outcome).toHaveProperty('explanation', expect.stringMatching(/\.$/))
  }
})

test('a name that leads to this machine is refused before anything is sent, unless that is allowed', async () => {
  const before = received.length
  const strict = createPostWebhook({ allowLoopback: false })
  for (const url of [`https://localhost:${port}/`, `https://127.0.0.1:${port}/`, `https://[::1]:${port}/`]) {
    expect(await to(url, strict)).toMatchObject({ isDelivered: false, isFinal: true, status: null })
  }
  expect(received.length).toBe(before)
})

test('of several addresses one bad one is enough', async () => {
  const mixed = createPostWebhook({ allowLoopback: true }, (_, __, done) =>
    done(null, [
      { address: '127.0.0.1', family: 4 },
      { address: '10.0.0.1', family: 4 },
    ]),
  )
  expect(await to(`http://hooks.example.com:${port}/`, mixed)).toMatchObject({
    isDelivered: false,
    isFinal: true,
  })
})

test('a name is looked up once an attempt: what it leads to a moment later is never asked', async () => {
  answer = response => void response.writeHead(204).end()
  const asked: string[] = []
  const rebinding = createPostWebhook({ allowLoopback: true }, (hostname, _, done) => {
    asked.push(hostname)
    const address = asked.length === 1 ? '127.0.0.1' : '169.254.169.254'
    done(null, [{ address, family: 4 }])
  })
  const url = `http://hooks.example.com:${port}/`
  expect(await to(url, rebinding)).toMatchObject({ isDelivered: true })
  expect(asked).toEqual(['hooks.example.com'])
  expect(await to(url, rebinding)).toMatchObject({ isDelivered: false, isFinal: true })
  expect(asked).toHaveLength(2)
})

test('a shutdown ends an attempt that waits', async () => {
  const shutdown = new AbortController()
  answer = () => shutdown.abort()
  const outcome = await post({ url: new URL(`http://127.0.0.1:${port}/`), secret }, message, shutdown.signal)
  expect(outcome).toMatchObject({ isDelivered: false, isFinal: false })
})

function portOf(server: { address(): unknown }): number {
  const address = server.address()
  if (typeof address !== 'object' || address === null || !('port' in address)) throw new Error('no port')
  return Number(address.port)
}
