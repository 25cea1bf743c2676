import { parseCanonical } from './canonical-json.ts'
import type { Container } from './container.ts'
import { DoesNotHold, type Place } from './finding.ts'
import { inflate } from './inflate.ts'
import type { ItemStore } from './item-store.ts'
import { LineReader } from './line-reader.ts'
import type { Delta } from './population.ts'

const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'
const deltaShape = new RegExp(
  `^\\{"evidence":"(${uuid})","item":(?:"([0-9a-f]{64})"|null),"subject":"(${uuid})"\\}$`,
)
const memberShape = new RegExp(
  `^\\{"item":"([0-9a-f]{64})","kind":"([a-z_]+)","source":"(${uuid})","subject":"(${uuid})"\\}$`,
)

const rowsPath = 'evidence/rows.jsonl.gz'
const deltasPath = 'evidence/deltas.jsonl.gz'
export const openingPath = 'opening/populations.jsonl.gz'

/** The evidence rows of an archive, one by one. */
export class EvidenceRows {
  readonly #reader: LineReader

  constructor(container: Container) {
    this.#reader = new LineReader(inflate(container, rowsPath), rowsPath)
  }

  get place(): Place {
    return this.#reader.place
  }

  /** The next row; null after the last. @throws {DoesNotHold} for a line that is not canonical */
  async next(): Promise<Record<string, unknown> | null> {
    if (!(await this.#reader.take())) return null
    const value = parseCanonical(this.#reader.text())
    if (typeof value !== 'object' || value === null) {
      throw new DoesNotHold('The row is not canonical JSON.', this.place)
    }
    return { ...value }
  }

  close(): Promise<void> {
    return this.#reader.close()
  }
}

/** What the rows changed, row by row. */
export class EvidenceDeltas {
  readonly #reader: LineReader
  readonly #items: ItemStore
  #ahead: (Delta & { readonly evidence: string }) | null = null
  count = 0

  constructor(container: Container, items: ItemStore) {
    this.#reader = new LineReader(inflate(container, deltasPath), deltasPath)
    this.#items = items
  }

  get place(): Place {
    return this.#reader.place
  }

  /** Every delta of an evidence row, ascending by subject. @throws {DoesNotHold} */
  async of(evidence: string): Promise<Delta[]> {
    const deltas: Delta[] = []
    for (;;) {
      const next = this.#ahead ?? (await this.#read())
      this.#ahead = next
      if (next?.evidence !== evidence) return deltas
      const before = deltas.at(-1)
      if (before && before.subject >= next.subject) {
        throw new DoesNotHold(
          'The row’s changes are not in the order of their subjects, each once.',
          this.place,
        )
      }
      deltas.push(next)
      this.count += 1
      this.#ahead = null
    }
  }

  /** @throws {DoesNotHold} where changes are left that no row has */
  async finish(): Promise<void> {
    const left = this.#ahead ?? (await this.#read())
    if (left) throw new DoesNotHold('The change belongs to no row, or its row stands elsewhere.', this.place)
  }

  close(): Promise<void> {
    return this.#reader.close()
  }

  async #read(): Promise<(Delta & { readonly evidence: string }) | null> {
    if (!this.#reader.takeReady() && !(await this.#reader.take())) return null
    const [, evidence, hash, subject] = deltaShape.exec(this.#reader.text()) ?? []
    if (evidence === undefined || subject === undefined) {
      throw new DoesNotHold('The line is no change of an evidence row.', this.place)
    }
    if (hash === undefined) return { evidence, subject, item: null, hash: '' }
    return { evidence, subject, item: named(this.#items, hash, this.place), hash }
  }
}

/** A member of a population at the beginning of a period. */
export interface OpeningMember extends Delta {
  readonly kind: string
  readonly source: string
}

/** Every member of every population at the beginning, by source, kind and subject. @throws {DoesNotHold} */
export async function* openingMembers(container: Container, items: ItemStore): AsyncGenerator<OpeningMember> {
  const reader = new LineReader(inflate(container, openingPath), openingPath)
  let before = ''
  while (reader.takeReady() || (await reader.take())) {
    const [, hash, kind, source, subject] = memberShape.exec(reader.text()) ?? []
    if (hash === undefined || kind === undefined || source === undefined || subject === undefined) {
      throw new DoesNotHold('The line is no member of a population.', reader.place)
    }
    const key = [source, kind, subject].join(' ')
    if (key <= before) throw new DoesNotHold('The members are out of order.', reader.place)
    before = key
    yield { kind, source, subject, hash, item: named(items, hash, reader.place) }
  }
}

function named(items: ItemStore, hash: string, place: Place): number {
  const index = items.name(hash)
  if (index === null) {
    throw new DoesNotHold(`The item ${hash} is neither here nor said to be purged.`, place)
  }
  return index
}
