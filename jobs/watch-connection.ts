import type { Job } from 'pg-boss'
import { watchConnection } from '../server/connections/observe-silence.ts'
import { jobSchemas } from '../server/queue.ts'
import type { Services } from '../server/services.ts'

/** Looks at one connection at the moment at which it turns stale if nothing came. */
export const handleWatch = (services: Services) => async (jobs: Job<unknown>[]) => {
  for (const job of jobs) await watchConnection(services, jobSchemas['watch-connection'].parse(job.data))
}
