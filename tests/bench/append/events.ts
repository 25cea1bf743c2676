import { randomUUID } from 'node:crypto'
import type { NewEvent } from '../../../server/ledger/recorded-event.ts'

/** What every append row writes: an event of the usual kind, its payload some 340 bytes of canonical JSON. */
export function syncSucceeded(items: number): NewEvent & { type: 'SyncSucceeded' } {
  return {
    type: 'SyncSucceeded',
    payload: {
      connectionId: randomUUID(),
      kinds: [
        { items, kind: 'user_inventory', outcome: 'collected', reason: null },
        { items, kind: 'mfa_registration', outcome: 'reaffirmed', reason: null },
      ],
      runId: randomUUID(),
      sourceId: randomUUID(),
    },
  }
}
