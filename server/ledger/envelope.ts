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
 * SHA-256(0x00 ‖ these bytes in UTF-8). Written by hand, as it is written for every event: keys in their canonical order,
 * texts as JSON has them, which is canonical where no lone surrogate is among them.
 */
export const envelopeText = (event: Envelope): string =>
  `{"actor":${JSON.stringify(event.actor)},"at":"${event.recordedAt.toISOString()}","event":${JSON.stringify(event.eventId)},"org":${JSON.stringify(event.organizationId)},"payloadSha256":${JSON.stringify(event.payloadSha256)},"schema":${event.schemaVersion},"seq":${event.position},"stream":${JSON.stringify(event.streamId)},"type":${JSON.stringify(event.type)},"version":${event.streamVersion}}`
