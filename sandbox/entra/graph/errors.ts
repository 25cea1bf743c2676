import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'

/** Writes an error as Graph does: code, message and an innerError with date and request id. */
export function sendGraphError(
  res: ServerResponse,
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
): void {
  send(res, status, { code, message }, {}, headers)
}

/** Writes a 429 as Graph does, which says more in its innerError; `retryAfter` as the header has it, null for none. */
export function sendThrottled(res: ServerResponse, retryAfter: number | string | null): void {
  const inner = { code: '429', message: 'Please retry after', status: '429' }
  const headers: Record<string, string> = retryAfter === null ? {} : { 'retry-after': String(retryAfter) }
  send(res, 429, { code: 'TooManyRequests', message: 'Please retry again later.' }, inner, headers)
}

function send(
  res: ServerResponse,
  status: number,
  error: { code: string; message: string },
  inner: Record<string, string>,
  headers: Record<string, string>,
): void {
  const id = randomUUID()
  const innerError = {
    ...inner,
    // The answer's own date, on the stand-in's clock.
    date: new Date(String(res.getHeader('date'))).toISOString().slice(0, 19),
    'request-id': id,
    'client-request-id': id,
  }
  res.writeHead(status, {
    'content-type': 'application/json',
    'request-id': id,
    'client-request-id': id,
    ...headers,
  })
  res.end(JSON.stringify({ error: { ...error, innerError } }))
}
