import { type DomainEvent, eventSchemas, isEventType } from '../domain/events.ts'
import { AppError } from '../errors.ts'
import type { RecordedEvent } from './recorded-event.ts'

/** A row of ledger.events as the driver hands it over. */
export interface EventRow {
  organizationId: string
  position: number
  streamId: string
  streamVersion: number
  eventId: string
  eventType: string
  schemaVersion: number
  recordedAt: Date
  actor: string
  payload: string
}

/** The newest schema version of every type: all are at their first. Upcasters of older ones stand here, in one place. */
export const schemaVersion = 1

/** Checks a stored event against its schema. @throws {AppError} internal, for a type or version that no code knows */
export function decodeEvent(row: EventRow): RecordedEvent {
  const { eventType, schemaVersion: version, payload, ...metadata } = row
  if (!isEventType(eventType) || version !== schemaVersion) {
    throw new AppError('internal', `event ${row.position} has unknown type ${eventType} v${version}`)
  }
  return { ...domainEvent(eventType, JSON.parse(payload)), ...metadata }
}

/** Parses a payload by its type's schema. */
export function domainEvent(type: DomainEvent['type'], payload: unknown): DomainEvent {
  // The pair is right by construction: the schema was looked up by the very type it is joined with.
  return { type, payload: eventSchemas[type].parse(payload) } as DomainEvent
}
