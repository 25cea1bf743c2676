import { type ItemByKind, itemSchemas } from '../domain/evidence/items.ts'
import type { EvidenceKind } from '../domain/evidence/kinds.ts'
import { DoesNotHold } from './finding.ts'
import { wordsOf } from './manifest.ts'
import { hashLength } from './subtree-root.ts'

/** An item by its place in the order of hashes. */
export type ItemIndex = number

/** The items of an archive: a hash each, and its body or the purge that removed it. Bodies stand in memory as bytes. */
export class ItemStore {
  /** 32 bytes each, ascending. */
  readonly #hashes: Buffer
  readonly #bodies: readonly (Body | null)[]
  readonly #purgedAt: ReadonlyMap<ItemIndex, number>
  readonly #named: Uint8Array

  constructor(items: readonly StoredItem[]) {
    this.#hashes = Buffer.concat(items.map(item => item.hash))
    this.#bodies = items.map(item => item.body)
    this.#purgedAt = new Map(
      items.flatMap(({ purgedAt }, index) => (purgedAt === null ? [] : [[index, purgedAt] as const])),
    )
    this.#named = new Uint8Array(items.length)
  }

  get size(): number {
    return this.#bodies.length
  }

  /** Items without a body, and the position of the event that removed it. */
  get purged(): ReadonlyMap<ItemIndex, number> {
    return this.#purgedAt
  }

  /** The item of a hash in hexadecimal, which is named by this; null where the archive accounts for none. */
  name(hexadecimal: string): ItemIndex | null {
    const wanted = Buffer.from(hexadecimal, 'hex')
    let [low, high] = [0, this.size]
    while (low < high) {
      const middle = (low + high) >>> 1
      const order = this.#hashes.compare(
        wanted,
        0,
        hashLength,
        middle * hashLength,
        (middle + 1) * hashLength,
      )
      if (order === 0) {
        this.#named[middle] = 1
        return middle
      }
      if (order < 0) low = middle + 1
      else high = middle
    }
    return null
  }

  hashOf(index: ItemIndex): string {
    return this.#hashes.toString('hex', index * hashLength, (index + 1) * hashLength)
  }

  /** The first item that nothing has named; null where there is none. */
  firstUnnamed(): ItemIndex | null {
    const index = this.#named.indexOf(0)
    return index < 0 ? null : index
  }

  /** Canonical JSON; null where the body was purged. */
  body(index: ItemIndex): string | null {
    const body = this.#bodies[index]
    return body ? body.bytes.toString('utf8', body.from, body.to) : null
  }

  /** An item as its kind has it; null where its body was purged. @throws {DoesNotHold} for a body of another kind */
  read<K extends EvidenceKind>(kind: K, index: ItemIndex): ItemByKind[K] | null {
    const body = this.body(index)
    if (body === null) return null
    const parsed = itemSchemas[kind].safeParse(JSON.parse(body))
    if (!parsed.success) {
      throw new DoesNotHold(
        `The item ${this.hashOf(index)} is not of the kind ${kind}: ${wordsOf(parsed.error)}.`,
      )
    }
    // The schema was looked up by the very kind it belongs to.
    return parsed.data as ItemByKind[K]
  }
}

/** Where an item’s canonical JSON stands. */
export interface Body {
  readonly bytes: Buffer
  readonly from: number
  readonly to: number
}

export interface StoredItem {
  readonly hash: Buffer
  readonly body: Body | null
  /** The purge’s position, where there is no body. */
  readonly purgedAt: number | null
}
