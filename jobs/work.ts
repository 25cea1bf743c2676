import type { JobWithMetadata, WorkOptions } from 'pg-boss'
import type { Composed } from '../server/compose.ts'
import type { JobName } from '../server/queue.ts'
import type { Services } from '../server/services.ts'
import { handleDeliverAlerts } from './deliver-alerts.ts'
import { handleDeliverCheckpoint } from './deliver-checkpoint.ts'
import { handleExport } from './export-archive.ts'
import { handlePurge } from './purge.ts'
import { handleRebuild } from './rebuild-projections.ts'
import { handleRenewSecrets } from './renew-secrets.ts'
import { handleSeal } from './seal.ts'
import { handleSweep } from './sweep.ts'
import { handleSync } from './sync.ts'
import { handleVerifyLedger } from './verify-ledger.ts'
import { handleWatch } from './watch-connection.ts'

/** Syncs that one worker process runs side by side; daily ones wait for the source most of their time. */
const concurrentSyncs = 4
const concurrentDailySyncs = 2

/** Seals that one worker process runs side by side: each is mostly a call of the key service. */
const concurrentSeals = 4

/** How the jobs of one queue are taken and done. */
export interface Work {
  options: WorkOptions & { includeMetadata: true }
  handler: (jobs: JobWithMetadata<unknown>[]) => Promise<void>
}

/** Puts the queue to work until the signal ends it: running syncs hand back their job, the queue gives it to another. */
export async function startWork({ services, boss }: Composed, shutdown: AbortSignal): Promise<void> {
  for (const [name, { options, handler }] of Object.entries(workOf(services, shutdown)))
    await boss.work(name, options, handler)
  await boss.schedule('sweep', '17 * * * *', {})
}

/** What is done with each kind of job, and how often it is looked for. */
export function workOf(services: Services, shutdown: AbortSignal): Record<JobName, Work> {
  return {
    sync: work(1, handleSync(services, shutdown, 'hourly'), { localConcurrency: concurrentSyncs }),
    'sync-daily': work(5, handleSync(services, shutdown, 'daily'), {
      localConcurrency: concurrentDailySyncs,
    }),
    seal: work(5, handleSeal(services), { localConcurrency: concurrentSeals }),
    'deliver-checkpoint': work(5, handleDeliverCheckpoint(services, shutdown)),
    'deliver-alerts': work(5, handleDeliverAlerts(services, shutdown)),
    'watch-connection': work(10, handleWatch(services)),
    'export-archive': work(1, handleExport(services, shutdown)),
    'verify-ledger': work(2, handleVerifyLedger(services, shutdown)),
    sweep: work(10, handleSweep(services)),
    'rebuild-projections': work(10, handleRebuild(services, shutdown)),
    purge: work(2, handlePurge(services, shutdown)),
    'renew-secrets': work(2, handleRenewSecrets(services, shutdown)),
  }
}

const work = (pollingIntervalSeconds: number, handler: Work['handler'], options: WorkOptions = {}): Work => ({
  options: { ...options, includeMetadata: true, pollingIntervalSeconds },
  handler,
})
