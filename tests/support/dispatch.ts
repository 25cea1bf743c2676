import { type SyncResult, syncConnection } from '../../server/evidence/sync-connection.ts'
import { jobSchemas } from '../../server/queue.ts'
import type { TestServices } from './services.ts'

/**
 * Does what a worker does on the clock of the scene: runs the syncs that are due, those that they lead to included,
 * in the order in which they are due.
 * @returns how each ended
 */
export async function dispatchDue({
  services,
  jobs,
}: Pick<TestServices, 'services' | 'jobs'>): Promise<SyncResult[]> {
  const results: SyncResult[] = []
  for (;;) {
    const now = services.clock.now().getTime()
    const due = jobs
      .filter(job => (job.startAfter?.getTime() ?? 0) <= now)
      .sort((one, other) => (one.startAfter?.getTime() ?? 0) - (other.startAfter?.getTime() ?? 0))
    const [next] = due
    if (!next) return results
    jobs.splice(jobs.indexOf(next), 1)
    if (next.name !== 'sync' && next.name !== 'sync-daily') continue
    const cadence = next.name === 'sync' ? 'hourly' : 'daily'
    const payload = jobSchemas.sync.parse(next.payload)
    results.push(await syncConnection(services, payload, new AbortController().signal, cadence))
  }
}
