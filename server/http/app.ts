import compression from 'compression'
import express, { type Express, type RequestHandler } from 'express'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import { serveAssets } from './assets.ts'
import { handleErrors } from './error-handler.ts'
import { formsOnly } from './forms-only.ts'
import { settleForwarding } from './forwarded.ts'
import { type Readiness, serveHealth, serveMetrics } from './health.ts'
import { isEventStream, measureRequests } from './metrics.ts'
import { checkOrigin } from './origin-check.ts'
import { giveRequestId } from './request-context.ts'
import { limitRequest } from './request-limits.ts'
import { setSecurityHeaders } from './security-headers.ts'

export interface HttpAppOptions {
  config: {
    appOrigin: string
    trustedProxies: readonly string[]
    metricsPort: number | undefined
  }
  logger: Logger
  metrics: Registry
  readiness: Readiness
  /** Where connectors send people to sign in: the fixed hosts of their manifests, or what stands in for them. */
  signInOrigins: readonly string[]
  /** The folder the browser's part was built into. */
  clientFolder: string
  /** Answers below /api/trpc. */
  trpcHandler: RequestHandler
  /** Answers everything else. */
  remixHandler: RequestHandler
}

/**
 * The web process as people and their browsers meet it. The order is the point: headers, then the border, then what
 * needs no application, then the application, then its errors.
 */
export function createHttpApp(options: HttpAppOptions): Express {
  const { config, logger, metrics, readiness } = options
  const app = express()
  app.disable('x-powered-by')
  app.set('trust proxy', [...config.trustedProxies])
  app.set('query parser', 'simple')

  app.use(giveRequestId(logger))
  app.use(setSecurityHeaders({ appOrigin: config.appOrigin, signInOrigins: options.signInOrigins }))
  // Before forwarding headers are dropped: they tell that a request came through a proxy.
  if (config.metricsPort === undefined) app.use(serveMetrics(metrics, { onlyLoopback: true }))
  app.use(settleForwarding(config.appOrigin))
  app.use(checkOrigin(config.appOrigin))
  app.use(limitRequest)
  app.use(measureRequests(metrics))

  app.use(serveHealth({ readiness, logger }))
  app.use(compression({ filter: isCompressed }))
  app.use(serveAssets(options.clientFolder))

  app.use('/api/trpc', options.trpcHandler)
  app.all('*', formsOnly, options.remixHandler)
  app.use(handleErrors(logger))
  return app
}

/** Streams of events must leave at once; a compressor would hold them back. */
const isCompressed: compression.CompressionFilter = (request, response) =>
  !isEventStream(response.getHeader('content-type')) && compression.filter(request, response)
