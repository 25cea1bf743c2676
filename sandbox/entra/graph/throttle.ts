import type { Tenant } from '../tenant.ts'
import type { Clock } from '../types.ts'

export interface ThrottleVerdict {
  /** Null where Graph sends no Retry-After. */
  retryAfterSeconds: number | null
}

/** Says of a request which refusal it meets, or null. Every request counts, a refused one too. */
export type JudgeThrottle = (
  tenant: Tenant,
  clientId: string,
  path: string,
  params: URLSearchParams,
) => ThrottleVerdict | null

/**
 * Keeps Graph's documented limits on the stand-in's clock. A request may fall under several. Source: Graph
 * "service-specific throttling limits".
 */
export function createThrottle(clock: Clock): JudgeThrottle {
  const seen = new Map<string, { at: number; cost: number }[]>()

  /** Seconds until there is room again; null where there is room. */
  const takes = (key: string, { window, units }: Limit, cost: number): number | null => {
    const now = clock.now().getTime()
    const recent = (seen.get(key) ?? []).filter(({ at }) => at > now - window && at <= now)
    const used = recent.reduce((sum, each) => sum + each.cost, 0)
    const oldest = recent[0]?.at ?? now
    recent.push({ at: now, cost })
    seen.set(key, recent)
    return used + cost <= units ? null : Math.max(1, Math.ceil((oldest + window - now) / 1000))
  }

  return (tenant, clientId, path, params) => {
    const answers = limitsOf(tenant.spec.size, path, params).map(({ limit, cost }) => {
      const key = [tenant.id, limit.name, limit.isOverAllApps ? '' : clientId].join(' ')
      return { limit, seconds: takes(key, limit, cost) }
    })
    const refusal = answers.find(({ seconds }) => seconds !== null)
    return refusal ? { retryAfterSeconds: refusal.limit.isSilent ? null : refusal.seconds } : null
  }
}

interface Limit {
  readonly name: string
  readonly units: number
  /** Milliseconds. */
  readonly window: number
  /** Counted per tenant whatever the app; otherwise per tenant and app. */
  readonly isOverAllApps?: true
  /** Refuses without saying for how long. */
  readonly isSilent?: true
}

const protection: Limit = {
  name: 'protection',
  units: 1,
  window: 1_000,
  isOverAllApps: true,
  isSilent: true,
}
const reports: Limit = { name: 'reports', units: 5, window: 10_000 }
const activity: Limit = { name: 'activity', units: 10, window: 60_000 }
const directory = (size: number): Limit => ({
  name: 'directory',
  units: size < 50 ? 3_500 : size <= 500 ? 5_000 : 8_000,
  window: 10_000,
})

function limitsOf(size: number, path: string, params: URLSearchParams): { limit: Limit; cost: number }[] {
  if (path.startsWith('/v1.0/identity')) return [{ limit: protection, cost: 1 }]
  if (path.startsWith('/v1.0/reports') || path.startsWith('/v1.0/auditLogs'))
    return [{ limit: reports, cost: 1 }]
  const own = { limit: directory(size), cost: unitsOf(params) }
  // Sign-in activity is one of the reports, wherever it is selected.
  const isActivity = params.get('$select')?.includes('signInActivity') ?? false
  return isActivity ? [{ limit: activity, cost: 1 }, { limit: reports, cost: 1 }, own] : [own]
}

function unitsOf(params: URLSearchParams): number {
  const saved = (params.has('$select') ? 1 : 0) + (Number(params.get('$top') ?? 100) < 20 ? 1 : 0)
  return Math.max(1, 2 - saved)
}
