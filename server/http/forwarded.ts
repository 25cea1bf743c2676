import type { Request, RequestHandler } from 'express'

/**
 * Drops every forwarding header that no trusted proxy sent, and names our own origin as the host: Remix reads Host and
 * X-Forwarded-Host whoever wrote them.
 */
export function settleForwarding(appOrigin: string): RequestHandler {
  const { host } = new URL(appOrigin)
  return (request, _response, next) => {
    const isTrusted = peerIsTrusted(request)
    for (const name of Object.keys(request.headers)) {
      if (
        name === 'forwarded' ||
        name === 'x-real-ip' ||
        name === 'x-forwarded-host' ||
        name === 'x-forwarded-port'
      ) {
        delete request.headers[name]
      } else if (name.startsWith('x-forwarded-') && !isTrusted) {
        delete request.headers[name]
      }
    }
    request.headers.host = host
    next()
  }
}

/** Whether anything stands between the client and us, by what the request says. Ask before {@link settleForwarding}. */
export const isForwarded = (request: Request) =>
  Object.keys(request.headers).some(
    name => name === 'forwarded' || name === 'via' || name.startsWith('x-forwarded-'),
  )

function peerIsTrusted(request: Request): boolean {
  const trust: unknown = request.app.get('trust proxy fn')
  return typeof trust === 'function' && trust(request.socket.remoteAddress, 0) === true
}
