import { compareKeys, keyLength } from './subject-key.ts'

export const hashLength = 32
export const entryLength = keyLength + hashLength

/** Entries in one piece of memory; a list grows by such pieces and is never copied. */
export const entriesInPage = 16_384

/**
 * Subject keys with their item hashes in flat memory: 48 bytes an entry, so that a directory of a million accounts fits
 * where its objects would not.
 */
export class SubjectEntries {
  readonly #pages: Buffer[] = []
  #size = 0

  get size(): number {
    return this.#size
  }

  add(key: Uint8Array, hash: Uint8Array): void {
    if (this.#size % entriesInPage === 0) this.#pages.push(Buffer.allocUnsafe(entriesInPage * entryLength))
    const page = this.#page(this.#size)
    const at = offsetOf(this.#size)
    page.set(key, at)
    page.set(hash, at + keyLength)
    this.#size += 1
  }

  /** Takes entries as they are laid out here already; only the last page may hold fewer than {@link entriesInPage}. */
  addPage(page: Buffer): void {
    this.#pages.push(page)
    this.#size += page.length / entryLength
  }

  entry(index: number): SubjectEntry {
    const at = offsetOf(index)
    const hex = this.#page(index).toString('hex', at, at + entryLength)
    const subjectKey = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`
    return { subjectKey, itemHash: hex.slice(32) }
  }

  /** A view that lasts as long as the list. */
  hash(index: number): Buffer {
    const at = offsetOf(index) + keyLength
    return this.#page(index).subarray(at, at + hashLength)
  }

  /** All of them as they stand. */
  *entries(): Generator<SubjectEntry> {
    for (let index = 0; index < this.#size; index++) yield this.entry(index)
  }

  hasHash(index: number, hash: Uint8Array): boolean {
    const page = this.#page(index)
    const at = offsetOf(index) + keyLength
    for (let byte = 0; byte < hashLength; byte++) if (page[at + byte] !== hash[byte]) return false
    return true
  }

  /** Where the key stands in a list that is in the order of its keys, or -1. */
  find(key: Uint8Array): number {
    let low = 0
    let high = this.#size - 1
    while (low <= high) {
      const middle = (low + high) >>> 1
      const order = compareKeys(key, 0, this.#page(middle), offsetOf(middle))
      if (order === 0) return middle
      if (order < 0) high = middle - 1
      else low = middle + 1
    }
    return -1
  }

  /** Compares the keys of an entry here and of one in another list. */
  compare(index: number, other: SubjectEntries, otherIndex: number): number {
    return compareKeys(this.#page(index), offsetOf(index), other.#page(otherIndex), offsetOf(otherIndex))
  }

  /** Where the entries stand, in the order of their keys; those of one key in the order in which they came. */
  order(): Uint32Array {
    return mergeSorted(this.#size, (one, other) => this.compare(one, this, other))
  }

  /** Gives the memory back at once, which the engine would look for when it comes to it. Empty afterwards. */
  release(): void {
    for (const { buffer, length } of this.#pages.splice(0)) {
      // A small page lies in a piece that others use as well.
      if (buffer instanceof ArrayBuffer && buffer.byteLength === length) buffer.transfer(0)
    }
    this.#size = 0
  }

  #page(index: number): Buffer {
    const page = this.#pages[Math.floor(index / entriesInPage)]
    if (!page) throw new RangeError(`there is no entry ${index}`)
    return page
  }
}

/** In words: the key as a UUID, the hash in lower-case hexadecimal. */
export interface SubjectEntry {
  readonly subjectKey: string
  readonly itemHash: string
}

/**
 * The numbers below `size` in an order that keeps equals as they are, by merging runs of 1, 2, 4 …: 8 bytes a number,
 * of which half remain. A typed array's own sort takes 16 more as soon as it is given an order.
 */
function mergeSorted(size: number, compare: (one: number, other: number) => number): Uint32Array {
  let sorted = Uint32Array.from({ length: size }, (_, index) => index)
  let next = new Uint32Array(size)
  for (let run = 1; run < size; run *= 2) {
    for (let start = 0; start < size; start += 2 * run) {
      const middle = Math.min(start + run, size)
      const end = Math.min(middle + run, size)
      let [left, right] = [start, middle]
      for (let at = start; at < end; at++) {
        const isLeft = right >= end || (left < middle && compare(sorted[left] ?? 0, sorted[right] ?? 0) <= 0)
        next[at] = sorted[isLeft ? left++ : right++] ?? 0
      }
    }
    ;[sorted, next] = [next, sorted]
  }
  return sorted
}

const offsetOf = (index: number) => (index % entriesInPage) * entryLength
