import { cadenceOf } from '../../domain/evidence/kinds.ts'
import type { Reducer } from './reducer.ts'
import type { RunKind, RunRow } from './rows.ts'

const outcomes = { SyncSucceeded: 'succeeded', SyncPartlySucceeded: 'partly', SyncFailed: 'failed' } as const

/** Every run with its start, its end and what came of each kind. */
export const runReducer: Reducer<RunRow> = {
  change(event) {
    const { position, recordedAt } = event
    switch (event.type) {
      case 'SyncStarted': {
        const { runId: id, connectionId, sourceId, trigger, kinds } = event.payload
        const started = { startedPosition: position, startedAt: recordedAt }
        return {
          subject: [id],
          rows: () => [
            { id, connectionId, sourceId, trigger, cadence: cadenceOf(kinds), ...started, ...unfinished },
          ],
        }
      }
      case 'SyncSucceeded':
      case 'SyncPartlySucceeded':
      case 'SyncFailed': {
        const finished = {
          finishedPosition: position,
          finishedAt: recordedAt,
          outcome: outcomes[event.type],
          explanation: event.type === 'SyncFailed' ? event.payload.explanation : null,
          kinds: Object.fromEntries(event.payload.kinds.map(result => [result.kind, kindOf(result)])),
        }
        return {
          subject: [event.payload.runId],
          rows: started => (started ? [{ ...started, ...finished }] : []),
        }
      }
      default:
        return null
    }
  },
  subject: ['id'],
  begin: 'startedPosition',
}

/** What a run says of its end before it has come. */
export const unfinished = {
  finishedPosition: null,
  finishedAt: null,
  outcome: null,
  explanation: null,
  kinds: {},
} as const

function kindOf({
  outcome,
  reason,
  items,
}: {
  outcome: RunKind['outcome']
  reason: RunKind['reason'] | null
  items: number | null
}): RunKind {
  return { outcome, ...(reason ? { reason } : {}), ...(items === null ? {} : { items }) }
}
