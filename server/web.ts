import { createRequestHandler } from '@remix-run/express'
import type { ServerBuild } from '@remix-run/node'
import { createExpressMiddleware } from '@trpc/server/adapters/express'
import type { Express, Request, Response } from 'express'
import { collectDefaultMetrics, Registry } from 'prom-client'
import type { Config } from './config.ts'
import type { ConnectorRegistry } from './connectors/registry.ts'
import { KeptFrames } from './coverage/kept-frames.ts'
import { KeptOverviews } from './coverage/kept-overviews.ts'
import { createHttpApp } from './http/app.ts'
import type { Readiness } from './http/health.ts'
import { requestIdOf } from './http/request-context.ts'
import type { Services } from './services.ts'
import type { Context } from './trpc/context.ts'
import { describeError, toTrpcError } from './trpc/error-map.ts'
import { appRouter, createCaller } from './trpc/router.ts'

export interface WebOptions {
  config: Pick<Config, 'appOrigin' | 'trustedProxies' | 'metricsPort'>
  services: Services
  readiness: Readiness
  build: ServerBuild
  /** The folder the browser's part was built into. */
  clientFolder: string
}

/** The web process: procedures at /api/trpc, pages everywhere else, both with the same context. */
export function createWeb({ config, services, readiness, build, clientFolder }: WebOptions): {
  app: Express
  metrics: Registry
} {
  const metrics = new Registry()
  collectDefaultMetrics({ register: metrics })
  const kept = { keptOverviews: new KeptOverviews(), keptFrames: new KeptFrames() }
  const contextOf = async (request: Request, response: Response) => ({
    ...(await createContext(services, request, response)),
    ...kept,
  })
  const app = createHttpApp({
    config,
    logger: services.logger,
    metrics,
    readiness,
    signInOrigins: signInOrigins(services.connectors),
    clientFolder,
    trpcHandler: createExpressMiddleware({
      router: appRouter,
      createContext: ({ req, res }) =>
        contextOf(req, res).catch((error: unknown) => {
          throw contextRefused(services, requestIdOf(res), error)
        }),
      // One request, one call: a batch would be thousands of them that nothing counts.
      allowBatching: false,
    }),
    remixHandler: createRequestHandler({
      build,
      // Whatever NODE_ENV says: the other modes tell visitors where an error was thrown.
      mode: 'production',
      getLoadContext: async (request, response) => {
        const context = await contextOf(request, response)
        return {
          caller: createCaller(context),
          cspNonce: String(response.locals.cspNonce),
          requestId: context.requestId,
          isSecure: services.appOrigin.startsWith('https:'),
          now: services.clock.now(),
        }
      },
    }),
  })
  return { app, metrics }
}

/** Each once: clouds may share a host. */
const signInOrigins = (connectors: ConnectorRegistry): string[] => [
  ...new Set(connectors.all().flatMap(({ manifest }) => manifest.clouds.map(cloud => cloud.loginOrigin))),
]

/** The session is looked up before any procedure, and so outside of what tells their errors. */
function contextRefused({ logger }: Services, requestId: string, error: unknown) {
  const refused = toTrpcError(error)
  const { code, logLevel } = describeError(refused)
  logger[logLevel]({ requestId, code, err: refused.cause ?? refused }, 'request failed')
  return refused
}

async function createContext(services: Services, request: Request, response: Response): Promise<Context> {
  const requestId = requestIdOf(response)
  const headers = new Headers()
  if (request.headers.cookie) headers.set('cookie', request.headers.cookie)
  const agent = request.headers['user-agent']
  if (agent) headers.set('user-agent', agent)
  return {
    services,
    requestId,
    logger: services.logger.child({ requestId }),
    headers,
    clientAddress: request.ip ?? 'unknown',
    signedIn: headers.has('cookie') ? await services.auth.session(headers) : null,
    accesses: new Map(),
    reading: services.database.sharedSnapshot(),
    setCookie: cookie => void response.append('Set-Cookie', cookie),
  }
}
