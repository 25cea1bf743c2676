import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { initTRPC, tracked } from '@trpc/server'
import { createExpressMiddleware } from '@trpc/server/adapters/express'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { createHttpApp } from '../../server/http/app.ts'
import { listen } from '../../server/http/listen.ts'
import { until } from '../support/waiting.ts'

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

test('a subscription ends when its reader is gone, also after the garbage collector ran', async () => {
  const live = { open: 0 }
  const t = initTRPC.create()
  const ticks = t.procedure.subscription(async function* ({ signal }) {
    live.open += 1
    try {
      yield tracked('1', 'first')
      await new Promise(resolve => signal?.addEventListener('abort', resolve, { once: true }))
    } finally {
      live.open -= 1
    }
  })
  const app = createHttpApp({
    config: {
      appOrigin: 'http://localhost',
      trustedProxies: [],
      metricsPort: undefined,
    },
    logger: pino({ level: 'silent' }),
    metrics: new Registry(),
    readiness: async () => ({}),
    signInOrigins: [],
    clientFolder: import.meta.dirname,
    trpcHandler: createExpressMiddleware({ router: t.router({ ticks }) }),
    remixHandler: (_request, response) => void response.sendStatus(404),
  })
  const server = await listen(app, { port: 0, host: '127.0.0.1' })
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0

  const readers = Array.from({ length: 3 }, () => new AbortController())
  for (const reader of readers) {
    const answer = await fetch(`http://127.0.0.1:${port}/api/trpc/ticks`, {
      signal: reader.signal,
      headers: { accept: 'text/event-stream' },
    })
    await answer.body?.getReader().read()
  }
  await until(async () => live.open === 3)
  for (let round = 0; round < 5; round++) collectGarbage()
  for (const reader of readers) reader.abort()
  await until(async () => live.open === 0)
  expect(live.open).toBe(0)
  server.closeAllConnections()
  server.close()
})
