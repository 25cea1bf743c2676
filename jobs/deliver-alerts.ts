import type { Job } from 'pg-boss'
import { deliverAlerts } from '../server/alerts/deliver-alerts.ts'
import { jobSchemas } from '../server/queue.ts'
import type { Services } from '../server/services.ts'

/** Sends one channel what is new of alerts. A receiver that fails is tried again by the delivery's own account. */
export const handleDeliverAlerts =
  (services: Services, shutdown: AbortSignal) => async (jobs: Job<unknown>[]) => {
    for (const job of jobs) {
      const target = jobSchemas['deliver-alerts'].parse(job.data)
      await deliverAlerts(services, target, AbortSignal.any([job.signal, shutdown]))
    }
  }
