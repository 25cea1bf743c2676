import type { Clock } from '../../clock.ts'

/** What one run may spend on failed attempts and on waiting between them, over all its reads. */
export interface RetryBudget {
  /** Counts a failed attempt that began at `startedAt`, then waits; false, at once, where the wait does not fit. */
  wait(options: {
    startedAt: Date
    attempt: number
    retryAfter: number | null
    signal: AbortSignal
  }): Promise<boolean>
}

interface RetryBudgetOptions {
  readonly clock: Clock
  /** Milliseconds over the whole run. */
  readonly limit?: number | undefined
  /** Attempts of a single request. */
  readonly attempts?: number | undefined
  /** In [0, 1): spreads the waits. */
  readonly random?: () => number
}

/** One endpoint that is down must not use up what the others may need: its own attempts end first. */
export function createRetryBudget({
  clock,
  limit = 5 * 60_000,
  attempts = 8,
  random = Math.random,
}: RetryBudgetOptions): RetryBudget {
  let left = limit
  return {
    wait: async ({ startedAt, attempt, retryAfter, signal }) => {
      left -= Math.max(0, clock.now().getTime() - startedAt.getTime())
      const pause = pauseBefore(attempt, retryAfter, random)
      if (attempt >= attempts || pause > left) return false
      left -= pause
      await clock.sleep(pause, signal)
      return true
    },
  }
}

const base = 500
const longest = 30_000

/** Exponential with jitter; where the source names a time, never before it and a little spread after it. */
function pauseBefore(attempt: number, asked: number | null, random: () => number): number {
  if (asked !== null) return Math.round(asked + base * random())
  const step = Math.min(longest, base * 2 ** (attempt - 1))
  return Math.round(step / 2 + (step / 2) * random())
}
