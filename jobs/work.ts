import type { Composed } from '../server/compose.ts'
import { handleDeliverAlerts } from './deliver-alerts.ts'
import { handleDeliverCheckpoint } from './deliver-checkpoint.ts'
import { handleExport } from './export-archive.ts'
import { handlePurge } from './purge.ts'
import { handleRebuild } from './rebuild-projections.ts'
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

/** Puts the queue to work until the signal ends it: running syncs hand back their job, the queue gives it to another. */
export async function startWork({ services, boss }: Composed, shutdown: AbortSignal): Promise<void> {
  await boss.work(
    'sync',
    { localConcurrency: concurrentSyncs, pollingIntervalSeconds: 1 },
    handleSync(services, shutdown, 'hourly'),
  )
  await boss.work(
    'sync-daily',
    { localConcurrency: concurrentDailySyncs, pollingIntervalSeconds: 5 },
    handleSync(services, shutdown, 'daily'),
  )
  await boss.work(
    'seal',
    { localConcurrency: concurrentSeals, pollingIntervalSeconds: 5 },
    handleSeal(services),
  )
  await boss.work(
    'deliver-checkpoint',
    { includeMetadata: true, pollingIntervalSeconds: 5 },
    handleDeliverCheckpoint(services, shutdown),
  )
  await boss.work('deliver-alerts', { pollingIntervalSeconds: 5 }, handleDeliverAlerts(services, shutdown))
  await boss.work('watch-connection', { pollingIntervalSeconds: 10 }, handleWatch(services))
  await boss.work('export-archive', { pollingIntervalSeconds: 1 }, handleExport(services, shutdown))
  await boss.work('verify-ledger', { pollingIntervalSeconds: 2 }, handleVerifyLedger(services, shutdown))
  await boss.work('sweep', { pollingIntervalSeconds: 10 }, handleSweep(services))
  await boss.work('rebuild-projections', { pollingIntervalSeconds: 10 }, handleRebuild(services, shutdown))
  await boss.work('purge', { pollingIntervalSeconds: 2 }, handlePurge(services, shutdown))
  await boss.schedule('sweep', '17 * * * *', {})
}
