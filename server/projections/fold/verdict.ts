import { type Reducer, succeeded } from './reducer.ts'
import type { VerdictRow } from './rows.ts'

/** Each control's verdict over time, per source. */
export const verdictReducer: Reducer<VerdictRow> = {
  change(event) {
    if (event.type !== 'ControlEvaluated') return null
    const { position, recordedAt, payload } = event
    const row: VerdictRow = {
      ...payload,
      fromPosition: position,
      toPosition: null,
      at: recordedAt,
      toAt: null,
    }
    return {
      subject: [payload.controlId, payload.sourceId],
      rows: newest => succeeded(newest && { ...newest, toAt: recordedAt }, position, () => row),
    }
  },
  subject: ['controlId', 'sourceId'],
  begin: 'fromPosition',
}
