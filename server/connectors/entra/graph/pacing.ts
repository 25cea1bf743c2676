import type { Clock } from '../../../clock.ts'
import type { Pace } from './pace.ts'
import { bucketOf } from './paths.ts'
import type { Step } from './step.ts'

/** Holds each request back until there is room under every limit that it falls under. */
export const pacing =
  (clock: Clock, pace: Pace): Step =>
  async ({ url, signal, tally }, next) => {
    const bucket = bucketOf(url)
    const now = clock.now().getTime()
    const wait = bucket === null ? 0 : pace.reserve(bucket, now) - now
    if (wait > 0) {
      tally.heldBack += wait
      await clock.sleep(wait, signal)
    }
    return next()
  }
