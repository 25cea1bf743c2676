import type { Clock } from '../../../clock.ts'
import { type Bucket, bucketOf } from './paths.ts'
import type { Step } from './step.ts'

interface Limit {
  readonly requests: number
  /** Milliseconds. */
  readonly per: number
}

/**
 * Protection: 1 a second over all applications of the directory, answered without Retry-After, hence a little slower.
 * Reports and sign-ins: 5 in 10 s. Directory: far below the smallest directory's 3,500 units in 10 s.
 */
const limits: Readonly<Record<Bucket, Limit>> = {
  protection: { requests: 1, per: 1_100 },
  reports: { requests: 5, per: 10_000 },
  directory: { requests: 300, per: 10_000 },
}

/** Holds each request back until its bucket has room. One instance per run. */
export function pacing(clock: Clock): Step {
  const reserve = {
    protection: slots(limits.protection),
    reports: slots(limits.reports),
    directory: slots(limits.directory),
  }
  return async ({ url, signal }, next) => {
    const bucket = bucketOf(url)
    if (bucket) {
      const now = clock.now().getTime()
      const wait = reserve[bucket](now) - now
      if (wait > 0) await clock.sleep(wait, signal)
    }
    return next()
  }
}

/** Hands out start times such that no window of `per` holds more than `requests` of them. */
function slots({ requests, per }: Limit) {
  const recent: number[] = []
  return (now: number): number => {
    const oldest = recent.length < requests ? undefined : recent.shift()
    const start = oldest === undefined ? now : Math.max(now, oldest + per)
    recent.push(start)
    return start
  }
}
