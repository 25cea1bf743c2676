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
  const { before, after } = cloudEventFrame(event, origin)
  return `${before}${event.payload}${after}`
}

/**
 * What stands before and after the payload. Written by hand, as it is written for every event: keys in their canonical
 * order, texts as JSON has them, which is canonical where no lone surrogate is among them.
 */
export function cloudEventFrame(
  event: Omit<ExportedEvent, 'payload'>,
  origin: string,
): { before: string; after: string } {
  const { actor, eventId, schemaVersion, position, streamType, streamVersion, streamId, recordedAt, type } =
    event
  return {
    before: `{"actor":${JSON.stringify(actor)},"data":`,
    after: `,"datacontenttype":"application/json","id":${JSON.stringify(eventId)},"schemaversion":${schemaVersion},"sequence":"${String(position).padStart(20, '0')}","source":${JSON.stringify(origin)},"specversion":"1.0","streamtype":${JSON.stringify(streamType)},"streamversion":${streamVersion},"subject":${JSON.stringify(streamId)},"time":"${recordedAt.toISOString()}","type":${JSON.stringify(type)}}`,
  }
}
