import type { ConnectionSettings } from '../../contract.ts'
import type { Bucket } from './paths.ts'

/** The room that is left under Graph's limits for one directory, read by one application. */
export interface Pace {
  /** Takes the next free slot, from `now` (milliseconds) on. @returns when the request may start */
  reserve(bucket: Bucket, now: number): number
}

export interface Limit {
  readonly requests: number
  /** Milliseconds. */
  readonly per: number
  /** Shared by all applications that read the directory; the others are each application's own. */
  readonly isOverAllApplications?: true
}

/**
 * Graph's limits, each kept with a little to spare: requests do not all take the same time to arrive. Protection is
 * answered without Retry-After. Sign-in activity (10 in a minute) is spread out; it counts among the reports (5 in
 * 10 s) as well. The directory's is far below the 3,500 units in 10 s of the smallest directories.
 * Source: Graph "service-specific throttling limits".
 */
export const limits = {
  protection: { requests: 1, per: 1_100, isOverAllApplications: true },
  reports: { requests: 5, per: 10_500 },
  activity: { requests: 1, per: 6_100 },
  directory: { requests: 300, per: 10_000 },
} as const satisfies Record<Bucket, Limit>

const limitsOf: Readonly<Record<Bucket, readonly Bucket[]>> = {
  protection: ['protection'],
  reports: ['reports'],
  activity: ['activity', 'reports'],
  directory: ['directory'],
}

/**
 * The paces of all directories that this process reads: runs that follow each other, runs side by side and several
 * connections to one directory keep its limits together. Other processes are not known here; where they take room
 * away, Graph says so and the request is repeated.
 */
export function createPaces(): { of(settings: ConnectionSettings): Pace } {
  const slots = new Map<string, Slots>()
  let latest = Number.NEGATIVE_INFINITY
  let sweptAt = latest

  const slotsOf = (name: Bucket, { externalTenantId, clientId }: ConnectionSettings): Slots => {
    const limit: Limit = limits[name]
    const key = [name, externalTenantId, limit.isOverAllApplications ? '' : clientId].join(' ').toLowerCase()
    const known = slots.get(key) ?? new Slots(limit)
    slots.set(key, known)
    return known
  }

  /** A clock that was set back must not hold requests up for as long as it was wrong. */
  const notice = (now: number): void => {
    if (now < latest) for (const each of slots.values()) each.shift(now - latest)
    latest = now
    if (Math.abs(now - sweptAt) < sweepEvery) return
    sweptAt = now
    for (const [key, each] of slots) if (each.isIdle(now)) slots.delete(key)
  }

  return {
    of: settings => ({
      reserve: (bucket, now) => {
        notice(now)
        const own = limitsOf[bucket].map(name => slotsOf(name, settings))
        let start = now
        for (let moved = true; moved; ) {
          const free = Math.max(...own.map(each => each.freeFrom(start)))
          moved = free > start
          start = free
        }
        for (const each of own) each.take(start, now)
        return start
      },
    }),
  }
}

const sweepEvery = 60_000

/** Starts under one limit, past and promised, in order. */
class Slots {
  readonly #limit: Limit
  #starts: number[] = []

  constructor(limit: Limit) {
    this.#limit = limit
  }

  /** The first instant from `from` on at which one more start leaves no span of the limit too full. */
  freeFrom(from: number): number {
    const { per } = this.#limit
    const candidates = [from, ...this.#starts.map(start => start + per).filter(start => start > from)]
    return candidates.find(start => this.#fits(start)) ?? from
  }

  take(start: number, now: number): void {
    const { per } = this.#limit
    this.#starts = [...this.#starts, start].filter(each => each > now - per).sort((a, b) => a - b)
  }

  shift(milliseconds: number): void {
    this.#starts = this.#starts.map(start => start + milliseconds)
  }

  isIdle(now: number): boolean {
    return this.#starts.every(start => start <= now - this.#limit.per)
  }

  #fits(start: number): boolean {
    const { requests, per } = this.#limit
    const starts = [...this.#starts, start].sort((a, b) => a - b)
    return starts.every((each, index) => (starts[index + requests] ?? Number.POSITIVE_INFINITY) - each >= per)
  }
}
