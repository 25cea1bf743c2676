import type { Job } from 'pg-boss'
import { jobSchemas } from '../server/queue.ts'
import { purgeOrganization } from '../server/retention/purge-organization.ts'
import type { Services } from '../server/services.ts'

/**
 * Removes what one organization keeps no longer. Where another process is at it, the job fails and the queue tries again
 * after a dead one's lease.
 */
export const handlePurge = (services: Services, shutdown: AbortSignal) => async (jobs: Job<unknown>[]) => {
  for (const job of jobs) {
    const { organizationId } = jobSchemas.purge.parse(job.data)
    const counts = await purgeOrganization(services, organizationId, AbortSignal.any([job.signal, shutdown]))
    if (counts.removed > 0)
      services.logger.info({ organizationId, ...counts }, 'content was removed for good')
  }
}
