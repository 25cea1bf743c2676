import { and, desc, eq, sql } from 'drizzle-orm'
import { keepingPlans } from '../../db/keeping-plans.ts'
import { evidence, evidenceDelta } from '../../db/schema/ledger.ts'
import { kindStatus } from '../../db/schema/state.ts'
import type { ReadProvenance } from '../connectors/contract.ts'
import { catalogue, controlsServedBy, latestCatalogueVersion } from '../domain/control/catalogue.ts'
import type { KindResult } from '../domain/run/outcome.ts'
import { AppError } from '../errors.ts'
import { canonicalText, sha256Hex } from '../ledger/canonical.ts'
import { derivedId, evidenceStream } from '../ledger/ids.ts'
import type { Unit } from '../ledger/ledger.ts'
import { isOpen } from '../projections/range.ts'
import type { KindRead } from './read-kind.ts'
import type { StartedRun } from './start-run.ts'

/** Records one kind that was read whole: attached where something differs, reaffirmed where all is the same. */
export async function attachKind(unit: Unit, run: StartedRun, read: KindRead): Promise<KindResult> {
  const previous = await previousEvidence(unit, run.sourceId, read.kind)
  const { normaliserVersion } = run.connector.manifest
  const isSame = read.isUnchanged && previous !== null && previous.normaliserVersion === normaliserVersion
  if (isSame) await reaffirm(unit, run, read, previous)
  else await attach(unit, run, read, previous)
  return {
    kind: read.kind,
    outcome: isSame ? 'reaffirmed' : 'collected',
    reason: null,
    items: read.itemCount,
  }
}

interface PreviousEvidence {
  id: string
  fingerprint: Buffer
  normaliserVersion: number
}

async function reaffirm(unit: Unit, run: StartedRun, read: KindRead, previous: PreviousEvidence) {
  await unit.append({ type: 'evidence', id: evidenceStream(run.sourceId, read.kind) }, 'any', [
    {
      id: derivedId(run.runId, read.kind, 'reaffirmed'),
      type: 'EvidenceReaffirmed',
      payload: {
        ...ofRun(run, read),
        evidenceId: previous.id,
        fingerprint: previous.fingerprint.toString('hex'),
        itemCount: read.itemCount,
        ...collected(read.provenance),
        requestIds: [...read.provenance.requestIds],
      },
    },
  ])
}

async function attach(unit: Unit, run: StartedRun, read: KindRead, previous: PreviousEvidence | null) {
  const { normaliserVersion } = run.connector.manifest
  const evidenceId = derivedId(run.runId, read.kind, 'evidence')
  const fingerprint = read.fingerprint ?? previous?.fingerprint
  if (!fingerprint) throw new AppError('internal', 'evidence without a fingerprint')
  const provenance = canonicalText(provenanceOf(read.provenance, normaliserVersion))
  await unit.append(
    { type: 'evidence', id: evidenceStream(run.sourceId, read.kind) },
    'any',
    [
      {
        id: derivedId(run.runId, read.kind, 'attached'),
        type: 'EvidenceAttached',
        payload: {
          ...ofRun(run, read),
          evidenceId,
          mode: read.mode,
          fingerprint: fingerprint.toString('hex'),
          itemCount: read.itemCount,
          changes: read.changes,
          ...collected(read.provenance),
          window: read.window && { from: read.window.from.toISOString(), to: read.window.to.toISOString() },
          cause: previous && previous.normaliserVersion !== normaliserVersion ? 'collector' : 'source',
          normaliserVersion,
          summary: read.summary,
          provenanceSha256: sha256Hex(provenance),
          controls: controlsServedBy(catalogue(latestCatalogueVersion), read.kind).map(control => control.id),
        },
      },
    ],
    async ([recorded]) => {
      if (!recorded) return
      await unit.transaction.insert(evidence).values({
        organizationId: unit.organizationId,
        id: evidenceId,
        position: recorded.position,
        connectionId: run.connectionId,
        sourceId: run.sourceId,
        runId: run.runId,
        kind: read.kind,
        mode: read.mode,
        fingerprint,
        itemCount: read.itemCount,
        collectedFrom: read.provenance.firstResponseAt,
        collectedTo: read.provenance.lastResponseAt,
        windowFrom: read.window?.from ?? null,
        windowTo: read.window?.to ?? null,
        summary: canonicalText(read.summary),
        provenance,
      })
      await keepingPlans(unit.transaction, () =>
        unit.transaction.execute(sql`
          insert into ${evidenceDelta} (organization_id, evidence_id, subject_key, item_hash)
          select s.organization_id, ${evidenceId}::uuid, u.key, u.hash
            from state.staged_batch s
           cross join lateral unnest(s.subject_keys, s.item_hashes) as u(key, hash)
           where s.organization_id = ${unit.organizationId} and s.run_id = ${run.runId} and s.kind = ${read.kind}
             and u.key is not null
           order by u.key`),
      )
    },
  )
}

