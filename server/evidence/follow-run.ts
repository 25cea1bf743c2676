import { and, desc, eq } from 'drizzle-orm'
import type { Database, Transaction } from '../../db/client.ts'
import { connection, run, runProgress } from '../../db/schema/state.ts'
import { evidenceKind, evidenceKinds } from '../domain/evidence/kinds.ts'
import { notFound } from '../errors.ts'
import { isOpen } from '../projections/range.ts'
import { watchConnection } from './progress-feed.ts'

/** How far a connection's run is. */
export interface RunView {
  /** Another one for every change: what a page that reconnects hands back. */
  version: string
  state: 'waiting' | 'running' | 'ended'
  runId: string | null
  startedAt: Date | null
  outcome: string | null
  explanation: string | null
  kinds: {
    kind: string
    title: string
    pages: number
    items: number
    state: 'waiting' | 'reading' | 'read' | 'failed'
  }[]
}

/** Milliseconds to wait for a run to begin, and to follow it at most; a page that is still open asks again. */
const longestWait = 120_000
const longestFollow = 30 * 60_000

/**
 * Follows the first hourly run of a connection after `afterRun` (the newest one that has ended; null before the first):
 * where it is at once, then every change, until it has ended or none begins.
 * @throws {AppError} not_found
 */
export async function* followRun(
  database: Database,
  key: { organizationId: string; connectionId: string; afterRun: string | null },
  options: { signal: AbortSignal; seen: string | null },
): AsyncGenerator<RunView> {
  const begun = performance.now()
  let seen = options.seen
  for await (const _ of watchConnection(database, key, options.signal)) {
    const view = await database.withOrganization(key.organizationId, transaction =>
      readView(transaction, key),
    )
    if (view.version !== seen) yield view
    seen = view.version
    const limit = view.state === 'waiting' ? longestWait : longestFollow
    if (view.state === 'ended' || performance.now() - begun > limit) return
  }
}

/** @throws {AppError} not_found */
async function readView(
  transaction: Transaction,
  { organizationId, connectionId, afterRun }: Parameters<typeof followRun>[1],
): Promise<RunView> {
  const [known] = await transaction
    .select({ id: connection.id })
    .from(connection)
    .where(and(isOpen(connection, organizationId), eq(connection.id, connectionId)))
  if (!known) throw notFound('connection')
  const [newest] = await transaction
    .select()
    .from(run)
    .where(
      and(
        eq(run.organizationId, organizationId),
        eq(run.connectionId, connectionId),
        // One that takes hours would hide those that people wait for.
        eq(run.cadence, 'hourly'),
      ),
    )
    .orderBy(desc(run.startedPosition))
    .limit(1)
  if (!newest || newest.id === afterRun) return { ...nothingYet, version: 'waiting' }
  const { id: runId, startedAt } = newest
  if (newest.finishedPosition !== null) {
    const { outcome, explanation } = newest
    return {
      ...nothingYet,
      state: 'ended',
      version: `${runId}:ended`,
      runId,
      startedAt,
      outcome,
      explanation,
    }
  }
  const progress = await readProgress(transaction, organizationId, runId)
  return {
    ...nothingYet,
    state: 'running',
    version: `${runId}:${progress.version}`,
    runId,
    startedAt,
    kinds: progress.kinds,
  }
}

/** What a run in flight has read so far, in the kinds' order. */
export async function readProgress(
  transaction: Transaction,
  organizationId: string,
  runId: string,
): Promise<{ version: number; kinds: RunView['kinds'] }> {
  const [row] = await transaction
    .select({ version: runProgress.version, progress: runProgress.progress })
    .from(runProgress)
    .where(and(eq(runProgress.organizationId, organizationId), eq(runProgress.runId, runId)))
  const kinds = evidenceKinds.flatMap(kind => {
    const read = row?.progress.kinds[kind]
    return read ? [{ kind, title: evidenceKind(kind).title, ...read }] : []
  })
  return { version: row?.version ?? 0, kinds }
}

const nothingYet: RunView = {
  version: '',
  state: 'waiting',
  runId: null,
  startedAt: null,
  outcome: null,
  explanation: null,
  kinds: [],
}
