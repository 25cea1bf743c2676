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
import { personIn, withoutPersonalFields } from '../domain/evidence/personal-fields.ts'
import { createSummary, type EvidenceSummary } from '../domain/evidence/summary.ts'
import { loadErased } from './erased.ts'
import { fingerprintEvidence, fingerprintItem } from './fingerprint.ts'
import { loadHeldItems } from './held-items.ts'
import { PopulationDiff } from './population-diff.ts'
import { Stage } from './stage-items.ts'

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
  /** Told how far it came: how many pages lie behind, and how many items there were up to now. */
  onItems: (read: { pages: number; items: number }) => void
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
 * Streams one kind from its first page to its last. Memory holds about 50 bytes a subject, never the directory.
 * @throws {EvidenceReadFailed} and then nothing of the kind is staged
 */
export async function readKind(options: ReadKindOptions): Promise<KindRead> {
  const { database, organizationId, sourceId, runId, kind, mode, window, reads, signal, onItems } = options
  const diff = new PopulationDiff(await loadHeldItems(database, organizationId, sourceId, kind), mode)
  const erased = await loadErased(database, organizationId)
  const stage = new Stage({ database, organizationId, runId, kind })
  const summary = createSummary(kind, options.at)
  try {
    const stream = reads.read(kind, window)
    let items = 0
    let step = await stream.next()
    for (; !step.done; step = await stream.next()) {
      for (const { subjectKey, item: read } of step.value.items) {
        // The connector's contract: an item is of its kind.
        const item = stored(kind, subjectKey, read as ItemByKind[typeof kind], erased)
        const { body, itemHash } = fingerprintItem(item)
        summary.add(item)
        if (!diff.add(subjectKey, itemHash)) continue
        stage.add({ subjectKey, itemHash, body })
        if (stage.isFull) await stage.flush()
      }
      items += step.value.items.length
      onItems({ pages: step.value.page - 1, items })
    }
    const { changes, itemCount, superseded, leavers, entries } = diff.finish()
    for (const subjectKey of leavers()) {
      stage.add({ subjectKey, itemHash: null, body: null })
      if (stage.isFull) await stage.flush()
    }
    await stage.finish()
    await stage.withdraw(superseded)
    const provenance = step.value
    const isUnchanged = mode === 'state' && changes.joined + changes.changed + changes.left === 0
    return {
      kind,
      mode,
      window: provenance.window,
      isUnchanged,
      // Of nothing, where nothing was held, there may be no evidence yet whose fingerprint stands.
      fingerprint: isUnchanged && itemCount > 0 ? null : fingerprintEvidence(entries(), provenance.window),
      itemCount,
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
  } finally {
    // Not what the next kind is read beside.
    diff.release()
  }
}

/** An item as it is kept: of who was erased, without what names them. */
function stored<K extends EvidenceKind>(
  kind: K,
  subjectKey: string,
  item: ItemByKind[K],
  erased: ReadonlySet<string>,
): ItemByKind[K] {
  if (erased.size === 0) return item
  const person = personIn(kind, subjectKey, item)
  return person !== null && erased.has(person) ? withoutPersonalFields(kind, item) : item
}
