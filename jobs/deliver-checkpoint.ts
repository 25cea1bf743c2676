import type { JobWithMetadata } from 'pg-boss'
import { jobSchemas } from '../server/queue.ts'
import type { Services } from '../server/services.ts'
import { deliverCheckpoint } from '../server/subscriptions/deliver-checkpoint.ts'

/** Sends one checkpoint to one subscriber. What fails is tried again by the queue, with growing pauses, then given up. */
export const handleDeliverCheckpoint =
  (services: Services, shutdown: AbortSignal) => async (jobs: JobWithMetadata<unknown>[]) => {
    for (const job of jobs) {
      await deliverCheckpoint(services, jobSchemas['deliver-checkpoint'].parse(job.data), {
        isLastAttempt: job.retryCount >= job.retryLimit,
        signal: AbortSignal.any([job.signal, shutdown]),
      })
    }
  }