/**
 * Stores the items and bodies of a kind that was read, before {@link attachKind}: each once in an organization, whatever
 * evidence names it. In the order of their hashes, so that rows and keys are written side by side.
 *
 * A body that is there already is left as it is, and locked by the update that never happens: no purge may take it
 * before this run has said that it is a member's again.
 */
export async function keepItems(
  { transaction, organizationId }: Unit,
  { runId }: StartedRun,
  { kind, isUnchanged }: KindRead,
): Promise<void> {
  if (isUnchanged) return
  await keepingPlans(transaction, async () => {
    await transaction.execute(sql`
      insert into ledger.item (organization_id, hash)
      select distinct s.organization_id, u.hash
        from state.staged_batch s
       cross join lateral unnest(s.subject_keys, s.item_hashes) as u(key, hash)
       where s.organization_id = ${organizationId} and s.run_id = ${runId} and s.kind = ${kind}
         and u.key is not null and u.hash is not null
       order by s.organization_id, u.hash
      on conflict do nothing`)
    await transaction.execute(sql`
      insert into ledger.item_body (organization_id, hash, body)
      select distinct on (u.hash) s.organization_id, u.hash, u.body
        from state.staged_batch s
       cross join lateral unnest(s.subject_keys, s.item_hashes, s.bodies) as u(key, hash, body)
       where s.organization_id = ${organizationId} and s.run_id = ${runId} and s.kind = ${kind}
         and u.key is not null and u.hash is not null
       order by u.hash
      on conflict (organization_id, hash) do update set sealed_by = item_body.sealed_by where false`)
  })
}

async function previousEvidence(
  { transaction, organizationId }: Unit,
  sourceId: string,
  kind: string,
): Promise<PreviousEvidence | null> {
  const [row] = await transaction
    .select({ id: evidence.id, fingerprint: evidence.fingerprint, provenance: evidence.provenance })
    .from(evidence)
    .where(
      and(
        eq(evidence.organizationId, organizationId),
        eq(evidence.sourceId, sourceId),
        eq(evidence.kind, kind),
      ),
    )
    .orderBy(desc(evidence.position))
    .limit(1)
  if (!row) return null
  const provenance: unknown = JSON.parse(row.provenance)
  const version =
    typeof provenance === 'object' && provenance !== null && 'normaliserVersion' in provenance
      ? Number(provenance.normaliserVersion)
      : 0
  return { id: row.id, fingerprint: row.fingerprint, normaliserVersion: version }
}

const ofRun = ({ connectionId, sourceId, runId }: StartedRun, { kind }: KindRead) => ({
  connectionId,
  sourceId,
  runId,
  kind,
})

const collected = ({ firstResponseAt, lastResponseAt }: ReadProvenance) => ({
  collectedFrom: firstResponseAt.toISOString(),
  collectedTo: lastResponseAt.toISOString(),
})

/** Without the window, which the evidence itself names. */
const provenanceOf = ({ window: _window, ...provenance }: ReadProvenance, normaliserVersion: number) => ({
  ...provenance,
  normaliserVersion,
  firstResponseAt: provenance.firstResponseAt.toISOString(),
  lastResponseAt: provenance.lastResponseAt.toISOString(),
})

/** What is known of each kind of a source after the run's own events. */
export async function kindHistories({ transaction, organizationId }: Unit, sourceId: string) {
  const rows = await transaction
    .select({
      kind: kindStatus.kind,
      lastSuccessAt: kindStatus.lastSuccessAt,
      licenceAnswers: kindStatus.licenceAnswers,
    })
    .from(kindStatus)
    .where(and(isOpen(kindStatus, organizationId), eq(kindStatus.sourceId, sourceId)))
  return new Map(
    rows.map(({ kind, lastSuccessAt, licenceAnswers }) => [
      kind,
      { hasEverSucceeded: lastSuccessAt !== null, licenceAnswers },
    ]),
  )
}
