import type { Job } from 'pg-boss'
import { renewSecrets } from '../server/data-keys/renew-secrets.ts'
import { jobSchemas } from '../server/queue.ts'
import type { Services } from '../server/services.ts'

/** Does what is left on one organization's keys. What fails is tried again by the queue, then by the hourly sweep. */
export const handleRenewSecrets =
  (services: Services, shutdown: AbortSignal) => async (jobs: Job<unknown>[]) => {
    for (const job of jobs) {
      const { organizationId } = jobSchemas['renew-secrets'].parse(job.data)
      try {
        await renewSecrets(services, organizationId, AbortSignal.any([job.signal, shutdown]))
      } catch (error) {
        services.logger.warn(
          { err: error, organizationId },
          'the keys of an organization could not be renewed',
        )
        throw error
      }
    }
  }
