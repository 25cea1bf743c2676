import type { Job } from 'pg-boss'
import type { Cadence } from '../server/domain/evidence/kinds.ts'
import { syncConnection } from '../server/evidence/sync-connection.ts'
import { jobSchemas } from '../server/queue.ts'
import type { Services } from '../server/services.ts'

/** One sync of one connection. A job that fails is tried again by the queue; the run's own rules keep it from doubling. */
export const handleSync =
  (services: Services, shutdown: AbortSignal, cadence: Cadence) => async (jobs: Job<unknown>[]) => {
    for (const job of jobs) {
      const signal = AbortSignal.any([job.signal, shutdown])
      await syncConnection(services, jobSchemas.sync.parse(job.data), signal, cadence)
    }
  }
