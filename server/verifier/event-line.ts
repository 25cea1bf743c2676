import { hash } from 'node:crypto'
import { cloudEventFrame } from '../export/cloud-event.ts'
import { envelopeText } from '../ledger/envelope.ts'
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
  readonly origin: string
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
  const place = { ...events.place, position: leaf.seq }
  if (leaf.org !== log.organizationId) {
    throw new DoesNotHold(`The leaf is of the organization ${leaf.org}.`, {
      ...leaves.place,
      position: leaf.seq,
    })
  }
  const leafHash = hashAfterZero(leaves)
  const expected = log.leafHashes.subarray(leaf.seq * hashLength, (leaf.seq + 1) * hashLength)
  if (!leafHash.equals(expected)) {
    throw new DoesNotHold('The leaf’s hash is not the one that the tree has at this position.', {
      ...leaves.place,
      position: leaf.seq,
    })
  }
  const { buffer, start, end } = events
  const line = buffer.toString('latin1', start, end)
  const streamType = streamTypeIn(line)
  const { before, after } = cloudEventFrame(
    {
      position: leaf.seq,
      recordedAt: leaf.recordedAt,
      eventId: leaf.event,
      type: leaf.type,
      schemaVersion: leaf.schema,
      streamType,
      streamId: leaf.stream,
      streamVersion: leaf.version,
      actor: leaf.actor,
    },
    log.origin,
  )
  if (!line.startsWith(before) || !line.endsWith(after) || line.length < before.length + after.length) {
    throw new DoesNotHold('What stands around the payload is not what the leaf says.', place)
  }
  const payloadFrom = start + before.length
  const payloadTo = end - after.length
  if (hash('sha256', buffer.subarray(payloadFrom, payloadTo), 'hex') !== leaf.payloadSha256) {
    throw new DoesNotHold('The payload’s hash is not the one in the leaf.', place)
  }
  return {
    position: leaf.seq,
    at: leaf.recordedAt.getTime(),
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
  recordedAt: Date
}

/** A leaf whose text is exactly the one that its values lead to. */
function readLeaf(leaves: LineReader): Leaf {
  const text = leaves.buffer.toString('latin1', leaves.start, leaves.end)
  const leaf = parseLeaf(text)
  if (!leaf) throw new DoesNotHold('The leaf is not of its form.', leaves.place)
  const rebuilt = envelopeText({
    actor: leaf.actor,
    recordedAt: leaf.recordedAt,
    eventId: leaf.event,
    organizationId: leaf.org,
    payloadSha256: leaf.payloadSha256,
    schemaVersion: leaf.schema,
    position: leaf.seq,
    streamId: leaf.stream,
    type: leaf.type,
    streamVersion: leaf.version,
  })
  if (rebuilt !== text) throw new DoesNotHold('The leaf is not canonical.', leaves.place)
  return leaf
}

function parseLeaf(text: string): Leaf | null {
  try {
    const leaf: Partial<Leaf> | null = JSON.parse(text)
    if (typeof leaf !== 'object' || leaf === null) return null
    const recordedAt = new Date(leaf.at ?? '')
    const isLeaf =
      areTexts(leaf.actor, leaf.at, leaf.event, leaf.org, leaf.payloadSha256, leaf.stream, leaf.type) &&
      areCounts(leaf.schema, leaf.seq, leaf.version) &&
      !Number.isNaN(recordedAt.getTime())
    // Every field was looked at just now.
    return isLeaf ? ({ ...leaf, recordedAt } as Leaf) : null
  } catch {
    return null
  }
}

const areTexts = (...values: unknown[]) => values.every(value => typeof value === 'string')
const areCounts = (...values: unknown[]) =>
  values.every(value => Number.isSafeInteger(value) && Number(value) >= 0)

/** SHA-256(0x00 ‖ line): the byte before the line takes the zero. */
function hashAfterZero({ buffer, start, end }: LineReader): Buffer {
  buffer[start - 1] = 0x00
  return hash('sha256', buffer.subarray(start - 1, end), 'buffer')
}

/** The one value of the line that the leaf does not hold: everything else is built from the leaf. */
function streamTypeIn(line: string): string {
  const mark = '"streamtype":"'
  const from = line.lastIndexOf(mark) + mark.length
  return line.slice(from, line.indexOf('"', from))
}
