import { and, eq, inArray, lte } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { events } from '../../db/schema/ledger.ts'
import { notFound } from '../errors.ts'
import { sha256Hex } from '../ledger/canonical.ts'
import { envelopeText } from '../ledger/envelope.ts'
import { leafHash } from '../ledger/merkle.ts'
import type { AsOf } from '../ledger/position-at.ts'
import { beforePeriod, type PeriodStart } from '../members/auditor-period.ts'
import type { Services } from '../services.ts'
import { type EventView, eventView, peopleOf, type StoredEvent } from './event-view.ts'
import { selectEvents } from './list-events.ts'

/** One event with everything its place in the log rests on. */
export interface EventDetail {
  event: EventView
  /** The id by which the event was recorded once and only once. */
  eventId: string
  schemaVersion: number
  /** The stored payload: exactly the bytes whose hash is in the envelope. */
  canonicalPayload: string
  payloadSha256: string
  /** RFC 8785 canonical JSON: the leaf of the log. */
  envelope: string
  /** SHA-256(0x00 ‖ envelope), computed now from what is stored. */
  computedLeafHash: string
  /** Whether it is the hash that was recorded with the event. */
  isIntact: boolean
  /** Positions of the events around it in its stream, and of the last one that is known. */
  previousInStream: number | null
  nextInStream: number | null
  newestPosition: number
  oldestPosition: number
}

/** @throws {AppError} not_found for a position that is unknown or later; not_found before an auditor's period */
export async function getEvent(
  services: Pick<Services, 'database'>,
  transaction: Transaction,
  organizationId: string,
  asOf: AsOf,
  { position, start }: { position: number; start: PeriodStart | null },
): Promise<EventDetail> {
  const stored = await storedEvent(transaction, organizationId, asOf, { position, start })
  const oldestPosition = start ? start.position + 1 : 0
  const payloadSha256 = sha256Hex(stored.payloadText)
  const envelope = envelopeText({ ...stored, payloadSha256 })
  const computedLeafHash = leafHash(Buffer.from(envelope)).toString('hex')
  const around = await inStream(transaction, organizationId, stored, asOf.position)
  return {
    event: eventView(stored, await peopleOf(services, [stored])),
    eventId: stored.eventId,
    schemaVersion: stored.schemaVersion,
    canonicalPayload: stored.payloadText,
    payloadSha256,
    envelope,
    computedLeafHash,
    isIntact: computedLeafHash === stored.leafHash,
    previousInStream: around.previous !== null && around.previous >= oldestPosition ? around.previous : null,
    nextInStream: around.next,
    newestPosition: asOf.position,
    oldestPosition,
  }
}

/** @throws {AppError} not_found for a position that is unknown or later; not_found before an auditor's period */
export async function storedEvent(
  transaction: Transaction,
  organizationId: string,
  asOf: AsOf,
  { position, start }: { position: number; start: PeriodStart | null },
): Promise<StoredEvent> {
  const [stored] = await selectEvents(transaction, organizationId, [
    eq(events.position, position),
    lte(events.position, asOf.position),
  ])
  if (!stored) throw notFound('event')
  if (start && position <= start.position) throw beforePeriod(start)
  return stored
}

async function inStream(
  transaction: Transaction,
  organizationId: string,
  { streamId, streamVersion }: StoredEvent,
  upTo: number,
): Promise<{ previous: number | null; next: number | null }> {
  const rows = await transaction
    .select({ position: events.position, version: events.streamVersion })
    .from(events)
    .where(
      and(
        eq(events.organizationId, organizationId),
        eq(events.streamId, streamId),
        // Versions are gapless.
        inArray(events.streamVersion, [streamVersion - 1, streamVersion + 1]),
        lte(events.position, upTo),
      ),
    )
  const place = (version: number) => rows.find(row => row.version === version)?.position ?? null
  return { previous: place(streamVersion - 1), next: place(streamVersion + 1) }
}
