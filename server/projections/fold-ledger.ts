import { sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { readInParts } from '../../db/read-in-parts.ts'
import { replay } from '../ledger/read.ts'
import type { RecordedEvent } from '../ledger/recorded-event.ts'
import { createFold, type Fold } from './fold/fold.ts'
import type { EvidenceDelta } from './fold/membership.ts'

/**
 * Folds an organization's events and the deltas beside them, up to and with a position, in memory. Takes seconds for a
 * million events.
 */
export async function foldLedger(
  transaction: Transaction,
  organizationId: string,
  { upTo, keepsPast = false }: { upTo: number; keepsPast?: boolean },
): Promise<Fold> {
  const fold = createFold({ keepsPast })
  for await (const events of replay(transaction, organizationId, { upTo })) {
    for (const event of events) fold.apply(event)
    await foldDeltas(transaction, organizationId, fold, events.filter(isAttached))
  }
  return fold
}

type Attached = Extract<RecordedEvent, { type: 'EvidenceAttached' }>

const isAttached = (event: RecordedEvent): event is Attached => event.type === 'EvidenceAttached'

interface DeltaRow extends Record<string, unknown>, EvidenceDelta {
  index: number
}

async function foldDeltas(
  transaction: Transaction,
  organizationId: string,
  fold: Fold,
  attached: readonly Attached[],
) {
  if (attached.length === 0) return
  const evidenceIds = sql.param(attached.map(event => event.payload.evidenceId))
  const deltas = readInParts<DeltaRow>(
    transaction,
    sql`select a.index::int as "index", d.subject_key as "subjectKey", encode(d.item_hash, 'hex') as "itemHash"
          from unnest(${evidenceIds}::uuid[]) with ordinality as a(evidence_id, index)
          join ledger.evidence_delta d
            on d.organization_id = ${organizationId} and d.evidence_id = a.evidence_id
         order by a.index`,
  )
  for await (const rows of deltas) {
    for (let start = 0; start < rows.length; ) {
      const index = rows[start]?.index ?? 0
      let end = start
      while (rows[end]?.index === index) end++
      const event = attached[index - 1]
      if (event) fold.applyDeltas(event, rows.slice(start, end))
      start = end
    }
  }
}
