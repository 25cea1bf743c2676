import type { Job } from 'pg-boss'
import { buildArchive } from '../server/export/build-archive.ts'
import { jobSchemas } from '../server/queue.ts'
import type { Services } from '../server/services.ts'

/** The archive of one export. A job that fails is tried again by the queue; each attempt begins anew. */
export const handleExport = (services: Services, shutdown: AbortSignal) => async (jobs: Job<unknown>[]) => {
  for (const job of jobs) {
    const payload = jobSchemas['export-archive'].parse(job.data)
    await buildArchive(services, payload, AbortSignal.any([job.signal, shutdown]))
  }
}
