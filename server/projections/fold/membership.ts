import type { EventPayload } from '../../domain/events.ts'
import type { EventMetadata } from '../../ledger/recorded-event.ts'
import { succeeded } from './reducer.ts'
import type { MembershipRow } from './rows.ts'

/** What an evidence row changed of one subject: its item by hash, or null where the subject left. */
export interface EvidenceDelta {
  readonly subjectKey: string
  readonly itemHash: string | null
}

/** The event that a delta came with. */
export type AttachedEvidence = Pick<EventMetadata, 'position'> & {
  readonly payload: Pick<EventPayload<'EvidenceAttached'>, 'sourceId' | 'kind'>
}

/**
 * Who and what is in each population when. The same item again changes nothing; another one ends the one before. In a
 * feed nothing leaves.
 */
export function reduceMembership(
  newest: MembershipRow | undefined,
  { position, payload: { sourceId, kind } }: AttachedEvidence,
  { subjectKey, itemHash }: EvidenceDelta,
): readonly MembershipRow[] {
  const held = newest?.toPosition === null ? newest.itemHash : null
  if (held === itemHash) return []
  return succeeded(newest, position, () =>
    itemHash === null
      ? null
      : { sourceId, kind, subjectKey, fromPosition: position, toPosition: null, itemHash },
  )
}
