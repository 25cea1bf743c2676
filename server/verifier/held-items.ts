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
  /** Until when a feed was collected before an archive's period: what came then is not in it. Milliseconds. */
  readonly #feedsBefore = new Map<string, number>()
  /** Since when windows inside of it hold a feed whole: a long window is read anew every day. Milliseconds. */
  readonly #feedsWithin = new Map<string, number>()

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
    const from = Date.parse(window.from)
    this.#feedsWithin.set(key, Math.min(this.#feedsWithin.get(key) ?? from, from))
    const tree = new CompactTree()
    tree.add(leafHash(Buffer.from(canonicalText(window))))
    for (const delta of deltas) {
      tree.add(leafHash(leafOf(delta)))
      if (delta.item !== null) feed.set(delta.subject, delta.item)
    }
    return { root: tree.root(), count: deltas.length }
  }

  /** Takes a window from before the archive's period that brought something. */
  skipFeed(sourceId: string, kind: EvidenceKind, to: Date): void {
    const key = keyOf(sourceId, kind)
    this.#feedsBefore.set(key, Math.max(this.#feedsBefore.get(key) ?? Number.NEGATIVE_INFINITY, to.getTime()))
  }

  /** Whether items of a feed since then were collected before the archive's period. */
  isFeedCut(sourceId: string, kind: EvidenceKind, since: Date): boolean {
    const key = keyOf(sourceId, kind)
    const before = this.#feedsBefore.get(key) ?? Number.NEGATIVE_INFINITY
    const within = this.#feedsWithin.get(key) ?? Number.POSITIVE_INFINITY
    return before > since.getTime() && within > since.getTime()
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
