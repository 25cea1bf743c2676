import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { handleControl } from './control.ts'
import { createGraph } from './graph/handle.ts'
import { createLogin } from './login/handle.ts'
import { openSessions } from './login/sessions.ts'
import { createTenant, type Tenant } from './tenant.ts'
import type { Clock, StartEntraOptions } from './types.ts'

export interface EntraStandIn {
  /** Serves `/v1.0/…` (Graph), `/{tenant}/…` (login) and `/_control/…`. */
  origin: string
  tenant(id: string): Tenant
  /** Freezes the stand-in's clock at an instant; null lets the given clock run again. */
  setClock(instant: Date | null): void
  /** How far its clock is ahead of the given or frozen one, in milliseconds; negative where it is behind. */
  skewClock(milliseconds: number): void
  /** Whether it answers 429 past Graph's documented limits. */
  enforceThrottles(isEnforced: boolean): void
  now(): Date
  stop(): Promise<void>
}

/** Starts the stand-in on 127.0.0.1 with the tenants given. */
export async function startEntra(options: StartEntraOptions): Promise<EntraStandIn> {
  const outer: Clock = options.clock ?? { now: () => new Date() }
  let frozen: Date | null = null
  let skew = 0
  let isThrottling = options.enforceThrottles ?? false
  const clock: Clock = { now: () => new Date((frozen ?? outer.now()).getTime() + skew) }
  const sessions = await openSessions(options.statePath)
  const tenants = new Map(
    options.tenants.map(spec => [spec.tenantId.toLowerCase(), createTenant(spec, clock)]),
  )
  const graph = createGraph({ clock, sessions, tenants, isThrottling: () => isThrottling })
  const login = createLogin({
    clock,
    sessions,
    tenants,
    accessTokenSeconds: options.accessTokenSeconds ?? 3599,
  })

  const server = createServer((req, res) => {
    const url = new URL(req.url ?? '/', 'http://stand-in')
    res.setHeader('date', clock.now().toUTCString())
    const run = async () => {
      if (url.pathname.startsWith('/v1.0/')) graph(req, res, url)
      else if (url.pathname.startsWith('/_control/')) await handleControl(standIn, tenants, req, res, url)
      else await login(req, res, url)
    }
    run().catch((error: unknown) => {
      console.error('stand-in for Entra:', error)
      if (!res.headersSent) res.writeHead(500)
      res.end()
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  // A listening TCP server always has an address object.
  const { port } = server.address() as AddressInfo

  const standIn: EntraStandIn = {
    origin: `http://127.0.0.1:${port}`,
    tenant(id) {
      const tenant = tenants.get(id.toLowerCase())
      if (!tenant) throw new Error(`The stand-in has no tenant ${id}`)
      return tenant
    },
    setClock(instant) {
      frozen = instant
    },
    skewClock(milliseconds) {
      skew = milliseconds
    },
    enforceThrottles(isEnforced) {
      isThrottling = isEnforced
    },
    now: () => clock.now(),
    async stop() {
      sessions.flush()
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
  return standIn
}
