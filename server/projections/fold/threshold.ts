import { type Reducer, succeeded } from './reducer.ts'
import type { ThresholdRow } from './rows.ts'

/** What an organization set of its thresholds over time. */
export const thresholdReducer: Reducer<ThresholdRow> = {
  change(event) {
    if (event.type !== 'ThresholdChanged') return null
    const { position, recordedAt: at, actor, payload } = event
    const row: ThresholdRow = { ...payload, fromPosition: position, toPosition: null, at, actor }
    return { subject: [payload.thresholdId], rows: newest => succeeded(newest, position, () => row) }
  },
  subject: ['thresholdId'],
  begin: 'fromPosition',
}
