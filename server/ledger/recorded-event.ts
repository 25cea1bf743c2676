import type { DomainEvent, StreamType } from '../domain/events.ts'

/** Where an event stands: gapless position, strictly increasing time, its stream and version. */
export interface EventMetadata {
  organizationId: string
  position: number
  recordedAt: Date
  streamId: string
  streamVersion: number
  eventId: string
  /** `user:<id>`, `system:<what>`. */
  actor: string
}

export type RecordedEvent = DomainEvent & EventMetadata

export interface StreamReference {
  type: StreamType
  id: string
}

/** An event to append; the id is derived from what caused it where the step may be repeated. */
export type NewEvent = DomainEvent & { id?: string }
