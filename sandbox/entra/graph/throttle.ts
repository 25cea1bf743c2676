import type { Clock } from '../types.ts'

export interface ThrottleVerdict {
  /** Null where Graph sends no Retry-After. */
  retryAfterSeconds: number | null
}

/** Documented limits of one tenant and app. Source: "Microsoft Graph service-specific throttling limits". */
export function createThrottle(clock: Clock, size: number) {
  const seen = new Map<string, { at: number; cost: number }[]>()
  const identityUnits = size < 50 ? 3500 : size <= 500 ? 5000 : 8000

  const isOver = (bucket: string, windowMs: number, limit: number, cost: number): number | null => {
    const now = clock.now().getTime()
    const recent = (seen.get(bucket) ?? []).filter(entry => entry.at > now - windowMs && entry.at <= now)
    const used = recent.reduce((sum, entry) => sum + entry.cost, 0)
    // Refused requests count against the limit too.
    recent.push({ at: now, cost })
    seen.set(bucket, recent)
    if (used + cost <= limit) return null
    return Math.max(1, Math.ceil(((recent[0]?.at ?? now) + windowMs - now) / 1000))
  }

  /** The refusal that this request would meet, or null. */
  return function judge(path: string, params: URLSearchParams): ThrottleVerdict | null {
    if (path.startsWith('/v1.0/identity')) {
      return isOver('risk and policies', 1000, 1, 1) === null ? null : { retryAfterSeconds: null }
    }
    if (params.get('$select')?.includes('signInActivity')) {
      return verdict(isOver('sign-in activity', 60_000, 10, 1))
    }
    if (path.startsWith('/v1.0/reports') || path.startsWith('/v1.0/auditLogs')) {
      return verdict(isOver('reports', 10_000, 5, 1))
    }
    const cost = Math.max(
      1,
      2 - (params.has('$select') ? 1 : 0) - (Number(params.get('$top') ?? 100) < 20 ? 1 : 0),
    )
    return verdict(isOver('directory', 10_000, identityUnits, cost))
  }
}

function verdict(seconds: number | null): ThrottleVerdict | null {
  return seconds === null ? null : { retryAfterSeconds: seconds }
}
