import type { RecordedEvent } from '../../ledger/recorded-event.ts'
import { type Reducer, succeeded } from './reducer.ts'
import type { OutOfScopeRow } from './rows.ts'

/** When a control or a directory did not count for coverage, and why. */
export const outOfScopeReducer: Reducer<OutOfScopeRow> = {
  change(event) {
    const scoped = scopedBy(event)
    if (!scoped) return null
    const { position, recordedAt, actor } = event
    const { what, id, reason, isInScope } = scoped
    const row: OutOfScopeRow = {
      what,
      id,
      fromPosition: position,
      toPosition: null,
      reason,
      at: recordedAt,
      toAt: null,
      actor,
    }
    const next = isInScope ? null : row
    return {
      subject: [what, id],
      rows: newest => succeeded(newest && { ...newest, toAt: recordedAt }, position, () => next),
    }
  },
  subject: ['what', 'id'],
  begin: 'fromPosition',
}

type Scoped = Pick<OutOfScopeRow, 'what' | 'id' | 'reason'> & { isInScope: boolean }

function scopedBy(event: RecordedEvent): Scoped | null {
  switch (event.type) {
    case 'ControlTakenOutOfScope':
    case 'ControlTakenIntoScope': {
      const { controlId: id, reason } = event.payload
      return { what: 'control', id, reason, isInScope: event.type === 'ControlTakenIntoScope' }
    }
    case 'SourceTakenOutOfScope':
    case 'SourceTakenIntoScope': {
      const { sourceId: id, reason } = event.payload
      return { what: 'source', id, reason, isInScope: event.type === 'SourceTakenIntoScope' }
    }
    default:
      return null
  }
}
