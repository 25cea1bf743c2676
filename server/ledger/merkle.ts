import { hash } from 'node:crypto'

/** RFC 6962 section 2.1: leaves and nodes are hashed with different prefixes, so that neither passes for the other. */

const leafPrefix = Uint8Array.of(0x00)
const nodePrefix = Uint8Array.of(0x01)

/** SHA-256(0x00 ‖ leaf): 32 bytes. */
export const leafHash = (leaf: Uint8Array): Buffer =>
  hash('sha256', Buffer.concat([leafPrefix, leaf]), 'buffer')

/** SHA-256(0x01 ‖ left ‖ right): 32 bytes. */
export const nodeHash = (left: Uint8Array, right: Uint8Array): Buffer =>
  hash('sha256', Buffer.concat([nodePrefix, left, right]), 'buffer')

/** Root of a tree over leaf hashes in their order; of no leaves the hash of the empty string. */
export function rootHash(leafHashes: Iterable<Uint8Array>): Buffer {
  const tree = new CompactTree()
  for (const leaf of leafHashes) tree.add(leaf)
  return tree.root()
}

/** A tree that keeps only the roots of its perfect subtrees: 32 bytes times the logarithm of its size. */
export class CompactTree {
  readonly #subtrees: Uint8Array[] = []
  #size = 0

  /** Leaves added so far. */
  get size(): number {
    return this.#size
  }

  /** Adds a leaf by its hash. */
  add(leaf: Uint8Array): void {
    let node = leaf
    // Each trailing one bit of the size is a perfect subtree that this leaf completes.
    for (let size = this.#size; size % 2 === 1; size = (size - 1) / 2) {
      const left = this.#subtrees.pop()
      if (left) node = nodeHash(left, node)
    }
    this.#subtrees.push(node)
    this.#size += 1
  }

  root(): Buffer {
    const last = this.#subtrees.at(-1)
    if (!last) return hash('sha256', '', 'buffer')
    return Buffer.from(this.#subtrees.slice(0, -1).reduceRight((right, left) => nodeHash(left, right), last))
  }
}
