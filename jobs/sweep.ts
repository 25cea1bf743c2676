import { sweepOverdue } from '../server/connections/sweep.ts'
import type { Services } from '../server/services.ts'

/** Finds syncs that are due, and logs with events that no checkpoint covers, whose job is missing. */
export const handleSweep = (services: Services) => async () => {
  const found = await sweepOverdue(services)
  if (found > 0) services.logger.warn({ found }, 'the sweep found overdue syncs')
}
