import { hash } from 'node:crypto'
import { cloudEventFrameOf } from '../export/cloud-event.ts'
import { DoesNotHold } from './finding.ts'
import type { LineReader } from './line-reader.ts'
import { hashLength } from './subtree-root.ts'

/** What stands in an event’s leaf, and where its payload stands in its line. */
export interface EventLine {
  readonly position: number
  /** Milliseconds. */
  readonly at: number
  readonly eventId: string
  readonly type: string
  readonly schemaVersion: number
  readonly streamId: string
  readonly streamType: string
  readonly streamVersion: number
  readonly actor: string
  readonly payloadFrom: number
  readonly payloadTo: number
}

/** The log that events must be of. */
export interface LogFacts {
  /** As JSON has it. */
  readonly quotedOrigin: string
  readonly organizationId: string
  /** Of the whole log, 32 bytes each. */
  readonly leafHashes: Buffer
}

/**
 * Holds an event’s line and its leaf to each other and to the log: bytes are hashed and compared before the payload is
 * read. The lines are those that the readers took last.
 * @throws {DoesNotHold} naming the line and the position
 */
export function checkEventLine(events: LineReader, leaves: LineReader, log: LogFacts): EventLine {
  const leaf = readLeaf(leaves)
  if (leaf.org !== log.organizationId) {
    throw new DoesNotHold(`The leaf is of the organization ${leaf.org}.`, {
      ...leaves.place,
      position: leaf.seq,
    })
  }
  const expected = log.leafHashes.toString('hex', leaf.seq * hashLength, (leaf.seq + 1) * hashLength)
  if (hashAfterZero(leaves) !== expected) {
    throw new DoesNotHold('The leaf’s hash is not the one that the tree has at this position.', {
      ...leaves.place,
      position: leaf.seq,
    })
  }
  const { buffer, start, end } = events
  const line = buffer.toString('latin1', start, end)
  const streamType = streamTypeIn(line)
  const { before, after } = cloudEventFrameOf(
    {
      position: leaf.seq,
      recordedAt: leaf.at,
      eventId: quoted(leaf.event),
      type: quoted(leaf.type),
      schemaVersion: leaf.schema,
      streamType: JSON.stringify(streamType),
      streamId: quoted(leaf.stream),
      streamVersion: leaf.version,
      actor: quoted(leaf.actor),
    },
    log.quotedOrigin,
  )
  if (!line.startsWith(before) || !line.endsWith(after) || line.length < before.length + after.length) {
    const words = 'What stands around the payload is not what the leaf says.'
    throw new DoesNotHold(words, { ...events.place, position: leaf.seq })
  }
  const payloadFrom = start + before.length
  const payloadTo = end - after.length
  if (hash('sha256', buffer.subarray(payloadFrom, payloadTo), 'hex') !== leaf.payloadSha256) {
    const words = 'The payload’s hash is not the one in the leaf.'
    throw new DoesNotHold(words, { ...events.place, position: leaf.seq })
  }
  return {
    position: leaf.seq,
    at: leaf.milliseconds,
    eventId: leaf.event,
    type: leaf.type,
    schemaVersion: leaf.schema,
    streamId: leaf.stream,
    streamType,
    streamVersion: leaf.version,
    actor: leaf.actor,
    payloadFrom,
    payloadTo,
  }
}

interface Leaf {
  actor: string
  at: string
  event: string
  org: string
  payloadSha256: string
  schema: number
  seq: number
  stream: string
  type: string
  version: number
  /** The instant `at`, in milliseconds. */
  milliseconds: number
}

/**
 * The one form that a leaf can have: what stands in it needs no escape, so that a text of this form is canonical JSON
 * without being parsed and written anew.
 */
const leafForm = new RegExp(
  [
    String.raw`^\{"actor":"([ !#-[\]-~]+)","at":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)","event":"([\da-f-]{36})"`,
    String.raw`,"org":"([\da-f-]{36})","payloadSha256":"([\da-f]{64})","schema":([1-9]\d{0,8}),"seq":(0|[1-9]\d{0,14})`,
    String.raw`,"stream":"([\da-f-]{36})","type":"(\w+)","version":([1-9]\d{0,14})\}$`,
  ].join(''),
)

function readLeaf(leaves: LineReader): Leaf {
  const found = leafForm.exec(leaves.buffer.toString('latin1', leaves.start, leaves.end))
  if (!found) throw new DoesNotHold('The leaf is not of its form.', leaves.place)
  // Every group of the form takes part in a match.
  const [, actor, at, event, org, payloadSha256, schema, seq, stream, type, version] =
    found as unknown as LeafGroups
  const milliseconds = instantOf(at)
  if (Number.isNaN(milliseconds)) throw new DoesNotHold('The leaf’s time is on no calendar.', leaves.place)
  return {
    actor,
    at,
    event,
    org,
    payloadSha256,
    schema: Number(schema),
    seq: Number(seq),
    stream,
    type,
    version: Number(version),
    milliseconds,
  }
}

/** Milliseconds of a time of the leaf's form; NaN for one on no calendar. Events come in order: many a minute has the same. */
function instantOf(at: string): number {
  const minute = at.slice(0, minuteLength)
  if (minute !== lastMinute.text) {
    const begin = new Date(`${minute}:00.000Z`)
    const isReal = !Number.isNaN(begin.getTime()) && begin.toISOString().startsWith(minute)
    lastMinute = { text: minute, begin: isReal ? begin.getTime() : Number.NaN }
  }
  const seconds = Number(at.slice(minuteLength + 1, -1))
  return seconds < 60 ? lastMinute.begin + Math.round(seconds * 1000) : Number.NaN
}

const minuteLength = 'YYYY-MM-DDThh:mm'.length
let lastMinute = { text: '', begin: Number.NaN }

type LeafGroups = [string, string, string, string, string, string, string, string, string, string, string]

/** As JSON has a text that needs no escape. */
const quoted = (plain: string) => `"${plain}"`

/** SHA-256(0x00 ‖ line), in hexadecimal: the byte before the line takes the zero. */
function hashAfterZero({ buffer, start, end }: LineReader): string {
  buffer[start - 1] = 0x00
  return hash('sha256', buffer.subarray(start - 1, end), 'hex')
}

/** The one value of the line that the leaf does not hold: everything else is built from the leaf. */
function streamTypeIn(line: string): string {
  const mark = '"streamtype":"'
  const from = line.lastIndexOf(mark) + mark.length
  return line.slice(from, line.indexOf('"', from))
}
