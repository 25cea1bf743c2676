import { sql } from 'drizzle-orm'
import { evidence } from '../../../db/schema/ledger.ts'
import { canonicalText, sha256, sha256Hex } from '../../../server/ledger/canonical.ts'
import { evidenceStream, newId } from '../../../server/ledger/ids.ts'
import type { Ledger, Unit } from '../../../server/ledger/ledger.ts'

export interface PopulationPast {
  /** Subjects of the one population; each changes with every evidence row. */
  subjects: number
  /** Evidence rows: subjects × times changes in all. */
  times: number
}

/** An inventory that is another one from evidence row to evidence row, with every change and every membership. */
export async function playPopulations(
  ledger: Ledger,
  organizationId: string,
  { subjects, times }: PopulationPast,
): Promise<void> {
  const of = { connectionId: newId(), sourceId: newId(), kind: 'user_inventory', mode: 'state' } as const
  for (let time = 0; time < times; time++) {
    await ledger.command(organizationId, 'system:bench', unit => attach(unit, { ...of, subjects, time }))
  }
}

interface Attachment {
  connectionId: string
  sourceId: string
  kind: 'user_inventory'
  mode: 'state'
  subjects: number
  time: number
}

async function attach(unit: Unit, { subjects, time, ...of }: Attachment): Promise<void> {
  const { organizationId, transaction, now } = unit
  const [runId, evidenceId] = [newId(), newId()]
  const fingerprint = sha256(`${evidenceId}`)
  const provenance = canonicalText({ normaliserVersion: 1 })
  const collected = { collectedFrom: now.toISOString(), collectedTo: now.toISOString() }
  const summary = { items: subjects }
  const changes =
    time === 0 ? { joined: subjects, changed: 0, left: 0 } : { joined: 0, changed: subjects, left: 0 }
  await unit.append(
    { type: 'evidence', id: evidenceStream(of.sourceId, of.kind) },
    'any',
    [
      {
        type: 'EvidenceAttached',
        payload: {
          ...of,
          ...collected,
          runId,
          evidenceId,
          fingerprint: fingerprint.toString('hex'),
          itemCount: subjects,
          changes,
          window: null,
          cause: 'source',
          normaliserVersion: 1,
          summary,
          provenanceSha256: sha256Hex(provenance),
          controls: [],
        },
      },
    ],
    async ([recorded]) => {
      if (!recorded) return
      await transaction.insert(evidence).values({
        ...of,
        organizationId,
        id: evidenceId,
        runId,
        position: recorded.position,
        fingerprint,
        itemCount: subjects,
        collectedFrom: now,
        collectedTo: now,
        summary: canonicalText(summary),
        provenance,
      })
      // A subject's item differs from the one before; items themselves are few, since nothing here reads their bodies.
      await transaction.execute(sql`
        insert into ledger.item (organization_id, hash)
        select ${organizationId}::uuid, sha256(convert_to(${time}::text || ':' || part, 'UTF8'))
          from generate_series(0, 99) as part`)
      await transaction.execute(sql`
        insert into ledger.evidence_delta (organization_id, evidence_id, subject_key, item_hash)
        select ${organizationId}::uuid, ${evidenceId}::uuid, md5(subject::text)::uuid,
               sha256(convert_to(${time}::text || ':' || subject % 100, 'UTF8'))
          from generate_series(1, ${subjects}) as subject`)
    },
  )
}
