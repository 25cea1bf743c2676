import { type Reducer, succeeded } from './reducer.ts'
import type { VerdictRow } from './rows.ts'

/** Each control's verdict over time, per source. */
export const verdictReducer: Reducer<VerdictRow> = {
  change(event) {
    if (event.type !== 'ControlEvaluated') return null
    const { position, recordedAt, payload } = event
    // The verdict stands from when it is recorded, whenever it was judged.
    const { judgedAt: _, ...judged } = payload
    const row: VerdictRow = {
      ...judged,
      fromPosition: position,
      toPosition: null,
      at: recordedAt,
      toAt: null,
    }
    return {
      subject: [judged.controlId, judged.sourceId],
      rows: newest => succeeded(newest && { ...newest, toAt: recordedAt }, position, () => row),
    }
  },
  subject: ['controlId', 'sourceId'],
  begin: 'fromPosition',
}
