import type { Job } from 'pg-boss'
import { jobSchemas } from '../server/queue.ts'
import type { Services } from '../server/services.ts'
import { runVerification } from '../server/verification/run-verification.ts'

/** Verifies one ledger. What a shutdown ends, another worker begins again. */
export const handleVerifyLedger =
  (services: Services, shutdown: AbortSignal) => async (jobs: Job<unknown>[]) => {
    for (const job of jobs) {
      const key = jobSchemas['verify-ledger'].parse(job.data)
      await runVerification(services, key, AbortSignal.any([job.signal, shutdown]))
    }
  }
