import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Fault, type GraphErrorWriter, spoilBody } from '../faults.ts'
import type { Tenant } from '../tenant.ts'

/** Writes an error as Graph does: code, message and an innerError with date and request id. */
export const sendGraphError: GraphErrorWriter = (res, status, code, message, headers = {}) => {
  const id = randomUUID()
  const innerError = {
    date: new Date().toISOString().slice(0, 19),
    'request-id': id,
    'client-request-id': id,
  }
  res.writeHead(status, {
    'content-type': 'application/json',
    'request-id': id,
    'client-request-id': id,
    ...headers,
  })
  res.end(JSON.stringify({ error: { code, message, innerError } }))
}

export interface GraphCall {
  req: IncomingMessage
  res: ServerResponse
  /** URL as asked, on the tenant's production Graph host. */
  url: URL
  tenant: Tenant
  now: Date
  fault: Fault | undefined
  /** Granted delegated scopes of the token, in lower case. */
  scopes: Set<string>
}

/** Writes a 200 with the JSON headers of Graph, spoiled first if a fault asks for it. */
export function sendJson(call: GraphCall, body: Record<string, unknown>): void {
  const id = randomUUID()
  const text = JSON.stringify(spoilBody(call.fault, body, call.url.href))
  const headers = {
    'content-type':
      'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8',
    'odata-version': '4.0',
    'request-id': id,
    'client-request-id': id,
    date: call.now.toUTCString(),
  }
  if (call.fault?.kind === 'truncated-json') {
    call.res.writeHead(200, headers)
    call.res.end(text.slice(0, Math.floor(text.length / 2)))
    return
  }
  const send = () => {
    call.res.writeHead(200, { ...headers, 'content-length': Buffer.byteLength(text) })
    call.res.end(text)
  }
  if (call.fault?.kind === 'slow') setTimeout(send, call.fault.delayMs ?? 1000).unref()
  else send()
}

/** A page of a collection: `@odata.context`, the rows and, when more follow, a link on the production host. */
export function sendPage(
  call: GraphCall,
  context: string,
  value: unknown[],
  more: { skipToken?: string | undefined; count?: number | undefined } = {},
): void {
  const body: Record<string, unknown> = {
    '@odata.context': `${call.tenant.hosts.graph}/v1.0/$metadata#${context}`,
  }
  if (more.count !== undefined) body['@odata.count'] = more.count
  if (more.skipToken !== undefined) {
    body['@odata.nextLink'] = nextLink(call.url, more.skipToken)
  }
  sendJson(call, { ...body, value })
}

/** The asked URL with another `$skiptoken`; the other parameters stay as they were written. */
function nextLink(url: URL, skipToken: string): string {
  const rest = url.search
    .slice(1)
    .split('&')
    .filter(part => part !== '' && !/^(\$|%24)skiptoken=/i.test(part))
  return `${url.origin}${url.pathname}?${[...rest, `$skiptoken=${skipToken}`].join('&')}`
}
