import { setTimeout as delay } from 'node:timers/promises'

/** Where the product reads time from. Pacing, back-off, expiry and schedules run on it, so that a moved clock moves all of them. */
export interface Clock {
  now(): Date
  /** Resolves after `milliseconds` on this clock; rejects with the signal's reason when aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
}

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => new Date(),
  sleep: async (milliseconds, signal) => {
    await delay(milliseconds, undefined, signal ? { signal } : {})
  },
}
