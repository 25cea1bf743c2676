import { destroyTokens } from '../connections/credentials.ts'
import { observeSilence, watchAt } from '../connections/observe-silence.ts'
import { spreadOf } from '../connections/schedule.ts'
import { connectionStateOf } from '../connections/state-of.ts'
import type { CredentialRefused, EvidenceReadFailed, ScopeGrant } from '../connectors/contract.ts'
import { absentKinds } from '../connectors/offered.ts'
import { evaluateControls } from '../coverage/evaluate-controls.ts'
import { decideConnection } from '../domain/connection/connection.ts'
import type { DomainEvent } from '../domain/events.ts'
import type { EvidenceKind } from '../domain/evidence/kinds.ts'
import { type KindResult, outcomeOf } from '../domain/run/outcome.ts'
import { nextRun } from '../domain/run/schedule.ts'
import { derivedId, evidenceStream } from '../ledger/ids.ts'
import type { Unit } from '../ledger/ledger.ts'
import { queueOf } from '../queue.ts'
import type { Services } from '../services.ts'
import { attachKind, keepItems, kindHistories } from './attach.ts'
import { LeaseLost, lockSchedule, releaseLease } from './lease.ts'
import type { KindRead } from './read-kind.ts'
import { clearRun, type StartedRun, syncActor } from './start-run.ts'

/** What a run brought of each kind. */
export type KindOutcome = { read: KindRead } | { kind: EvidenceKind; failed: EvidenceReadFailed }

/**
 * Ends a run that read something or tried to: evidence, verdicts, the run's own end and the next run, in one
 * transaction.
 * @throws {LeaseLost} when the connection was revoked or taken over meanwhile; nothing is recorded then
 */
export async function finishRun(
  services: Services,
  run: StartedRun,
  brought: { grant: ScopeGrant; outcomes: readonly KindOutcome[] },
): Promise<'succeeded' | 'partly' | 'failed'> {
  return services.ledger.command(run.organizationId, syncActor, async unit => {
    await requireLease(unit, run)
    // Half of the work of a first sync, and none that needs the ledger's order: nobody else waits for it.
    for (const outcome of brought.outcomes) if ('read' in outcome) await keepItems(unit, run, outcome.read)
    await observeSilence(services, unit, run.connectionId)
    const { state, version, isRenewed } = await connectionNow(unit, run)
    if (!isRenewed) {
      const observed = decideConnection({ type: 'observe_scopes', ...scopesOf(brought.grant) }, state)
      await unit.append({ type: 'connection', id: run.connectionId }, version, observed)
    }
    const results: KindResult[] = []
    for (const outcome of brought.outcomes) {
      results.push(
        'read' in outcome ? await attachKind(unit, run, outcome.read) : await noteFailure(unit, run, outcome),
      )
    }
    const staleAt = await observeSilence(services, unit, run.connectionId)
    if (staleAt) await watchAt(services, unit, run.connectionId, staleAt)
    const histories = await kindHistories(unit, run.sourceId)
    await evaluateControls(unit, { sourceId: run.sourceId, ...collectorOf(run) })
    const outcome = outcomeOf(results, histories)
    await unit.append({ type: 'run', id: run.runId }, 1, [endOf(run, outcome, results)])
    await clearRun(unit, run.runId)
    await scheduleNext(services, unit, run, nextOf(run, unit.now, outcome === 'succeeded'))
    return outcome
  })
}

/**
 * Ends a run that the source refused before anything was read: a person must act, and is told what. Where somebody has
 * acted meanwhile the run is tried again.
 */
export async function finishRefused(
  services: Services,
  run: StartedRun,
  refused: CredentialRefused,
): Promise<void> {
  const { remedy, reason: cause, explanation, code } = refused
  await services.ledger.command(run.organizationId, syncActor, async unit => {
    await requireLease(unit, run)
    const { state, version, isRenewed } = await connectionNow(unit, run)
    if (isRenewed) {
      await unit.append({ type: 'run', id: run.runId }, 1, [
        failureOf(run, 'credential_replaced', replacedWords),
      ])
      await clearRun(unit, run.runId)
      return scheduleNext(services, unit, run, unit.now)
    }
    const observed = refused.intolerable
      ? decideConnection({ type: 'observe_scopes', ...scopesOf(refused.intolerable) }, state)
      : []
    const attention = { remedy, cause, explanation, code }
    const events = [...observed, ...decideConnection({ type: 'require_attention', attention }, state)]
    if (refused.intolerable) await destroyTokens(unit.transaction, run)
    await unit.append({ type: 'connection', id: run.connectionId }, version, events)
    await evaluateControls(unit, { sourceId: run.sourceId, ...collectorOf(run) })
    await unit.append({ type: 'run', id: run.runId }, 1, [failureOf(run, cause, explanation)])
    await clearRun(unit, run.runId)
    // No successor: nothing but a person's act helps, and that act brings the next run.
    await releaseLease(unit.transaction, run, run.runId, unit.now)
  })
}

