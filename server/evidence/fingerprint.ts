import { hash } from 'node:crypto'
import type { FeedWindow } from '../connectors/contract.ts'
import { canonicalText } from '../ledger/canonical.ts'
import { CompactTree, leafHash } from '../ledger/merkle.ts'
import type { SubjectEntry } from './subject-entries.ts'

/** Canonical JSON of a normalised item and its SHA-256 in hexadecimal: the item's fingerprint. */
export function fingerprintItem(item: object): { body: string; itemHash: string } {
  const body = canonicalText(item)
  return { body, itemHash: hash('sha256', body, 'hex') }
}

/** The leaf of a subject with its item. Neither part holds anything that JSON escapes: this is the canonical form. */
export const itemLeaf = (subjectKey: string, itemHash: string): string => `["${subjectKey}","${itemHash}"]`

/** The first leaf of a feed's evidence: the bounds of its window. */
export const windowLeaf = ({ from, to }: FeedWindow): string =>
  canonicalText({ from: from.toISOString(), to: to.toISOString() })

/**
 * The evidence's fingerprint: RFC 6962 root over its items in the order of their subject keys, each leaf the canonical
 * JSON of `[subject key, item fingerprint]`. A feed's window is the first leaf, so that its bounds are part of it.
 */
export function fingerprintEvidence(items: Iterable<SubjectEntry>, window: FeedWindow | null): Buffer {
  const tree = new CompactTree()
  if (window) tree.add(leafHash(Buffer.from(windowLeaf(window))))
  for (const { subjectKey, itemHash } of items) {
    tree.add(leafHash(Buffer.from(itemLeaf(subjectKey, itemHash))))
  }
  return tree.root()
}
