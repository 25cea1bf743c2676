import { leafHash } from '../ledger/merkle.ts'
import type { ItemIndex } from './item-store.ts'
import { SubjectTree } from './subject-tree.ts'
import { hashLength } from './subtree-root.ts'

/** What an evidence row changed of one subject. */
export interface Delta {
  readonly subject: string
  /** Null where the subject left. */
  readonly item: ItemIndex | null
  /** In hexadecimal; empty where the subject left. */
  readonly hash: string
}

/** Who and what a source holds of a kind that is read whole, in the order of the subjects, with the tree over them. */
export class Population {
  readonly #tree = new SubjectTree()
  #subjects: string[] = []
  #items: ItemIndex[] = []

  get subjects(): readonly string[] {
    return this.#subjects
  }

  /** Of each subject. */
  get items(): readonly ItemIndex[] {
    return this.#items
  }

  /** RFC 6962 root over canonical JSON of `[subject, item hash]`. */
  root(): Buffer {
    return this.#tree.root()
  }

  /** @param deltas ascending by subject, each once */
  apply(deltas: readonly Delta[]): void {
    const [subjects, items]: [string[], ItemIndex[]] = [[], []]
    const leaves = Buffer.allocUnsafe((this.#subjects.length + deltas.length) * hashLength)
    const changed: number[] = []
    let shifted = Number.POSITIVE_INFINITY
    const take = (subject: string, item: ItemIndex, leaf: Buffer) => {
      leaf.copy(leaves, subjects.length * hashLength)
      subjects.push(subject)
      items.push(item)
    }
    let next = 0
    for (let held = 0; held < this.#subjects.length || next < deltas.length; ) {
      const subject = this.#subjects[held]
      const delta = deltas[next]
      const isHeld = subject !== undefined && (delta === undefined || subject <= delta.subject)
      if (delta !== undefined && !(isHeld && subject < delta.subject)) {
        if (isHeld) changed.push(subjects.length)
        if (isHeld !== (delta.item !== null)) shifted = Math.min(shifted, subjects.length)
        if (delta.item !== null) take(delta.subject, delta.item, leafHash(leafOf(delta)))
        next += 1
      } else if (subject !== undefined) take(subject, this.#items[held] ?? 0, this.#tree.leaf(held))
      if (isHeld) held += 1
    }
    const from = Math.min(shifted, subjects.length)
    this.#tree.replace(Buffer.from(leaves.subarray(0, subjects.length * hashLength)), changed, from)
    this.#subjects = subjects
    this.#items = items
  }
}

/** Canonical JSON: neither part holds anything that JSON escapes. */
export const leafOf = ({ subject, hash }: Pick<Delta, 'subject' | 'hash'>): Buffer =>
  Buffer.from(`["${subject}","${hash}"]`)
