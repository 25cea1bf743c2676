import type { FeedWindow } from '../connectors/contract.ts'
import { canonicalText, sha256 } from '../ledger/canonical.ts'
import { CompactTree, leafHash } from '../ledger/merkle.ts'
import type { PopulationEntry } from './population-diff.ts'

/** Canonical JSON of a normalised item and its SHA-256: the item's fingerprint. */
export function fingerprintItem(item: object): { body: string; hash: Buffer } {
  const body = canonicalText(item)
  return { body, hash: sha256(body) }
}

/**
 * The evidence's fingerprint: RFC 6962 root over its items in the order of their subject keys, each leaf the canonical
 * JSON of `[subject key, item fingerprint]`. A feed's window is the first leaf, so that its bounds are part of it.
 */
export function fingerprintEvidence(items: Iterable<PopulationEntry>, window: FeedWindow | null): Buffer {
  const tree = new CompactTree()
  if (window) {
    const bounds = canonicalText({ from: window.from.toISOString(), to: window.to.toISOString() })
    tree.add(leafHash(Buffer.from(bounds)))
  }
  for (const { subjectKey, itemHash } of items) {
    // Neither part holds anything that JSON escapes: this is the canonical form.
    tree.add(leafHash(Buffer.from(`["${subjectKey}","${itemHash.toString('hex')}"]`)))
  }
  return tree.root()
}