const replacedWords =
  'The credential was replaced while this sync still used the one before. Another sync follows.'
const shortly = 10 * 60_000

/** Ends a run for which the source, or something of ours, did not answer at all; the next comes sooner than the hour. */
export async function finishUnanswered(
  services: Services,
  run: StartedRun,
  because: { cause: string; explanation: string },
): Promise<void> {
  await services.ledger.command(run.organizationId, syncActor, async unit => {
    await requireLease(unit, run)
    await observeSilence(services, unit, run.connectionId)
    await unit.append({ type: 'run', id: run.runId }, 1, [failureOf(run, because.cause, because.explanation)])
    await clearRun(unit, run.runId)
    await scheduleNext(services, unit, run, new Date(unit.now.getTime() + shortly))
  })
}

/** Scopes and absent kinds as the connector declares them for the connection's cloud. */
export const collectorOf = ({ connector, connection }: Pick<StartedRun, 'connector' | 'connection'>) => ({
  requiredScopes: connector.manifest.requiredScopes,
  absentKinds: absentKinds(connector.manifest, connection.cloud),
})

async function requireLease(unit: Unit, run: StartedRun) {
  const schedule = await lockSchedule(unit.transaction, run)
  if (schedule?.runId !== run.runId) throw new LeaseLost()
}

/**
 * The connection as it is by now. `isRenewed`: somebody signed in again or replaced the secret since the run began, so
 * that what the run was granted or refused says nothing of the credential that stands.
 */
async function connectionNow(unit: Unit, run: StartedRun) {
  const { state, version, renewedAt } = await connectionStateOf(unit, run.connectionId)
  return { state, version, isRenewed: renewedAt > run.connection.fromPosition }
}

const scopesOf = ({ granted, missing, excess }: ScopeGrant) => ({
  grantedScopes: [...granted],
  missingScopes: [...missing],
  excessScopes: [...excess],
})

async function noteFailure(
  unit: Unit,
  run: StartedRun,
  { kind, failed }: { kind: EvidenceKind; failed: EvidenceReadFailed },
): Promise<KindResult> {
  const { connectionId, sourceId, runId } = run
  const { reason, explanation, status, code, requestId } = failed
  await unit.append({ type: 'evidence', id: evidenceStream(sourceId, kind) }, 'any', [
    {
      id: derivedId(runId, kind, 'unavailable'),
      type: 'EvidenceUnavailable',
      payload: { connectionId, sourceId, runId, kind, reason, explanation, status, code, requestId },
    },
  ])
  return { kind, outcome: 'unavailable', reason, items: null }
}

function endOf(
  run: StartedRun,
  outcome: 'succeeded' | 'partly' | 'failed',
  kinds: KindResult[],
): DomainEvent {
  const { connectionId, sourceId, runId } = run
  const payload = { connectionId, sourceId, runId, kinds }
  switch (outcome) {
    case 'succeeded':
      return { type: 'SyncSucceeded', payload }
    case 'partly':
      return { type: 'SyncPartlySucceeded', payload }
    case 'failed':
      return {
        type: 'SyncFailed',
        payload: { ...payload, cause: 'nothing_came', explanation: 'No kind of evidence could be read.' },
      }
  }
}

function failureOf(
  { connectionId, sourceId, runId }: StartedRun,
  cause: string,
  explanation: string,
): DomainEvent {
  return { type: 'SyncFailed', payload: { connectionId, sourceId, runId, cause, explanation, kinds: [] } }
}

const nextOf = ({ cadence, connectionId }: StartedRun, now: Date, hasSucceeded: boolean) =>
  nextRun(cadence, now, spreadOf(connectionId, cadence), hasSucceeded)

async function scheduleNext(services: Services, unit: Unit, run: StartedRun, dueAt: Date) {
  const { organizationId, connectionId } = run
  await releaseLease(unit.transaction, run, run.runId, dueAt)
  await services.queue.enqueue(
    unit.transaction,
    queueOf(run.cadence),
    { organizationId, connectionId, trigger: 'schedule', dueAt: dueAt.toISOString() },
    { startAfter: dueAt },
  )
}
