import type { Job } from 'pg-boss'
import { rebuildProjections } from '../server/projections/rebuild/rebuild.ts'
import { jobSchemas } from '../server/queue.ts'
import type { Services } from '../server/services.ts'

/**
 * Rebuilds, or compares, one organization's projections. Where another process is at it, the job fails and the queue
 * tries again after a dead one's lease.
 */
export const handleRebuild = (services: Services, shutdown: AbortSignal) => async (jobs: Job<unknown>[]) => {
  for (const job of jobs) {
    const { organizationId, isCheck } = jobSchemas['rebuild-projections'].parse(job.data)
    const signal = AbortSignal.any([job.signal, shutdown])
    const outcome = await rebuildProjections(services, { organizationId, isCheck, signal })
    const isSame = Object.keys(outcome.differences).length === 0
    services.logger[isSame ? 'info' : 'warn'](
      { organizationId, isCheck, ...outcome },
      isSame ? 'every projected row is what the events lead to' : 'projected rows differ from the events',
    )
  }
}
