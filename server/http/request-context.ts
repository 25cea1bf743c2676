import { randomUUID } from 'node:crypto'
import type { RequestHandler } from 'express'
import type { Logger } from 'pino'

/** Gives each request an id (never one that a client chose) and logs one line when it is answered; no query, no body. */
export function giveRequestId(logger: Logger): RequestHandler {
  return (request, response, next) => {
    const requestId = randomUUID()
    const { method } = request
    const path = shownPath(request.path)
    const startedAt = performance.now()
    response.locals.requestId = requestId
    response.setHeader('X-Request-Id', requestId)
    response.once('close', () => {
      if (isRoutine(path)) return
      const milliseconds = Math.round(performance.now() - startedAt)
      logger.info({ requestId, method, path, status: response.statusCode, milliseconds }, 'request')
    })
    next()
  }
}

/** The id that {@link giveRequestId} gave: shown to people and found in the log. */
export function requestIdOf(response: { locals: Record<string, unknown> }): string {
  return String(response.locals.requestId)
}

/** The path as logs may show it: links of invitations and the like carry their token in it. */
export const shownPath = (path: string): string => path.replace(/[\w-]{40,}/g, '[redacted]').slice(0, 500)

const isRoutine = (path: string) =>
  path.startsWith('/assets/') || path === '/healthz' || path === '/readyz' || path === '/metrics'
