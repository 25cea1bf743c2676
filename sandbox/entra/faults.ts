import type { IncomingMessage, ServerResponse } from 'node:http'
import { sendGraphError, sendThrottled } from './graph/errors.ts'

/** What can be made to go wrong with an answer. */
export type FaultKind =
  | 'throttle'
  | 'status'
  | 'reset'
  | 'stall'
  | 'slow'
  | 'truncated-json'
  | 'cut-body'
  | 'html-200'
  | 'empty-body'
  | 'loop-next-link'
  | 'foreign-next-link'
  | 'wrong-count'
  | 'missing-value'
  | 'claims-challenge'
  | 'token-error'

export interface Fault {
  kind: FaultKind
  /** A part of the path and query, or a pattern on it. Token errors look at the token path, others at Graph's. */
  path?: string | RegExp
  /** How many requests it hits; for ever when left out. */
  times?: number
  /** `Retry-After` of a throttle: seconds (decimals are kept), an HTTP date, or null for none. Default 2. */
  retryAfter?: number | string | null
  /** For `status`. */
  status?: number
  headers?: Record<string, string>
  body?: unknown
  /**
   * For `slow`, which sends half of the body at once: milliseconds before the other half (default 1,000). For `stall`:
   * before the connection is cut; a stall without it never ends.
   */
  delayMs?: number
  /** For `loop-next-link`: to the page itself (the default) or back to the first one. */
  to?: 'itself' | 'first'
  /** For `wrong-count`: added to every count (default 25). */
  by?: number
  /** For `token-error`. */
  error?: string
  code?: number
  suberror?: string
}

export interface FaultList {
  add(fault: Fault): void
  clear(): void
  /** The first fault that this request meets, counted as used. */
  take(pathAndQuery: string, area: 'graph' | 'token'): Fault | undefined
}

/** Faults of one tenant, met in the order in which they were asked for. */
export function createFaults(): FaultList {
  let faults: { fault: Fault; left: number }[] = []
  return {
    add: fault => void faults.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY }),
    clear: () => {
      faults = []
    },
    take(pathAndQuery, area) {
      const entry = faults.find(({ fault, left }) => left > 0 && concerns(fault, pathAndQuery, area))
      if (entry) entry.left -= 1
      return entry?.fault
    },
  }
}

function concerns(fault: Fault, pathAndQuery: string, area: 'graph' | 'token'): boolean {
  if (fault.path instanceof RegExp) return fault.path.test(pathAndQuery)
  if (fault.path !== undefined) return pathAndQuery.includes(fault.path)
  return (fault.kind === 'token-error') === (area === 'token')
}

/** Answers with a fault that needs no real answer; false when the fault only changes one. */
export function answerWithFault(fault: Fault, req: IncomingMessage, res: ServerResponse): boolean {
  switch (fault.kind) {
    case 'throttle':
      sendThrottled(res, fault.retryAfter === undefined ? 2 : fault.retryAfter)
      return true
    case 'status':
      sendStatus(fault, res)
      return true
    case 'reset':
      req.socket.destroy()
      return true
    case 'html-200':
      res.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
      res.end('<!doctype html><title>Working on it</title><p>We are sorry, something went wrong.')
      return true
    case 'empty-body':
      res.writeHead(200, { 'content-type': 'application/json' })
      res.end()
      return true
    case 'claims-challenge':
      sendGraphError(
        res,
        401,
        'InvalidAuthenticationToken',
        'Continuous access evaluation resulted in challenge with result: InteractionRequired and code: TokenIssuedBeforeRevocationTimestamp',
        { 'www-authenticate': claimsChallenge },
      )
      return true
    case 'stall':
      res.writeHead(200, { 'content-type': 'application/json' })
      res.write('{"value":[')
      if (fault.delayMs !== undefined) setTimeout(() => req.socket.destroy(), fault.delayMs).unref()
      return true
    default:
      return false
  }
}

function sendStatus(fault: Fault, res: ServerResponse): void {
  const { status = 503, body, headers } = fault
  if (body === undefined) {
    sendGraphError(res, status, 'ServiceNotAvailable', 'The service is unavailable.', headers)
    return
  }
  const isText = typeof body === 'string'
  res.writeHead(status, { 'content-type': isText ? 'text/html' : 'application/json', ...headers })
  res.end(isText ? body : JSON.stringify(body))
}

/** Sends a good answer's text in the way the fault says; false when it is to be sent as it is. */
export function sendSpoiled(
  fault: Fault,
  res: ServerResponse,
  headers: Record<string, string>,
  text: string,
): boolean {
  const bytes = Buffer.from(text)
  const half = Math.floor(bytes.length / 2)
  const announced = { ...headers, 'content-length': bytes.length }
  switch (fault.kind) {
    case 'truncated-json':
      res.writeHead(200, headers)
      res.end(bytes.subarray(0, half))
      return true
    case 'cut-body':
      res.writeHead(200, announced)
      res.write(bytes.subarray(0, half), () => res.destroy())
      return true
    case 'slow':
      res.writeHead(200, announced)
      res.write(bytes.subarray(0, half))
      setTimeout(() => res.end(bytes.subarray(half)), fault.delayMs ?? 1_000).unref()
      return true
    default:
      return false
  }
}

/** Changes a good answer's body as the fault says. */
export function spoilBody(
  fault: Fault | undefined,
  body: Record<string, unknown>,
  asked: URL,
): Record<string, unknown> {
  switch (fault?.kind) {
    case 'loop-next-link':
      return { ...body, '@odata.nextLink': fault.to === 'first' ? withoutSkipToken(asked) : asked.href }
    case 'foreign-next-link':
      return { ...body, '@odata.nextLink': 'https://graph.example.net/v1.0/users?$skiptoken=stolen' }
    case 'missing-value': {
      const { value: _value, ...rest } = body
      return rest
    }
    case 'wrong-count':
      return typeof body['@odata.count'] === 'number'
        ? { ...body, '@odata.count': body['@odata.count'] + (fault.by ?? 25) }
        : body
    default:
      return body
  }
}

function withoutSkipToken({ origin, pathname, search }: URL): string {
  return `${origin}${pathname}${search.replace(/[?&](\$|%24)skiptoken=[^&]*/i, '')}`
}

const claims = Buffer.from('{"access_token":{"acrs":{"essential":true,"value":"cp1"}}}').toString('base64')
const claimsChallenge = `Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", error="insufficient_claims", claims="${claims}"`
