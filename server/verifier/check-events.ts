import { z } from 'zod'
import { linesPerFile, numberedPath } from '../export/archive-file.ts'
import { decodeParsed, knowsSchema } from '../ledger/decode.ts'
import type { RecordedEvent } from '../ledger/recorded-event.ts'
import { parseCanonical } from './canonical-json.ts'
import type { Container } from './container.ts'
import { checkEventLine, type EventLine } from './event-line.ts'
import { EventOrder } from './event-order.ts'
import { DoesNotHold, NotCheckable, type Place } from './finding.ts'
import { inflate } from './inflate.ts'
import { LineReader } from './line-reader.ts'
import { type Manifest, wordsOf } from './manifest.ts'

export interface EventsOptions {
  readonly container: Container
  readonly manifest: Manifest
  /** Leaf hashes of the whole log, 32 bytes each. */
  readonly leafHashes: Buffer
  /** After the events that lie before the scope, if there are any, and before the first of the scope. */
  opened(): Promise<void>
  /** Takes each event in order; the next one waits for what it answers. `isOpening`: it lies before the scope. */
  follow(event: RecordedEvent, place: Place & { readonly isOpening: boolean }): void | Promise<void>
}

export interface EventCounts {
  readonly events: number
  readonly opening: number
  readonly streams: number
  /** Streams of which a period holds nothing, but a word from before it. */
  readonly ended: number
}

/**
 * Holds every event to its leaf, the leaf to the tree, and the events to each other: positions without a gap, times that
 * strictly increase, versions of each stream that follow on each other. What holds is handed on, in order.
 * @throws {DoesNotHold} naming the first line that does not
 */
export async function checkEvents(options: EventsOptions): Promise<EventCounts> {
  const { firstPosition, asOf, scope } = options.manifest
  const order = new EventOrder(options.manifest)
  let opening = 0
  if (scope.kind === 'period') {
    const [events, leaves] = ['opening/events.jsonl.gz', 'opening/leaves.jsonl.gz']
    opening = await checkFiles(options, { events, leaves, isOpening: true }, order)
  }
  await options.opened()
  const expected = asOf.position - firstPosition + 1
  for (let number = 0, left = expected; left > 0; number++, left -= linesPerFile) {
    const [events, leaves] = [numberedPath('events', number), numberedPath('leaves', number)]
    const lines = await checkFiles(options, { events, leaves, isOpening: false }, order)
    if (lines !== Math.min(left, linesPerFile)) {
      const path = events
      throw new DoesNotHold(`The file has ${lines} events and should have ${Math.min(left, linesPerFile)}.`, {
        path,
      })
    }
  }
  order.finish()
  return { events: expected, opening, streams: order.streams, ended: order.ended }
}

/** A file of events beside the file of their leaves, line for line. @returns how many there are */
function checkFiles(
  options: EventsOptions,
  { isOpening, ...paths }: EventPaths & { isOpening: boolean },
  order: EventOrder,
): Promise<number> {
  return eachEvent(options, paths, (line, { path, line: number, position }, decoded) => {
    const place = { path, line: number, position, isOpening }
    order.add(line, place)
    return options.follow(decoded(), place)
  })
}

/** A file of events, and the file of their leaves. */
export interface EventPaths {
  readonly events: string
  readonly leaves: string
}

/**
 * Holds each event of a file to its leaf and to the log, and hands it on; the payload is read when it is asked for.
 * @returns how many there are
 * @throws {DoesNotHold} naming the first line that does not hold
 */
export async function eachEvent(
  { container, manifest, leafHashes }: Pick<EventsOptions, 'container' | 'manifest' | 'leafHashes'>,
  { events: eventsPath, leaves: leavesPath }: EventPaths,
  visit: (line: EventLine, place: Required<Place>, decoded: () => RecordedEvent) => void | Promise<void>,
): Promise<number> {
  const events = new LineReader(inflate(container, eventsPath), eventsPath)
  const leaves = new LineReader(inflate(container, leavesPath), leavesPath)
  const quotedOrigin = JSON.stringify(manifest.origin)
  const log = { quotedOrigin, organizationId: manifest.organization.id, leafHashes }
  try {
    while (events.takeReady() || (await events.take())) {
      if (!leaves.takeReady() && !(await leaves.take())) {
        throw new DoesNotHold('The event has no leaf.', events.place)
      }
      const line = checkEventLine(events, leaves, log)
      const place = { path: eventsPath, line: events.line, position: line.position }
      const pending = visit(line, place, () => decode(events, line, log.organizationId, place))
      if (pending) await pending
    }
    if (await leaves.take()) throw new DoesNotHold('The leaf has no event.', leaves.place)
    return events.line
  } finally {
    await events.close()
    await leaves.close()
  }
}

function decode(events: LineReader, line: EventLine, organizationId: string, place: Place): RecordedEvent {
  const { type, position } = line
  if (!knowsSchema(type, line.schemaVersion)) {
    throw new NotCheckable(
      `This verifier does not know events of the type ${type}, schema ${line.schemaVersion}. Use the one that is in the archive, or a newer one.`,
      place,
    )
  }
  const value = parseCanonical(events.text(line.payloadFrom, line.payloadTo))
  if (value === undefined) throw new DoesNotHold('The payload is not canonical JSON.', place)
  try {
    const { eventId, schemaVersion, streamId, streamVersion, actor } = line
    const recordedAt = new Date(line.at)
    return decodeParsed(
      {
        organizationId,
        position,
        recordedAt,
        streamId,
        streamVersion,
        eventId,
        eventType: type,
        schemaVersion,
        actor,
      },
      value,
    )
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error
    throw new DoesNotHold(`The payload is not of its type, ${type}: ${wordsOf(error)}.`, place)
  }
}
