import type { Job } from 'pg-boss'
import { sealNow } from '../server/ledger/seal-log.ts'
import { jobSchemas } from '../server/queue.ts'
import type { Services } from '../server/services.ts'
import { enqueueDueDeliveries } from '../server/subscriptions/due-deliveries.ts'

/** Seals one log, and has the checkpoint sent to who is to get it by now. What fails is logged and tried again by the queue, then by the hourly sweep. */
export const handleSeal = (services: Services) => async (jobs: Job<unknown>[]) => {
  for (const job of jobs) {
    const { organizationId } = jobSchemas.seal.parse(job.data)
    try {
      await sealNow(services, organizationId)
      await services.database.withOrganization(organizationId, transaction =>
        enqueueDueDeliveries(services, transaction, organizationId),
      )
    } catch (error) {
      services.logger.warn({ err: error, organizationId }, 'a log could not be sealed')
      throw error
    }
  }
}
