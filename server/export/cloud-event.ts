import { canonicalText } from '../ledger/canonical.ts'

/** An event as the ledger holds it. */
export interface ExportedEvent {
  readonly position: number
  readonly recordedAt: Date
  readonly eventId: string
  readonly type: string
  readonly schemaVersion: number
  readonly streamType: string
  readonly streamId: string
  readonly streamVersion: number
  readonly actor: string
  /** Canonical JSON: exactly the bytes whose hash is in the leaf. */
  readonly payload: string
}

/**
 * An event as a CloudEvents 1.0 envelope, canonical JSON. The payload stands in it as it was hashed, byte for byte.
 * @param origin of the log
 */
export function cloudEventText(event: ExportedEvent, origin: string): string {
  const rest = canonicalText({
    datacontenttype: 'application/json',
    id: event.eventId,
    schemaversion: event.schemaVersion,
    sequence: String(event.position).padStart(20, '0'),
    source: origin,
    specversion: '1.0',
    streamtype: event.streamType,
    streamversion: event.streamVersion,
    subject: event.streamId,
    time: event.recordedAt.toISOString(),
    type: event.type,
  })
  return `{"actor":${canonicalText(event.actor)},"data":${event.payload},${rest.slice(1)}`
}
