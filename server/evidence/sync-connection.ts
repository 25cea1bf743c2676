import { and, desc, eq, type SQL, sql } from 'drizzle-orm'
import type { Logger } from 'pino'
import type { Transaction } from '../../db/client.ts'
import { evidence } from '../../db/schema/ledger.ts'
import { openCredential, tokenCacheStore } from '../connections/credentials.ts'
import {
  CredentialRefused,
  EvidenceReadFailed,
  type FeedWindow,
  type OpenedReads,
  SourceUnavailable,
} from '../connectors/contract.ts'
import { type Cadence, type EvidenceKind, evidenceKind } from '../domain/evidence/kinds.ts'
import { nextFeedWindow, shortestWhole } from '../domain/run/feed-window.ts'
import { AppError } from '../errors.ts'
import type { JobPayload } from '../queue.ts'
import type { Services } from '../services.ts'
import { finishRefused, finishRun, finishUnanswered, type KindOutcome } from './finish-run.ts'
import { handBackLease, holdingLease, LeaseLost } from './lease.ts'
import { announce, ProgressReporter } from './progress.ts'
import { readKind } from './read-kind.ts'
import { clearRun, type StartedRun, startRun } from './start-run.ts'

export type SyncResult =
  | 'succeeded'
  | 'partly'
  | 'failed'
  | 'refused'
  | 'unanswered'
  | 'nothing_to_do'
  | 'lost'

/**
 * One sync of what a connection reads at a cadence, from its lease to its committed evidence. Run again after a crash at any step it
 * completes: what a dead run left behind is dropped first, and the ledger says that it was interrupted.
 */
export async function syncConnection(
  services: Services,
  job: JobPayload<'sync'>,
  signal: AbortSignal,
  cadence: Cadence = 'hourly',
): Promise<SyncResult> {
  const run = await startRun(services, job, cadence)
  if (!run) return 'nothing_to_do'
  const { organizationId, connectionId, runId } = run
  const logger = services.logger.child({ organizationId, connectionId, runId })
  logger.info({ trigger: job.trigger, cadence }, 'sync started')
  await tell(services, run)
  try {
    const result = await holdingLease(services, run, runId, signal, held =>
      readAndFinish(services, run, held),
    )
    logger.info({ result }, 'sync ended')
    return result
  } catch (error) {
    if (error instanceof LeaseLost) {
      logger.info('sync lost its connection; nothing was attached')
      await services.database.withOrganization(organizationId, transaction =>
        clearRun({ transaction, organizationId }, runId),
      )
      return 'lost'
    }
    if (signal.aborted) {
      await handBackLease(services.database, run, runId)
      throw error
    }
    return await endBroken(services, run, error, logger)
  } finally {
    await tell(services, run)
  }
}

/** Pages that watch look again by themselves: a notice that cannot be sent is no reason to fail a run. */
const tell = (services: Services, run: StartedRun) =>
  announce(services.database, run).catch((err: unknown) =>
    services.logger.warn({ err, runId: run.runId }, 'progress was not announced'),
  )

/**
 * Something of ours failed. The ledger says so and the next run comes soon; where even that cannot be recorded, the
 * queue tries the job again and the next run ends this one.
 */
async function endBroken(
  services: Services,
  run: StartedRun,
  error: unknown,
  logger: Logger,
): Promise<SyncResult> {
  const isExpected = error instanceof AppError && error.code === 'unavailable'
  logger[isExpected ? 'warn' : 'error']({ err: error }, 'sync broke off on our side')
  try {
    const words = isExpected ? error.userMessage : 'Something failed on our side.'
    await finishUnanswered(services, run, {
      cause: 'our_side',
      explanation: `${words} Nothing of this sync was attached; the next one comes within minutes.`,
    })
    return 'unanswered'
  } catch (failure) {
    if (failure instanceof LeaseLost) return 'lost'
    await handBackLease(services.database, run, run.runId).catch(() => undefined)
    throw error
  }
}

