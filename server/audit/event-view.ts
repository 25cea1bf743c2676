import { describeEvent, eventTypeWords } from '../domain/describe-event.ts'
import type { EventType, StreamType } from '../domain/events.ts'
import { streamTypes } from '../domain/events.ts'
import { AppError } from '../errors.ts'
import type { RecordedEvent } from '../ledger/recorded-event.ts'
import { deletedAccount, namesOfPeople, personOf } from '../members/person-names.ts'
import type { Services } from '../services.ts'

/** Who did something: a person, by the name of today, or a part of the product. */
export interface Actor {
  id: string
  name: string
  isPerson: boolean
}

/** An event as it is listed. */
export interface EventView {
  position: number
  recordedAt: Date
  type: EventType
  typeWords: string
  streamType: StreamType
  streamId: string
  streamVersion: number
  words: string
  actor: Actor
  /** Whom the event is about, where it is about a member. */
  aboutName: string | null
  /** The evidence row that the event attached or reaffirmed. */
  evidenceId: string | null
  leafHash: string
  /** Canonical JSON, laid out. */
  payload: string
  /** The look back that ends with this event. */
  asOfText: string
}

/** An event with what its leaf was made of. */
export type StoredEvent = RecordedEvent & {
  streamType: string
  leafHash: string
  /** Canonical JSON: exactly the bytes that were hashed. */
  payloadText: string
  schemaVersion: number
}

/** @param names of people by id, see {@link peopleOf} */
export function eventView(event: StoredEvent, names: ReadonlyMap<string, string>): EventView {
  const { position, recordedAt, type, streamId, streamVersion, leafHash, payload } = event
  const about = aboutUser(event)
  return {
    position,
    recordedAt,
    type,
    typeWords: eventTypeWords(type),
    streamType: streamTypeOf(event.streamType),
    streamId,
    streamVersion,
    words: describeEvent(event),
    actor: actorOf(event.actor, names),
    aboutName: about && (names.get(about) ?? deletedAccount),
    evidenceId: 'evidenceId' in payload ? payload.evidenceId : null,
    leafHash,
    payload: JSON.stringify(payload, null, 2),
    asOfText: `${recordedAt.toISOString()}@${position}`,
  }
}

/** The names of everybody whom events name by id, as they are called today: names are no part of the ledger. */
export async function peopleOf(
  { database }: Pick<Services, 'database'>,
  events: readonly RecordedEvent[],
): Promise<ReadonlyMap<string, string>> {
  const ids = events.flatMap(event => [personOf(event.actor), aboutUser(event)].filter(id => id !== null))
  return namesOfPeople(database, ids)
}

/** An event's actor with the name of today. */
export function actorOf(actor: string, names: ReadonlyMap<string, string>): Actor {
  const userId = personOf(actor)
  return userId === null
    ? { id: actor, name: systemNames[actor] ?? actor.replace(/^system:/, ''), isPerson: false }
    : { id: actor, name: names.get(userId) ?? deletedAccount, isPerson: true }
}

/** The product's own parts that act, by actor. */
export const systemNames: Readonly<Record<string, string>> = {
  'system:sync': 'Collector',
  'system:export': 'Export',
  'system:sealer': 'Sealer',
  'system:delivery': 'Delivery',
  'system:verifier': 'Verifier',
  'system:sweep': 'Hourly watch',
  'system:alerts': 'Alerts',
}

const aboutUser = ({ payload }: RecordedEvent): string | null =>
  'userId' in payload && typeof payload.userId === 'string' ? payload.userId : null

function streamTypeOf(text: string): StreamType {
  const type = streamTypes.find(known => known === text)
  if (!type) throw new AppError('internal', `unknown stream type ${text}`)
  return type
}
