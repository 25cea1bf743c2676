import { setTimeout as delay } from 'node:timers/promises'
import express, { type Express, Router } from 'express'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import { isForwarded } from './forwarded.ts'

/** What each part that is needed says: `true` when it is ready, else why not. */
export type Readiness = () => Promise<Record<string, boolean | string>>

export interface HealthOptions {
  readiness: Readiness
  logger: Logger
}

/** `/healthz`: the process answers, whatever else is down. `/readyz`: 503 while any part is not ready; names only. */
export function serveHealth({ readiness, logger }: HealthOptions): Router {
  const router = Router()
  router.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' })
  })
  router.get('/readyz', async (_request, response) => {
    const checks = await answerInTime(readiness, logger)
    const failed = Object.entries(checks).filter(([, state]) => state !== true)
    if (failed.length > 0) logger.warn({ failed: Object.fromEntries(failed) }, 'not ready')
    const shown = Object.fromEntries(
      Object.entries(checks).map(([name, state]) => [name, state === true ? 'ok' : 'failed']),
    )
    response
      .status(failed.length > 0 ? 503 : 200)
      .json({ status: failed.length > 0 ? 'unavailable' : 'ok', checks: shown })
  })
  return router
}

/** `/metrics` in Prometheus' format. With `onlyLoopback` it answers this machine alone, and nobody through a proxy. */
export function serveMetrics(metrics: Registry, { onlyLoopback }: { onlyLoopback: boolean }): Router {
  const router = Router()
  router.get('/metrics', async (request, response, next) => {
    if (onlyLoopback && (isForwarded(request) || !isLoopback(request.socket.remoteAddress))) return next()
    try {
      response.type(metrics.contentType).send(await metrics.metrics())
    } catch (error) {
      next(error)
    }
  })
  return router
}

/** Health and metrics for a port of their own (METRICS_PORT), which only the operator's network reaches. */
export function createOperationsApp({ metrics, ...health }: HealthOptions & { metrics: Registry }): Express {
  const app = express()
  app.disable('x-powered-by')
  app.use(serveHealth(health), serveMetrics(metrics, { onlyLoopback: false }))
  return app
}

/** Milliseconds within which readiness must be known: probes do not wait long. */
const patience = 3_000

async function answerInTime(readiness: Readiness, logger: Logger): ReturnType<Readiness> {
  const timeUp = new AbortController()
  try {
    const late = delay(patience, { readiness: 'took too long' }, { signal: timeUp.signal, ref: false })
    return await Promise.race([readiness(), late])
  } catch (error) {
    logger.warn({ err: error }, 'readiness could not be told')
    return { readiness: 'failed' }
  } finally {
    timeUp.abort()
  }
}

const isLoopback = (address = '') => address === '::1' || /^(?:::ffff:)?127\./.test(address)
