import type { EventPayload } from '../../../server/domain/events.ts'
import { controlStream, evidenceStream, newId } from '../../../server/ledger/ids.ts'
import type { Ledger } from '../../../server/ledger/ledger.ts'
import { replay } from '../../../server/ledger/read.ts'
import type { RecordedEvent } from '../../../server/ledger/recorded-event.ts'

export interface RunsPast {
  runs: number
  signal: AbortSignal
  /** Runs after which one control is judged otherwise; with every run unless given. */
  turnEvery?: number
  /** Called before each run: moves the clock, where there is one to move. */
  beforeRun?: (run: number) => void
}

/**
 * Appends further runs to an organization that synced once: each starts, finds every kind as it was, judges one control,
 * and ends.
 */
export async function repeatRuns(
  ledger: Ledger,
  organizationId: string,
  { runs, signal, turnEvery = 1, beforeRun }: RunsPast,
): Promise<void> {
  const first = await readFirstRun(ledger, organizationId)
  const { connectionId, sourceId } = first.started
  for (let run = 0; run < runs; run++) {
    signal.throwIfAborted()
    beforeRun?.(run)
    const runId = newId()
    const stream = { type: 'run', id: runId } as const
    await ledger.command(organizationId, 'system:bench', async unit => {
      await unit.append(stream, 0, [{ type: 'SyncStarted', payload: { ...first.started, runId } }])
      for (const { kind, evidenceId, fingerprint, itemCount, collectedFrom, collectedTo } of first.attached) {
        const payload = { connectionId, sourceId, runId, kind, evidenceId, fingerprint, itemCount }
        const evidence = { type: 'evidence', id: evidenceStream(sourceId, kind) } as const
        await unit.append(evidence, 'any', [
          { type: 'EvidenceReaffirmed', payload: { ...payload, collectedFrom, collectedTo, requestIds: [] } },
        ])
      }
      const control = { type: 'control', id: controlStream(sourceId, first.judged.controlId) } as const
      const verdict = Math.floor(run / turnEvery) % 2 === 0 ? 'fail' : 'pass'
      await unit.append(control, 'any', [{ type: 'ControlEvaluated', payload: { ...first.judged, verdict } }])
      await unit.append(stream, 1, [{ type: 'SyncSucceeded', payload: { ...first.ended, runId } }])
    })
  }
}

/** What the first sync appended, for others to be like it. */
export interface FirstRun {
  started: EventPayload<'SyncStarted'>
  attached: EventPayload<'EvidenceAttached'>[]
  judged: EventPayload<'ControlEvaluated'>
  ended: EventPayload<'SyncSucceeded'>
}

/** @throws {Error} where there was no sync yet */
export async function readFirstRun(ledger: Ledger, organizationId: string): Promise<FirstRun> {
  const events = await ledger.query(organizationId, { kind: 'now' }, async (transaction, { position }) => {
    const all: RecordedEvent[] = []
    for await (const page of replay(transaction, organizationId, { upTo: position })) all.push(...page)
    return all
  })
  const started = events.find(event => event.type === 'SyncStarted')
  const judged = events.find(event => event.type === 'ControlEvaluated')
  const ended = events.find(event => event.type === 'SyncSucceeded')
  if (!started || !judged || !ended) throw new Error('the organization has not synced yet')
  const attached = events.flatMap(event => (event.type === 'EvidenceAttached' ? [event.payload] : []))
  return { started: started.payload, attached, judged: judged.payload, ended: ended.payload }
}
