import { nodeHash } from '../ledger/merkle.ts'

/**
 * A Merkle tree of RFC 6962 with all its levels, for many proofs from one walk: 64 bytes a leaf. A node without a sibling
 * rises as it is, which gives the tree that the RFC splits at powers of two.
 */
export class LevelledTree {
  readonly #leaves: Buffer[] = []
  #levels: readonly (readonly Buffer[])[] | null = null

  get size(): number {
    return this.#leaves.length
  }

  /** Adds a leaf by its hash. */
  add(leaf: Buffer): void {
    this.#leaves.push(leaf)
    this.#levels = null
  }

  /** The sibling hashes of a leaf, its own first. */
  proof(index: number): Buffer[] {
    this.#levels ??= levelsOver(this.#leaves)
    const hashes: Buffer[] = []
    let place = index
    for (const level of this.#levels) {
      const sibling = level[place ^ 1]
      if (sibling) hashes.push(sibling)
      place = Math.floor(place / 2)
    }
    return hashes
  }
}

function levelsOver(leaves: readonly Buffer[]): Buffer[][] {
  const levels: Buffer[][] = []
  for (let level = [...leaves]; level.length > 1; level = parentsOf(level)) levels.push(level)
  return levels
}

function parentsOf(level: readonly Buffer[]): Buffer[] {
  const parents: Buffer[] = []
  for (let place = 0; place < level.length; place += 2) {
    const [left, right] = [level[place], level[place + 1]]
    if (left) parents.push(right ? nodeHash(left, right) : left)
  }
  return parents
}
