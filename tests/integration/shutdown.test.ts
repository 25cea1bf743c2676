import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { afterEach, expect, test } from 'vitest'

/** A process with one slow answer, one endless stream and one step to close, as the web process has. */
const program = (drainPeriod: number) => `
import { listen } from './server/http/listen.ts'
import { shutDownGracefully } from './server/http/shutdown.ts'
import { createLogger } from './server/log.ts'
let finish
let shutdown
const server = await listen((request, response) => {
  if (request.url === '/ready') return response.writeHead(shutdown.isDraining() ? 503 : 200).end()
  if (request.url === '/finish') return finish(), response.end()
  if (request.url === '/throw') return setImmediate(() => { throw new Error('nobody caught this') })
  response.writeHead(200, { 'content-type': 'text/plain' })
  response.write('begun\\n')
  if (request.url === '/slow') finish = () => response.end('done')
  if (request.url === '/stream') shutdown.signal.addEventListener('abort', () => response.end('bye'))
}, { port: 0, host: '127.0.0.1' })
shutdown = shutDownGracefully({
  logger: createLogger('info'), servers: [server], noticePeriod: 2_000, drainPeriod: ${drainPeriod},
  close: async () => console.log('closed'),
})
console.log(server.address().port)
`

let child: ChildProcessByStdio<null, Readable, null>
const lines: string[] = []

async function startProcess({ drainPeriod = 20_000 } = {}): Promise<string> {
  lines.length = 0
  child = spawn(process.execPath, ['--input-type=module', '--eval', program(drainPeriod)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const output = createInterface(child.stdout)
  output.on('line', line => lines.push(line))
  const [port] = await once(output, 'line')
  return `http://127.0.0.1:${port}`
}

afterEach(() => {
  child.kill('SIGKILL')
})

test('at SIGTERM readiness fails, streams end, a request in flight is finished, and what is behind is closed last', async () => {
  const origin = await startProcess()
  const stream = await fetch(`${origin}/stream`)
  const slow = await fetch(`${origin}/slow`)
  child.kill('SIGTERM')
  expect(await stream.text()).toBe('begun\nbye')
  expect((await fetch(`${origin}/ready`)).status).toBe(503)
  await fetch(`${origin}/finish`)
  expect(await slow.text()).toBe('begun\ndone')
  const [code] = await once(child, 'close')
  expect(code).toBe(0)
  expect(lines.at(-2)).toBe('closed')
})

test('a second signal ends it at once', async () => {
  const origin = await startProcess()
  const stream = await fetch(`${origin}/stream`)
  await fetch(`${origin}/slow`)
  child.kill('SIGTERM')
  await stream.text()
  child.kill('SIGTERM')
  const [code] = await once(child, 'close')
  expect(code).not.toBe(0)
  expect(lines).not.toContain('closed')
})

test('an error nobody caught is logged, and the process closes and exits with 1', async () => {
  const origin = await startProcess({ drainPeriod: 100 })
  await fetch(`${origin}/throw`).catch(() => undefined)
  const [code] = await once(child, 'close')
  expect(code).toBe(1)
  expect(lines.find(line => line.includes('nobody caught this'))).toContain('"level":"error"')
  expect(lines).toContain('closed')
})
