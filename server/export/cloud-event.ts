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

/** What stands before and after the payload. */
const cloudEventFrame = (
  event: Omit<ExportedEvent, 'payload'>,
  origin: string,
): { before: string; after: string } =>
  cloudEventFrameOf(
    {
      ...event,
      recordedAt: event.recordedAt.toISOString(),
      eventId: JSON.stringify(event.eventId),
      type: JSON.stringify(event.type),
      streamType: JSON.stringify(event.streamType),
      streamId: JSON.stringify(event.streamId),
      actor: JSON.stringify(event.actor),
    },
    JSON.stringify(origin),
  )

/** An event’s values as they stand in its envelope: texts with their quotes, and the time without. */
interface FrameTexts extends Omit<ExportedEvent, 'payload' | 'recordedAt'> {
  readonly recordedAt: string
}

/**
 * The same from texts as JSON has them, which are canonical where no lone surrogate is among them. Written by hand, as it is
 * written for every event: keys in their canonical order.
 */
export function cloudEventFrameOf(
  {
    actor,
    eventId,
    schemaVersion,
    position,
    streamType,
    streamVersion,
    streamId,
    recordedAt,
    type,
  }: FrameTexts,
  origin: string,
): { before: string; after: string } {
  return {
    before: `{"actor":${actor},"data":`,
    after: `,"datacontenttype":"application/json","id":${eventId},"schemaversion":${schemaVersion},"sequence":"${String(position).padStart(20, '0')}","source":${origin},"specversion":"1.0","streamtype":${streamType},"streamversion":${streamVersion},"subject":${streamId},"time":"${recordedAt}","type":${type}}`,
  }
}
