import type { Server } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import closeWithGrace from 'close-with-grace'
import type { Logger } from 'pino'

export interface ShutdownOptions {
  logger: Logger
  servers: readonly Server[]
  /** Ends everything behind the servers: jobs first, pools last. */
  close: () => Promise<void>
  /** Milliseconds between readiness failing and doors closing, for load balancers to notice. */
  noticePeriod?: number
  /** Milliseconds that requests in flight get to finish. */
  drainPeriod?: number
  /** Milliseconds after which the process ends whatever is still going on. */
  deadline?: number
}

export interface Shutdown {
  /** Readiness fails from the moment this is true. */
  isDraining(): boolean
  /** Aborted when draining begins, to end streams that would never end by themselves. */
  readonly signal: AbortSignal
}

/**
 * Makes SIGTERM and SIGINT end the process in order: readiness fails, streams end, connections drain, `close` runs. A
 * second signal ends it at once. So does, without a notice period, an error nobody caught: its exit code is 1.
 */
export function shutDownGracefully(options: ShutdownOptions): Shutdown {
  const { logger, servers, close, noticePeriod = 5_000, drainPeriod = 10_000, deadline = 45_000 } = options
  const draining = new AbortController()
  const closing = {
    delay: deadline,
    logger: { error: (error: unknown) => logger.error({ err: error }, 'shutdown') },
  }
  closeWithGrace(closing, async ({ err, signal }) => {
    draining.abort()
    if (err) logger.error({ err }, 'an error nobody caught; shutting down')
    else logger.info({ signal }, 'shutting down')
    if (!err) await delay(noticePeriod)
    await Promise.all(servers.map(server => drain(server, drainPeriod)))
    await close()
    logger.info({}, 'shut down')
  })
  return { isDraining: () => draining.signal.aborted, signal: draining.signal }
}

/** Takes no new connections, lets those in use finish for a while, then cuts them. */
export async function drain(server: Server, drainPeriod: number): Promise<void> {
  const closed = new Promise<void>(resolve => void server.close(() => resolve()))
  server.closeIdleConnections()
  const timer = setTimeout(() => server.closeAllConnections(), drainPeriod)
  await closed
  clearTimeout(timer)
}
