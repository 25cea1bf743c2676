import type { EvidenceKind } from '../domain/evidence/kinds.ts'
import { canonicalText } from '../ledger/canonical.ts'
import { CompactTree, leafHash } from '../ledger/merkle.ts'
import type { ItemIndex } from './item-store.ts'
import { type Delta, leafOf, Population } from './population.ts'

/** Subjects in their order, and the item of each. */
export interface Members {
  readonly subjects: readonly string[]
  readonly items: readonly ItemIndex[]
}

/** Who and what is held of each kind of each source, as of the evidence applied last. */
export class HeldItems {
  readonly #populations = new Map<string, Population>()
  /** What feeds brought: nothing leaves them. */
  readonly #feeds = new Map<string, Map<string, ItemIndex>>()

  /** Takes what a whole read changed. @returns fingerprint and size of what is held now */
  applyState(
    sourceId: string,
    kind: EvidenceKind,
    deltas: readonly Delta[],
  ): { root: Buffer; count: number } {
    const key = keyOf(sourceId, kind)
    const population = this.#populations.get(key) ?? new Population()
    this.#populations.set(key, population)
    population.apply(deltas)
    return { root: population.root(), count: population.subjects.length }
  }

  /** Takes a window of a feed. @returns fingerprint and size of the window, whose bounds are its first leaf */
  applyFeed(
    sourceId: string,
    kind: EvidenceKind,
    { window, deltas }: { window: { from: string; to: string }; deltas: readonly Delta[] },
  ): { root: Buffer; count: number } {
    const key = keyOf(sourceId, kind)
    const feed = this.#feeds.get(key) ?? new Map<string, ItemIndex>()
    this.#feeds.set(key, feed)
    const tree = new CompactTree()
    tree.add(leafHash(Buffer.from(canonicalText(window))))
    for (const delta of deltas) {
      tree.add(leafHash(leafOf(delta)))
      if (delta.item !== null) feed.set(delta.subject, delta.item)
    }
    return { root: tree.root(), count: deltas.length }
  }

  /** Nobody and nothing where no evidence came. */
  members(sourceId: string, kind: EvidenceKind): Members {
    const key = keyOf(sourceId, kind)
    const population = this.#populations.get(key)
    if (population) return population
    const feed = [...(this.#feeds.get(key) ?? [])].sort(([one], [other]) => (one < other ? -1 : 1))
    return { subjects: feed.map(([subject]) => subject), items: feed.map(([, item]) => item) }
  }
}

const keyOf = (sourceId: string, kind: EvidenceKind) => `${sourceId} ${kind}`