async function readAndFinish(services: Services, run: StartedRun, signal: AbortSignal): Promise<SyncResult> {
  try {
    const reads = await openReads(services, run, signal)
    const outcomes = await readKinds(services, run, reads, signal)
    return await finishRun(services, run, { grant: reads.grant, outcomes })
  } catch (error) {
    if (signal.aborted) throw signal.reason
    if (error instanceof CredentialRefused) {
      await finishRefused(services, run, error)
      return 'refused'
    }
    if (error instanceof SourceUnavailable) {
      await finishUnanswered(services, run, { cause: 'source_unavailable', explanation: error.message })
      return 'unanswered'
    }
    throw error
  }
}

async function openReads(services: Services, run: StartedRun, signal: AbortSignal): Promise<OpenedReads> {
  const { organizationId, connectionId, connection, connector } = run
  const clientSecret = await services.database.withOrganization(organizationId, transaction =>
    openCredential(services, transaction, organizationId, connectionId, 'client_secret'),
  )
  if (!clientSecret) throw new AppError('internal', 'a connected connection without a client secret')
  return connector.openReads({
    settings: connection,
    clientSecret,
    tokenCache: tokenCacheStore(services, organizationId, connectionId),
    clock: services.clock,
    signal,
    cadence: run.cadence,
  })
}

/** Kind by kind; one that fails does not take the others with it. */
async function readKinds(
  services: Services,
  run: StartedRun,
  reads: OpenedReads,
  signal: AbortSignal,
): Promise<KindOutcome[]> {
  const progress = new ProgressReporter(services.database, run, run.kinds)
  const outcomes: KindOutcome[] = []
  try {
    for (const kind of run.kinds) outcomes.push(await readOne(services, run, kind, reads, signal, progress))
    return outcomes
  } finally {
    // However the reading ended: what is written later would outlive the run.
    await progress.settled()
  }
}

async function readOne(
  services: Services,
  run: StartedRun,
  kind: EvidenceKind,
  reads: OpenedReads,
  signal: AbortSignal,
  progress: ProgressReporter,
): Promise<KindOutcome> {
  const { organizationId, sourceId, runId } = run
  const { mode } = evidenceKind(kind)
  try {
    const window = mode === 'feed' ? await feedWindow(services, run, kind) : null
    progress.update(kind, { state: 'reading' })
    const read = await readKind({
      database: services.database,
      organizationId,
      sourceId,
      runId,
      kind,
      mode,
      window,
      at: services.clock.now(),
      reads,
      signal,
      onItems: counts => progress.update(kind, { ...counts, state: 'reading' }),
    })
    progress.update(kind, { items: read.itemCount, state: 'read' })
    return { read }
  } catch (error) {
    if (!(error instanceof EvidenceReadFailed)) throw error
    services.logger.warn({ runId, kind, reason: error.reason, err: error.cause ?? error }, 'kind not read')
    progress.update(kind, { state: 'failed' })
    return { kind, failed: error }
  }
}

async function feedWindow(services: Services, run: StartedRun, kind: EvidenceKind): Promise<FeedWindow> {
  const { organizationId, sourceId } = run
  const last = (transaction: Transaction, isCounted: SQL | undefined) =>
    transaction
      .select({ from: evidence.windowFrom, to: evidence.windowTo })
      .from(evidence)
      .where(
        and(
          eq(evidence.organizationId, organizationId),
          eq(evidence.sourceId, sourceId),
          eq(evidence.kind, kind),
          isCounted,
        ),
      )
      .orderBy(desc(evidence.position))
      .limit(1)
  return services.database.withOrganization(organizationId, async transaction => {
    const [lastRead] = await last(transaction, undefined)
    const isWhole = sql`${evidence.windowTo} - ${evidence.windowFrom} >= make_interval(secs => ${shortestWhole / 1000})`
    const [lastWhole] = await last(transaction, isWhole)
    return nextFeedWindow({
      lastRead: windowOf(lastRead),
      lastWhole: windowOf(lastWhole),
      now: services.clock.now(),
    })
  })
}

const windowOf = (row: { from: Date | null; to: Date | null } | undefined): FeedWindow | null =>
  row?.from && row.to ? { from: row.from, to: row.to } : null
