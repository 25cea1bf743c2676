import { hash } from 'node:crypto'
import { linesPerFile } from '../export/archive-file.ts'
import { parseCanonical } from './canonical-json.ts'
import type { Container } from './container.ts'
import { DoesNotHold, type Place } from './finding.ts'
import { inflate } from './inflate.ts'
import { type Body, ItemStore, type StoredItem } from './item-store.ts'
import { LineReader } from './line-reader.ts'

/**
 * Reads every item that the archive accounts for: its body, which hashes to its name, or that it was purged.
 * @throws {DoesNotHold} naming the first line that does not fit
 */
export async function loadItems(container: Container): Promise<ItemStore> {
  const bodies: StoredItem[] = []
  const files = container.files.filter(({ path }) => path.startsWith('evidence/items/'))
  for (const [number, { path }] of files.entries()) {
    const lines = await eachLine(container, path, reader => bodies.push(readItem(reader, bodies.at(-1))))
    if (lines > linesPerFile || lines === 0 || (lines < linesPerFile && number < files.length - 1)) {
      throw new DoesNotHold(`The file has ${lines} items; all but the last have ${linesPerFile}.`, { path })
    }
  }
  const purged: StoredItem[] = []
  await eachLine(container, 'evidence/purged.jsonl.gz', reader =>
    purged.push(readPurged(reader, purged.at(-1))),
  )
  return new ItemStore(merge(bodies, purged))
}

async function eachLine(
  container: Container,
  path: string,
  take: (reader: LineReader) => void,
): Promise<number> {
  const reader = new LineReader(inflate(container, path), path)
  while (reader.takeReady() || (await reader.take())) take(reader)
  return reader.line
}

const beforeBody = '{"body":'
const hashShape = /^,"hash":"([0-9a-f]{64})"\}$/
const hashPartLength = ',"hash":""}'.length + 64
const purgedShape = /^\{"hash":"([0-9a-f]{64})","position":(0|[1-9][0-9]{0,15}|null)\}$/

function readItem(reader: LineReader, before: StoredItem | undefined): StoredItem {
  const { buffer, start, end, place } = reader
  const from = start + beforeBody.length
  const to = end - hashPartLength
  const [, name] = hashShape.exec(to < from ? '' : buffer.toString('latin1', to, end)) ?? []
  if (name === undefined || buffer.toString('latin1', start, from) !== beforeBody) {
    throw new DoesNotHold('The line is no item.', place)
  }
  if (hash('sha256', buffer.subarray(from, to), 'hex') !== name) {
    throw new DoesNotHold('The item’s content is not the one that its hash was made of.', place)
  }
  if (parseCanonical(reader.text(from, to)) === undefined) {
    throw new DoesNotHold('The item is not canonical JSON.', place)
  }
  const body: Body = { bytes: buffer, from, to }
  return following(before, { hash: Buffer.from(name, 'hex'), body, purgedAt: null }, place)
}

function readPurged(reader: LineReader, before: StoredItem | undefined): StoredItem {
  const { place } = reader
  const [, name, position] = purgedShape.exec(reader.text()) ?? []
  if (name === undefined || position === undefined)
    throw new DoesNotHold('The line names no purged item.', place)
  if (position === 'null') {
    throw new DoesNotHold(
      `The content of the item ${name} is gone, and no event says that it was purged.`,
      place,
    )
  }
  const purgedAt = Number(position)
  return following(before, { hash: Buffer.from(name, 'hex'), body: null, purgedAt }, place)
}

function following(before: StoredItem | undefined, item: StoredItem, place: Place): StoredItem {
  if (before && Buffer.compare(before.hash, item.hash) >= 0) {
    throw new DoesNotHold('The items are not in the order of their hashes, each once.', place)
  }
  return item
}

function merge(bodies: readonly StoredItem[], purged: readonly StoredItem[]): StoredItem[] {
  const merged = [...bodies, ...purged].sort((one, other) => Buffer.compare(one.hash, other.hash))
  merged.forEach((item, index) => {
    if (merged[index - 1]?.hash.equals(item.hash)) {
      const path = 'evidence/purged.jsonl.gz'
      throw new DoesNotHold(`The item ${item.hash.toString('hex')} is said to be purged, and is here.`, {
        path,
      })
    }
  })
  return merged
}
