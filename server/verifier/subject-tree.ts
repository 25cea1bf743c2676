import { sha256 } from '../ledger/canonical.ts'
import { hashLength, writeNode } from './subtree-root.ts'

/**
 * An RFC 6962 tree over leaves that change, join and leave: of one that only changes the nodes above it are hashed anew,
 * behind one that joins or leaves all that stand to its right.
 */
export class SubjectTree {
  /** From the leaves up, each level half of the one below; a last node without a neighbour stands for itself. */
  #levels: Buffer[] = [Buffer.alloc(0)]

  get size(): number {
    return (this.#levels[0]?.length ?? 0) / hashLength
  }

  root(): Buffer {
    return this.size === 0 ? sha256('') : (this.#levels.at(-1) ?? Buffer.alloc(0))
  }

  leaf(index: number): Buffer {
    return (this.#levels[0] ?? Buffer.alloc(0)).subarray(index * hashLength, (index + 1) * hashLength)
  }

  /** Takes new leaves: those at the given places differ from before, and all from `from` on. */
  replace(leaves: Buffer, changed: readonly number[], from: number): void {
    const before = this.#levels
    const levels = [leaves]
    let [below, dirty, dirtyFrom] = [leaves, changed, from]
    while (below.length > hashLength) {
      const count = Math.ceil(below.length / hashLength / 2)
      const level = Buffer.allocUnsafe(count * hashLength)
      const known = before[levels.length]
      dirtyFrom = Math.min(dirtyFrom >>> 1, Math.floor((known?.length ?? 0) / hashLength))
      if (known) known.copy(level, 0, 0, Math.min(dirtyFrom * hashLength, level.length))
      dirty = [...new Set(dirty.map(index => index >>> 1))].filter(index => index < dirtyFrom)
      for (const index of dirty) join(below, level, index)
      for (let index = dirtyFrom; index < count; index++) join(below, level, index)
      levels.push(level)
      below = level
    }
    this.#levels = levels
  }
}

function join(below: Buffer, level: Buffer, index: number): void {
  const left = index * 2 * hashLength
  if (left + hashLength === below.length) {
    below.copy(level, index * hashLength, left)
    return
  }
  writeNode(level, index, below)
}
