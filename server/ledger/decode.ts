import { type DomainEvent, type EventType, eventSchemas, isEventType, upcasters } from '../domain/events.ts'
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

/** The schema version in which events of a type are written; those of earlier ones are read as well. */
export const newestSchema = (type: EventType): number => (upcasters[type]?.length ?? 0) + 1

/** Whether this build can read events of a type in a schema version. */
export const knowsSchema = (type: string, version: number): type is EventType =>
  isEventType(type) && Number.isInteger(version) && version >= 1 && version <= newestSchema(type)

/**
 * A stored event in its newest schema version, checked.
 * @throws {AppError} internal, for a type or a version that this build does not know
 */
export const decodeEvent = (row: EventRow): RecordedEvent => decodeParsed(row, JSON.parse(row.payload))

/** The same of an event whose payload is no text any more. */
export function decodeParsed(row: Omit<EventRow, 'payload'>, stored: unknown): RecordedEvent {
  const { eventType, schemaVersion, position } = row
  if (!knowsSchema(eventType, schemaVersion)) {
    throw new AppError('internal', `event ${position} has unknown type ${eventType} v${schemaVersion}`)
  }
  const { type, payload } = domainEvent(eventType, stored, schemaVersion)
  // Property by property, which takes half the time of spreading both; type and payload are a pair, as they came.
  return {
    type,
    payload,
    organizationId: row.organizationId,
    position,
    recordedAt: row.recordedAt,
    streamId: row.streamId,
    streamVersion: row.streamVersion,
    eventId: row.eventId,
    actor: row.actor,
  } as RecordedEvent
}

/**
 * Checks a payload by its type's schema. One of an earlier version is brought to the newest first.
 * @throws {z.ZodError} for a payload that is not of its type and version
 */
export function domainEvent(type: EventType, payload: unknown, version = newestSchema(type)): DomainEvent {
  let newest = payload
  for (const upcast of upcasters[type]?.slice(version - 1) ?? []) newest = upcast(newest)
  // The pair is right by construction: the schema was looked up by the very type it is joined with.
  return { type, payload: eventSchemas[type].parse(newest) } as DomainEvent
}
