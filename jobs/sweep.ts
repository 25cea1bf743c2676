import { sweepOverdue } from '../server/connections/sweep.ts'
import type { Services } from '../server/services.ts'

/** Finds syncs that are due and have no job. */
export const handleSweep = (services: Services) => async () => {
  const found = await sweepOverdue(services)
  if (found > 0) services.logger.warn({ found }, 'the sweep found overdue syncs')
}
