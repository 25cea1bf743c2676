import { sweepOverdue } from '../server/connections/sweep.ts'
import { sweepExports } from '../server/export/sweep-exports.ts'
import type { Services } from '../server/services.ts'

/** Finds what is due and has lost its job: syncs, seals of logs, exports. Drops archives and mailed links whose time is over. */
export const handleSweep = (services: Services) => async () => {
  const found = await sweepOverdue(services)
  if (found > 0) services.logger.warn({ found }, 'the sweep found overdue syncs')
  await services.auth.dropExpired()
  const lost = await sweepExports(services)
  if (lost > 0) services.logger.warn({ lost }, 'the sweep found exports that nobody made any more')
}
