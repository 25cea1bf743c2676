import type { JobWithMetadata } from 'pg-boss'
import { sealNow } from '../server/ledger/seal-log.ts'
import { noteSealing, sealObstacle } from '../server/ledger/sealing-outage.ts'
import { jobSchemas } from '../server/queue.ts'
import type { Services } from '../server/services.ts'
import { enqueueDueDeliveries } from '../server/subscriptions/due-deliveries.ts'

/**
 * Seals one log, and has the checkpoint sent to who is to get it by now. What fails is logged and tried again by the
 * queue, then by the hourly sweep; from the second failure in a row on it is an outage, which people are told of.
 */
export const handleSeal =
  (services: Services) => async (jobs: Pick<JobWithMetadata<unknown>, 'data' | 'retryCount'>[]) => {
    for (const { data, retryCount } of jobs) {
      const { organizationId } = jobSchemas.seal.parse(data)
      try {
        await sealNow(services, organizationId)
        await noteSealing(services, organizationId, 'sealed')
        await services.database.withOrganization(organizationId, transaction =>
          enqueueDueDeliveries(services, transaction, organizationId),
        )
      } catch (error) {
        services.logger.warn({ err: error, organizationId }, 'a log could not be sealed')
        const obstacle = sealObstacle(error)
        // One answer of the key service that does not come is no outage; a rewritten log is told at once.
        const isOutage = obstacle === 'log_rewritten' || retryCount > 0
        if (obstacle && isOutage) await noteSealing(services, organizationId, obstacle)
        throw error
      }
    }
  }
