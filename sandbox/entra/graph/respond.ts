import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Fault, sendSpoiled, spoilBody } from '../faults.ts'
import type { Tenant } from '../tenant.ts'

export interface GraphCall {
  req: IncomingMessage
  res: ServerResponse
  /** URL as asked, on the tenant's production Graph host. */
  url: URL
  tenant: Tenant
  /** When this was asked, or, of a later page, when the first one was. */
  now: Date
  fault: Fault | undefined
  /** Granted delegated scopes of the token, in lower case. */
  scopes: Set<string>
}

/** Writes a 200 with the JSON headers of Graph, spoiled first if a fault asks for it. */
export function sendJson(call: GraphCall, body: Record<string, unknown>): void {
  const { fault, res, url } = call
  const id = randomUUID()
  const text = JSON.stringify(spoilBody(fault, body, url))
  const headers = {
    'content-type':
      'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8',
    'odata-version': '4.0',
    'request-id': id,
    'client-request-id': id,
  }
  if (fault && sendSpoiled(fault, res, headers, text)) return
  res.writeHead(200, { ...headers, 'content-length': Buffer.byteLength(text) })
  res.end(text)
}

/** A page of a collection: `@odata.context`, the rows and, when more follow, a link on the production host. */
export function sendPage(
  call: GraphCall,
  context: string,
  value: Record<string, unknown>[],
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
