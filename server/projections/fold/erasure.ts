import { amended, type Reducer, succeeded } from './reducer.ts'
import type { ErasureRow } from './rows.ts'

/** Who was erased when, and until when. */
export const erasureReducer: Reducer<ErasureRow> = {
  change(event) {
    const { position, recordedAt: at, actor } = event
    switch (event.type) {
      case 'ErasureRequested': {
        const { reason } = event.payload
        const subjectKey = event.payload.subjectKey.toLowerCase()
        const row = { fromPosition: position, toPosition: null, reason, at, actor, completedAt: null }
        return {
          subject: [subjectKey],
          rows: newest => succeeded(newest, position, () => ({ subjectKey, ...row })),
        }
      }
      case 'ErasureCompleted':
        return {
          subject: [event.payload.subjectKey.toLowerCase()],
          rows: newest => amended(newest, position, () => ({ completedAt: at })),
        }
      case 'ErasureLifted':
        return {
          subject: [event.payload.subjectKey.toLowerCase()],
          rows: newest => succeeded(newest, position, () => null),
        }
      default:
        return null
    }
  },
  subject: ['subjectKey'],
  begin: 'fromPosition',
}
