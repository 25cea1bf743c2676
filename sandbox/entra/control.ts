import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import type { Fault } from './faults.ts'
import type { Tenant } from './tenant.ts'

/**
 * The same handles for other processes, on loopback only:
 *
 * - `GET  /_control/clock` → `{ now }`
 * - `POST /_control/clock` with `{ "now": "<ISO instant>" | null }`, `{ "skew": <milliseconds> }` or both
 * - `POST /_control/throttles` with `{ "isEnforced": <boolean> }`
 * - `GET  /_control/tenants/{id}/requests`
 * - `POST /_control/tenants/{id}/{change}` with the change's own fields, for example
 *   `fault` `{ kind, path?, times?, … }`, `clear-faults`, `set-user` `{ user, patch }`, `remove-user` `{ user }`,
 *   `add-user` `{ patch }`, `set-policies` `{ policies }`, `set-licence` `{ licence }`,
 *   `set-security-defaults` `{ isEnabled }`, `set-granted-scopes` `{ scopes, clientId? }`,
 *   `set-secret` `{ value, expiresAt?, clientId? }`, `disable-account` `{ account }`, `revoke-sessions`
 */
export async function handleControl(
  standIn: ControlledStandIn,
  tenants: Map<string, Tenant>,
  req: IncomingMessage,
  res: ServerResponse,
  url: URL,
): Promise<void> {
  const [, , area, tenantId = '', action = ''] = url.pathname.split('/')
  const send = (status: number, body: unknown) => {
    res.writeHead(status, { 'content-type': 'application/json' })
    res.end(JSON.stringify(body))
  }
  try {
    const body: unknown = req.method === 'POST' ? JSON.parse((await readText(req)) || '{}') : {}
    if (area === 'clock') {
      if (req.method === 'POST') moveClock(standIn, clockBody.parse(body))
      return send(200, { now: standIn.now().toISOString() })
    }
    if (area === 'throttles' && req.method === 'POST') {
      standIn.enforceThrottles(throttlesBody.parse(body).isEnforced)
      return send(200, {})
    }
    const tenant = tenants.get(tenantId.toLowerCase())
    if (area !== 'tenants' || !tenant) return send(404, { error: 'unknown control path' })
    if (req.method === 'GET' && action === 'requests') return send(200, tenant.requests)
    const change = req.method === 'POST' ? changes[action] : undefined
    if (!change) return send(404, { error: 'unknown change' })
    return send(200, { result: change(tenant, body) ?? null })
  } catch (error) {
    return send(400, { error: String(error) })
  }
}

interface ControlledStandIn {
  setClock(instant: Date | null): void
  skewClock(milliseconds: number): void
  enforceThrottles(isEnforced: boolean): void
  now(): Date
}

const clockBody = z.object({
  now: z.iso
    .datetime({ offset: true })
    .transform(text => new Date(text))
    .nullish(),
  skew: z.number().optional(),
})
const throttlesBody = z.object({ isEnforced: z.boolean() })

function moveClock(standIn: ControlledStandIn, { now, skew }: z.infer<typeof clockBody>): void {
  if (now !== undefined) standIn.setClock(now)
  if (skew !== undefined) standIn.skewClock(skew)
}

const user = z.union([z.number().int(), z.string()])
const patch = z.record(z.string(), z.unknown())
const clientId = z.string().optional()
const faultBody = z.looseObject({
  kind: z.string(),
  path: z.string().optional(),
  times: z.number().optional(),
})

const changes: Record<string, (tenant: Tenant, body: unknown) => unknown> = {
  // The stand-in is driven by trusted tests: fields past the checked ones go through as they are.
  fault: (tenant, body) => tenant.fault(faultBody.parse(body) as unknown as Fault),
  'clear-faults': tenant => tenant.clearFaults(),
  'set-user': (tenant, body) => {
    const change = z.object({ user, patch }).parse(body)
    tenant.setUser(change.user, change.patch)
  },
  'remove-user': (tenant, body) => tenant.removeUser(z.object({ user }).parse(body).user),
  'add-user': (tenant, body) => tenant.addUser(z.object({ patch }).parse(body).patch),
  'set-policies': (tenant, body) =>
    tenant.setPolicies(
      z.object({ policies: z.array(z.looseObject({ id: z.string() })).nullable() }).parse(body).policies,
    ),
  'set-licence': (tenant, body) =>
    tenant.setLicence(z.object({ licence: z.enum(['none', 'P1', 'P2']) }).parse(body).licence),
  'set-security-defaults': (tenant, body) =>
    tenant.setSecurityDefaults(z.object({ isEnabled: z.boolean() }).parse(body).isEnabled),
  'set-granted-scopes': (tenant, body) => {
    const change = z.object({ scopes: z.array(z.string()), clientId }).parse(body)
    tenant.setGrantedScopes(change.scopes, change.clientId)
  },
  'set-secret': (tenant, body) => {
    const change = z
      .object({ value: z.string(), expiresAt: z.coerce.date().optional(), clientId })
      .parse(body)
    const expires = change.expiresAt ? { expiresAt: change.expiresAt } : {}
    tenant.setSecret({ value: change.value, ...expires }, change.clientId)
  },
  'disable-account': (tenant, body) =>
    tenant.disableAccount(z.object({ account: z.string() }).parse(body).account),
  'revoke-sessions': tenant => tenant.revokeSessions(),
}

async function readText(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of req) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}
