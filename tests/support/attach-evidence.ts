import { evidence, evidenceDelta, item, itemBody } from '../../db/schema/ledger.ts'
import { type EvidenceKind, evidenceKind } from '../../server/domain/evidence/kinds.ts'
import { canonicalText, sha256, sha256Hex } from '../../server/ledger/canonical.ts'
import { derivedId, evidenceStream, newId } from '../../server/ledger/ids.ts'
import type { Unit } from '../../server/ledger/ledger.ts'

/**
 * Attaches evidence with its row, items and deltas, as the end of a run does. `population` is what is held before, and
 * is changed to what is held after. In a feed nothing leaves.
 */
export async function attachEvidence(
  unit: Unit,
  of: { connectionId: string; sourceId: string; runId: string; kind: EvidenceKind },
  subjects: readonly { subject: number; content: number | null }[],
  population: Set<number>,
): Promise<void> {
  const { organizationId, transaction, now } = unit
  const { mode } = evidenceKind(of.kind)
  const changes = subjects.filter(({ subject, content }) =>
    mode === 'feed' ? content !== null : content !== null || population.has(subject),
  )
  for (const { subject, content } of changes) {
    if (content === null) population.delete(subject)
    else population.add(subject)
  }
  const deltas = changes.map(({ subject, content }) => {
    const body = content === null ? null : canonicalText({ displayName: `Person ${subject}`, content })
    return { subjectKey: derivedId('subject', subject), body, itemHash: body === null ? null : sha256(body) }
  })
  const items = deltas.flatMap(({ itemHash: hash, body }) =>
    hash && body ? [{ organizationId, hash, body }] : [],
  )
  if (items.length > 0) {
    await transaction.insert(item).values(items).onConflictDoNothing()
    await transaction.insert(itemBody).values(items).onConflictDoNothing()
  }
  const evidenceId = newId()
  const fingerprint = sha256(canonicalText([...population].sort()))
  const provenance = canonicalText({ normaliserVersion: 1 })
  const collected = { collectedFrom: now.toISOString(), collectedTo: now.toISOString() }
  await unit.append(
    { type: 'evidence', id: evidenceStream(of.sourceId, of.kind) },
    'any',
    [
      {
        type: 'EvidenceAttached',
        payload: {
          ...of,
          ...collected,
          evidenceId,
          mode,
          fingerprint: fingerprint.toString('hex'),
          itemCount: population.size,
          changes: { joined: 0, changed: deltas.length, left: 0 },
          window: null,
          cause: 'source',
          normaliserVersion: 1,
          summary: { items: population.size },
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
        position: recorded.position,
        mode,
        fingerprint,
        itemCount: population.size,
        collectedFrom: now,
        collectedTo: now,
        summary: canonicalText({ items: population.size }),
        provenance,
      })
      const rows = deltas.map(({ subjectKey, itemHash }) => ({
        organizationId,
        evidenceId,
        subjectKey,
        itemHash,
      }))
      if (rows.length > 0) await transaction.insert(evidenceDelta).values(rows)
    },
  )
}
