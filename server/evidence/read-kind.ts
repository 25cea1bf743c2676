import type { Database } from '../../db/client.ts'
import {
  CredentialRefused,
  EvidenceReadFailed,
  type FeedWindow,
  type OpenedReads,
  type ReadProvenance,
} from '../connectors/contract.ts'
import type { ItemByKind } from '../domain/evidence/items.ts'
import type { EvidenceKind, EvidenceMode } from '../domain/evidence/kinds.ts'
import { createSummary, type EvidenceSummary } from '../domain/evidence/summary.ts'
import { loadCurrentItems } from './current-items.ts'
import { fingerprintEvidence, fingerprintItem } from './fingerprint.ts'
import { Stage } from './stage-items.ts'
import { SubjectIndex } from './subject-index.ts'

export interface ReadKindOptions {
  database: Database
  organizationId: string
  sourceId: string
  runId: string
  kind: EvidenceKind
  mode: EvidenceMode
  window: FeedWindow | null
  /** When the read begins. */
  at: Date
  reads: OpenedReads
  signal: AbortSignal
  onPage: (read: { pages: number; items: number }) => void
}

/** A kind that was read to its end: what differs is staged, what is the same is only counted. */
export interface KindRead {
  kind: EvidenceKind
  mode: EvidenceMode
  window: FeedWindow | null
  /** Of a state kind: every item is the one that is held already. A feed's window is always evidence of its own. */
  isUnchanged: boolean
  fingerprint: Buffer | null
  itemCount: number
  changes: { joined: number; changed: number; left: number }
  summary: EvidenceSummary
  provenance: ReadProvenance
}

/**
 * Streams one kind from its first page to its last. Memory holds 48 bytes a subject, never the directory.
 * @throws {EvidenceReadFailed} and then nothing of the kind is staged
 */
export async function readKind(options: ReadKindOptions): Promise<KindRead> {
  const { database, organizationId, sourceId, runId, kind, mode, window, reads, signal, onPage } = options
  const held = await loadCurrentItems(database, organizationId, sourceId, kind)
  const stage = new Stage({ database, organizationId, runId, kind })
  const found = new SubjectIndex()
  const summary = createSummary(kind, options.at)
  const changes = { joined: 0, changed: 0, left: 0 }
  try {
    const stream = reads.read(kind, window)
    let pages = 0
    let step = await stream.next()
    for (; !step.done; step = await stream.next()) {
      for (const { subjectKey, item } of step.value.items) {
        const { body, hash } = fingerprintItem(item)
        const isHeld = held.holds(subjectKey, hash)
        found.add(subjectKey, hash)
        // The connector's contract: an item is of its kind.
        summary.add(item as ItemByKind[typeof kind])
        if (!isHeld) changes[held.has(subjectKey) ? 'changed' : 'joined'] += 1
        if (!isHeld || mode === 'feed') await stage.add({ subjectKey, itemHash: hash, body })
      }
      pages += 1
      onPage({ pages, items: found.size })
    }
    found.sort()
    if (mode === 'state') changes.left = await stageLeavers(held, found, stage)
    await stage.flush()
    const provenance = step.value
    const isUnchanged = mode === 'state' && stage.count === 0
    return {
      kind,
      mode,
      window: provenance.window,
      isUnchanged,
      // Of nothing, where nothing was held, there may be no evidence yet whose fingerprint stands.
      fingerprint: isUnchanged && held.size > 0 ? null : fingerprintEvidence(found, provenance.window),
      itemCount: found.size,
      changes,
      summary: summary.finish(),
      provenance,
    }
  } catch (error) {
    await stage.discard()
    if (error instanceof EvidenceReadFailed || error instanceof CredentialRefused || signal.aborted)
      throw error
    throw new EvidenceReadFailed(
      'unavailable',
      'The read broke off on our side. It is tried again with the next run.',
      {
        cause: error,
      },
    )
  }
}

async function stageLeavers(held: SubjectIndex, found: SubjectIndex, stage: Stage): Promise<number> {
  let left = 0
  for (const { subjectKey } of held.entries()) {
    if (found.has(subjectKey)) continue
    left += 1
    await stage.add({ subjectKey, itemHash: null, body: null })
  }
  return left
}
