import { canonicalText } from './canonical.ts'

/** What a leaf of the log says of an event. The payload is in it by its hash, so that a leaf stays small. */
export interface Envelope {
  actor: string
  recordedAt: Date
  eventId: string
  organizationId: string
  /** SHA-256 of the payload's canonical JSON, in lower-case hexadecimal. */
  payloadSha256: string
  schemaVersion: number
  position: number
  streamId: string
  type: string
  streamVersion: number
}

/**
 * The leaf as `ledger.append` writes it: RFC 8785 canonical JSON, less than 64 KiB. Its leaf hash is
 * SHA-256(0x00 ‖ these bytes in UTF-8).
 */
export const envelopeText = (event: Envelope): string =>
  canonicalText({
    actor: event.actor,
    at: event.recordedAt.toISOString(),
    event: event.eventId,
    org: event.organizationId,
    payloadSha256: event.payloadSha256,
    schema: event.schemaVersion,
    seq: event.position,
    stream: event.streamId,
    type: event.type,
    version: event.streamVersion,
  })
