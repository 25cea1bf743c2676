import { and, desc, eq, gt, gte, inArray, lt, lte, type SQL } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { events, streams } from '../../db/schema/ledger.ts'
import { member } from '../../db/schema/state.ts'
import { eventTypeWords } from '../domain/describe-event.ts'
import { eventStreams } from '../domain/event-streams.ts'
import { type EventType, eventTypes, type StreamType, streamTypes } from '../domain/events.ts'
import { decodeEvent } from '../ledger/decode.ts'
import type { AsOf } from '../ledger/position-at.ts'
import { beforePeriod, type PeriodStart, periodStart } from '../members/auditor-period.ts'
import { namesOfPeople } from '../members/person-names.ts'
import type { Access } from '../members/resolve-access.ts'
import type { Services } from '../services.ts'
import {
  type Actor,
  actorOf,
  type EventView,
  eventView,
  peopleOf,
  type StoredEvent,
  systemNames,
} from './event-view.ts'

export interface EventFilters {
  streamType?: StreamType | undefined
  streamId?: string | undefined
  type?: EventType | undefined
  actor?: string | undefined
  /** From and including this instant, up to but not including the other. */
  from?: Date | undefined
  to?: Date | undefined
  /** Keyset: events before this position. */
  before?: number | undefined
}

const pageSize = 50

/**
 * One page of the organization's events with what its filters offer. An auditor sees those of the period.
 * @throws {AppError} not_found where an auditor asks for what lies before it
 */
export async function listEventPage(
  services: Pick<Services, 'database'>,
  transaction: Transaction,
  access: Access,
  asOf: AsOf,
  filters: EventFilters,
) {
  const { organizationId } = access
  const start = await periodStart(transaction, access)
  if (start && filters.from && filters.from < start.from) throw beforePeriod(start)
  return {
    ...(await listEvents(services, transaction, organizationId, asOf, { filters, start })),
    choices: {
      actors: await listActors(services, transaction, organizationId, asOf, start),
      streamTypes: [...streamTypes],
      types: eventTypes.map(type => ({ type, words: eventTypeWords(type) })),
    },
  }
}

/** One page of the organization's events as of a position, newest first; of an auditor's, those of the period. */
export async function listEvents(
  services: Pick<Services, 'database'>,
  transaction: Transaction,
  organizationId: string,
  asOf: AsOf,
  { filters, start, limit = pageSize }: { filters: EventFilters; start: PeriodStart | null; limit?: number },
): Promise<{ events: EventView[]; next: number | null }> {
  const rows = await selectEvents(
    transaction,
    organizationId,
    [
      lte(events.position, asOf.position),
      ...(start ? [gt(events.position, start.position)] : []),
      ...conditions(filters),
    ],
    limit,
  )
  const page = rows.slice(0, limit)
  const names = await peopleOf(services, page)
  return {
    events: page.map(event => eventView(event, names)),
    next: rows.length > limit ? (page.at(-1)?.position ?? null) : null,
  }
}

/**
 * Everybody who may have acted as of a position: members of then and before, and the product's own parts. For an
 * auditor, members of the period.
 */
async function listActors(
  services: Pick<Services, 'database'>,
  transaction: Transaction,
  organizationId: string,
  { position }: AsOf,
  start: PeriodStart | null,
): Promise<Actor[]> {
  const rows = await transaction
    .selectDistinct({ userId: member.userId })
    .from(member)
    .where(
      and(
        eq(member.organizationId, organizationId),
        lte(member.fromPosition, position),
        start ? gt(member.toPosition, start.position) : undefined,
      ),
    )
  const ids = rows.map(row => row.userId)
  const names = await namesOfPeople(services.database, ids)
  const people = ids.map(id => actorOf(`user:${id}`, names))
  people.sort((one, other) => one.name.localeCompare(other.name, 'en'))
  return [...people, ...Object.keys(systemNames).map(actor => actorOf(actor, names))]
}

/** Stored events with their stream's type, newest first, one more than a page. */
export async function selectEvents(
  transaction: Transaction,
  organizationId: string,
  where: readonly SQL[],
  limit = pageSize,
): Promise<StoredEvent[]> {
  const rows = await transaction
    .select({ event: events, streamType: streams.streamType })
    .from(events)
    .innerJoin(
      streams,
      and(eq(streams.organizationId, organizationId), eq(streams.streamId, events.streamId)),
    )
    .where(and(eq(events.organizationId, organizationId), ...where))
    .orderBy(desc(events.position))
    .limit(limit + 1)
  return rows.map(({ event: { leafHash, ...event }, streamType }) => ({
    ...decodeEvent(event),
    streamType,
    payloadText: event.payload,
    schemaVersion: event.schemaVersion,
    leafHash: leafHash.toString('hex'),
  }))
}

const typesIn = (streamType: StreamType) => eventTypes.filter(type => eventStreams[type] === streamType)

function conditions(filters: EventFilters): SQL[] {
  const { streamType, streamId, type, actor, from, to, before } = filters
  return [
    // Their types say it as well, and have an index.
    ...(streamType
      ? [eq(streams.streamType, streamType), inArray(events.eventType, typesIn(streamType))]
      : []),
    ...(streamId ? [eq(events.streamId, streamId)] : []),
    ...(type ? [eq(events.eventType, type)] : []),
    ...(actor ? [eq(events.actor, actor)] : []),
    ...(from ? [gte(events.recordedAt, from)] : []),
    ...(to ? [lt(events.recordedAt, to)] : []),
    ...(before === undefined ? [] : [lt(events.position, before)]),
  ]
}
