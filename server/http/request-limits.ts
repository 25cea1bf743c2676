import type { IncomingMessage } from 'node:http'
import type { RequestHandler } from 'express'
import { AppError } from '../errors.ts'

/** Bytes a request may carry: forms and procedure inputs are small. */
export const largestBody = 1024 * 1024

/**
 * Refuses, before any of it is read, a body that is too large or of untold length (browsers tell it), a target that is
 * not a path: a proxy's absolute form would name a host of the client's choice, and a request that names no host or
 * several (RFC 9112, 3.2), of which a proxy may have taken another one.
 */
export const limitRequest: RequestHandler = (request, response, next) => {
  const refuse = (status: number, message: string, userMessage: string) => {
    response.status(status)
    next(new AppError('bad_input', message, { userMessage }))
  }
  const length = Number(request.headers['content-length'] ?? 0)
  if (!request.originalUrl.startsWith('/'))
    refuse(400, 'a target that is not a path', 'The address is malformed.')
  else if (!namesOneHost(request)) refuse(400, 'no host, or several', 'The request is malformed.')
  else if (request.headers['transfer-encoding'] !== undefined)
    refuse(411, 'a body of untold length', 'The request does not say how long it is.')
  else if (length > largestBody)
    refuse(413, 'a body that is too large', 'This is too much to send at once: 1 MB is the limit.')
  else next()
}

/** As it was sent: of several, `headers` has the first. HTTP/1.0 knows none. */
function namesOneHost({ rawHeaders, httpVersion }: IncomingMessage): boolean {
  const hosts = rawHeaders.filter((text, index) => index % 2 === 0 && text.toLowerCase() === 'host')
  return hosts.length === 1 || (hosts.length === 0 && httpVersion === '1.0')
}
