import { sweepOverdue } from '../server/connections/sweep.ts'
import type { Services } from '../server/services.ts'

/** Finds what is due and has lost its job: syncs, seals of logs, exports. Drops archives and mailed links whose time is over. */
export const handleSweep = (services: Services) => async () => {
  const found = await sweepOverdue(services)
  if (found > 0) services.logger.warn({ found }, 'the sweep found overdue syncs')
  await services.auth.dropExpired()
}
