const keyLength = 16
const hashLength = 32

/**
 * Subject keys (UUIDs) with their item hashes in flat memory: 48 bytes an entry, so that a directory of a million
 * accounts fits where its objects would not.
 */
export class SubjectIndex {
  #keys = Buffer.alloc(1024 * keyLength)
  #hashes = Buffer.alloc(1024 * hashLength)
  #size = 0
  #sorted = true

  /** Entries, duplicates included until {@link SubjectIndex.sort}. */
  get size(): number {
    return this.#size
  }

  add(subjectKey: string, itemHash: Uint8Array): void {
    if ((this.#size + 1) * keyLength > this.#keys.length) this.#grow()
    const at = this.#size * keyLength
    this.#keys.write(subjectKey.replaceAll('-', ''), at, 'hex')
    this.#hashes.set(itemHash, this.#size * hashLength)
    if (this.#size > 0 && this.#keys.compare(this.#keys, at - keyLength, at, at, at + keyLength) >= 0) {
      this.#sorted = false
    }
    this.#size += 1
  }

  /** Orders the entries by key. Of a key that was added twice the later entry stays: a page may repeat a subject. */
  sort(): void {
    if (this.#sorted) return
    const order = Uint32Array.from({ length: this.#size }, (_, index) => index)
    const keys = this.#keys
    const compare = (one: number, other: number) =>
      keys.compare(keys, other * keyLength, (other + 1) * keyLength, one * keyLength, (one + 1) * keyLength)
    order.sort((one, other) => compare(one, other) || one - other)
    const sortedKeys = Buffer.alloc(this.#size * keyLength)
    const sortedHashes = Buffer.alloc(this.#size * hashLength)
    let size = 0
    order.forEach((from, index) => {
      const next = order[index + 1]
      if (next !== undefined && compare(from, next) === 0) return
      keys.copy(sortedKeys, size * keyLength, from * keyLength, (from + 1) * keyLength)
      this.#hashes.copy(sortedHashes, size * hashLength, from * hashLength, (from + 1) * hashLength)
      size += 1
    })
    this.#keys = sortedKeys
    this.#hashes = sortedHashes
    this.#size = size
    this.#sorted = true
  }

  /** Whether the key has exactly this hash. The index must be sorted. */
  holds(subjectKey: string, itemHash: Uint8Array): boolean {
    const index = this.#find(Buffer.from(subjectKey.replaceAll('-', ''), 'hex'))
    return (
      index >= 0 &&
      this.#hashes.compare(itemHash, 0, hashLength, index * hashLength, (index + 1) * hashLength) === 0
    )
  }

  /** Whether the key has any hash. The index must be sorted. */
  has(subjectKey: string): boolean {
    return this.#find(Buffer.from(subjectKey.replaceAll('-', ''), 'hex')) >= 0
  }

  /** Entries in the order of their keys; the hash is a view that the next step may change. */
  *entries(): Generator<{ subjectKey: string; itemHash: Buffer }> {
    this.sort()
    for (let index = 0; index < this.#size; index++) {
      const hex = this.#keys.toString('hex', index * keyLength, (index + 1) * keyLength)
      yield {
        subjectKey: `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`,
        itemHash: this.#hashes.subarray(index * hashLength, (index + 1) * hashLength),
      }
    }
  }

  #find(key: Buffer): number {
    this.sort()
    let low = 0
    let high = this.#size - 1
    while (low <= high) {
      const middle = (low + high) >>> 1
      const order = this.#keys.compare(key, 0, keyLength, middle * keyLength, (middle + 1) * keyLength)
      if (order === 0) return middle
      if (order < 0) low = middle + 1
      else high = middle - 1
    }
    return -1
  }

  #grow() {
    const entries = Math.ceil((this.#keys.length / keyLength) * 1.5)
    const grow = (buffer: Buffer, length: number) => {
      const larger = Buffer.alloc(entries * length)
      buffer.copy(larger)
      return larger
    }
    this.#keys = grow(this.#keys, keyLength)
    this.#hashes = grow(this.#hashes, hashLength)
  }
}
