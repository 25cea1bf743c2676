import { type Reducer, succeeded } from './reducer.ts'
import type { AdministratorRow } from './rows.ts'

/** Who was on the list of approved administrators when. */
export const administratorReducer: Reducer<AdministratorRow> = {
  change(event) {
    if (event.type !== 'AdministratorApproved' && event.type !== 'AdministratorWithdrawn') return null
    const { position, recordedAt: at, actor, payload } = event
    const { sourceId, reason } = payload
    const subjectKey = payload.subjectKey.toLowerCase()
    const row: AdministratorRow = {
      sourceId,
      subjectKey,
      fromPosition: position,
      toPosition: null,
      reason,
      at,
      actor,
    }
    const next = event.type === 'AdministratorApproved' ? row : null
    return { subject: [sourceId, subjectKey], rows: newest => succeeded(newest, position, () => next) }
  },
  subject: ['sourceId', 'subjectKey'],
  begin: 'fromPosition',
}
