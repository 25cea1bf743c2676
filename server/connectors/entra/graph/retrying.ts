import type { Clock } from '../../../clock.ts'
import type { RetryBudget } from '../backoff.ts'
import { NetworkFailed } from '../network.ts'
import { retryAfter } from '../retry-after.ts'
import type { Step } from './step.ts'

/** Repeats throttled, failed and broken requests while the run's budget lasts; then the last outcome stands. */
export const retrying =
  (clock: Clock, budget: RetryBudget): Step =>
  async ({ signal, tally }, next) => {
    for (let attempt = 1; ; attempt += 1) {
      const startedAt = clock.now()
      const heldBefore = tally.heldBack
      const outcome = await attemptOnce(next)
      const isDone = outcome instanceof Response && !retryable.has(outcome.status)
      if (isDone) return outcome
      const asked = outcome instanceof Response ? retryAfter(outcome.headers, clock.now()) : null
      // Waiting for room is no part of the failure.
      const begun = new Date(startedAt.getTime() + tally.heldBack - heldBefore)
      if (!(await budget.wait({ startedAt: begun, attempt, retryAfter: asked, signal }))) {
        if (outcome instanceof Response) return outcome
        throw outcome
      }
      tally.retries += 1
    }
  }

const retryable = new Set([408, 429, 500, 502, 503, 504])

async function attemptOnce(next: () => Promise<Response>): Promise<Response | NetworkFailed> {
  try {
    return await next()
  } catch (error) {
    if (error instanceof NetworkFailed) return error
    throw error
  }
}
