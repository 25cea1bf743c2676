import type { EvidenceMode } from '../domain/evidence/kinds.ts'
import { hashLength, SubjectEntries, type SubjectEntry } from './subject-entries.ts'
import { keyLength, writeHex } from './subject-key.ts'

/** What became of an entry that is held: not seen yet, seen as it is, seen otherwise. */
const unseen = 0
const same = 1
const different = 2

/**
 * Tells a population that is being read apart from the one that is held, item by item. Of a subject that comes twice the
 * later item counts: a page may repeat what moved while pages were read.
 */
export class PopulationDiff {
  readonly #held: SubjectEntries
  readonly #isState: boolean
  readonly #seen: Uint8Array
  readonly #found = new SubjectEntries()
  readonly #key = Buffer.alloc(keyLength)
  readonly #hash = Buffer.alloc(hashLength)

  /** @param held in the order of its keys */
  constructor(held: SubjectEntries, mode: EvidenceMode) {
    this.#held = held
    this.#isState = mode === 'state'
    this.#seen = new Uint8Array(held.size)
  }

  /** Whether the item, whose hash is given in hexadecimal, is to be staged: every one of a feed, and of a state what is not held just so. */
  add(subjectKey: string, itemHash: string): boolean {
    writeHex(this.#key, subjectKey)
    writeHex(this.#hash, itemHash)
    const index = this.#held.find(this.#key)
    if (this.#isState && index >= 0) {
      if (this.#seen[index] !== different && this.#held.hasHash(index, this.#hash)) {
        this.#seen[index] = same
        return false
      }
      this.#seen[index] = different
    }
    this.#found.add(this.#key, this.#hash)
    return true
  }

  /** Sums up what was read. Nothing is added afterwards. */
  finish(): PopulationChanges {
    const [held, found] = [this.#held, this.#found]
    const order = found.order()
    const changes = { joined: 0, changed: 0, left: 0 }
    const superseded: number[] = []
    let kept = 0
    let heldAt = 0
    for (const [place, index] of order.entries()) {
      const next = order[place + 1]
      if (next !== undefined && found.compare(index, found, next) === 0) {
        superseded.push(index)
        continue
      }
      while (heldAt < held.size && held.compare(heldAt, found, index) < 0) heldAt += 1
      const isHeld = heldAt < held.size && held.compare(heldAt, found, index) === 0
      if (!isHeld) changes.joined += 1
      else if (!held.hasHash(heldAt, found.hash(index))) changes.changed += 1
      else if (this.#isState) {
        // It came otherwise at first, and then as it is held.
        this.#seen[heldAt] = same
        superseded.push(index)
        continue
      }
      order[kept] = index
      kept += 1
    }
    let unchanged = 0
    if (this.#isState) {
      for (const mark of this.#seen) {
        if (mark === unseen) changes.left += 1
        else if (mark === same) unchanged += 1
      }
    }
    return {
      changes,
      superseded,
      itemCount: kept + unchanged,
      leavers: () => this.#leavers(),
      entries: () => this.#entries(order.subarray(0, kept)),
    }
  }

  /** Nothing is asked of it afterwards, nor of what {@link PopulationDiff.finish} answered. */
  release(): void {
    this.#held.release()
    this.#found.release()
  }

  *#leavers(): Generator<string> {
    if (!this.#isState) return
    for (const [index, mark] of this.#seen.entries())
      if (mark === unseen) yield this.#held.entry(index).subjectKey
  }

  /** Those held and seen as they are among those found, all in the order of their keys. */
  *#entries(order: Uint32Array): Generator<SubjectEntry> {
    const [held, found] = [this.#held, this.#found]
    let heldAt = 0
    for (const index of order) {
      for (; heldAt < held.size && held.compare(heldAt, found, index) < 0; heldAt += 1) {
        if (this.#seen[heldAt] === same) yield held.entry(heldAt)
      }
      yield found.entry(index)
    }
    for (; heldAt < held.size; heldAt += 1) {
      if (this.#seen[heldAt] === same) yield held.entry(heldAt)
    }
  }
}

export interface PopulationChanges {
  /** By subject, each counted once. In a feed nothing leaves. */
  readonly changes: { joined: number; changed: number; left: number }
  /**
   * Of the items that were to be staged those that are not to be after all, by their place among them from 0: a later
   * item of the same subject took their place, or they turned out to be what is held.
   */
  readonly superseded: readonly number[]
  /** Subjects in the population as it was read. */
  readonly itemCount: number
  /** Who is held and was not read any more, of a state. */
  leavers(): Iterable<string>
  /** The population as it was read, in the order of its keys. */
  entries(): Iterable<SubjectEntry>
}
