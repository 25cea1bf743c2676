import { and, eq } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { evidence } from '../../db/schema/ledger.ts'
import type { PopulationRow } from '../domain/evidence/population-row.ts'
import { notFound } from '../errors.ts'
import { itemLeaf } from '../evidence/fingerprint.ts'
import { rowReader } from '../evidence/queries/population.ts'
import { populationOf } from '../evidence/queries/population-leaves.ts'
import { leafHash, verifyInclusion } from '../ledger/merkle.ts'
import type { AsOf, AsOfRequest } from '../ledger/position-at.ts'
import type { Access } from '../members/resolve-access.ts'
import type { Services } from '../services.ts'
import { drawFrom } from './draw-sample.ts'
import { LevelledTree } from './levelled-tree.ts'
import { type ListedSample, samplesOf } from './list-samples.ts'
import {
  type AssessmentRow,
  type Attachment,
  attachmentsOf,
  visibleAssessment,
} from './visible-assessments.ts'

/** A drawn row, with the proof that it is in the evidence. */
export interface SampledRow extends PopulationRow {
  rank: string
  proof: { leaf: string; index: number; size: number; hashes: string[]; holds: boolean }
}

export interface ShownSample {
  asOf: AsOf
  assessment: AssessmentRow
  sample: ListedSample
  attachment: Attachment
  /** Null where the population is no longer what was drawn from: contents were removed since. */
  rows: SampledRow[] | null
}

/**
 * Draws a recorded sample again and proves each row of it against the evidence's fingerprint.
 * @throws {AppError} not_found
 */
export async function showSample(
  services: Pick<Services, 'database' | 'ledger'>,
  access: Access,
  request: AsOfRequest,
  { assessmentId, sampleId }: { assessmentId: string; sampleId: string },
): Promise<ShownSample> {
  const { organizationId } = access
  const found = await services.ledger.query(organizationId, request, async (transaction, asOf) => {
    const { position } = asOf
    const assessment = await visibleAssessment(transaction, access, position, assessmentId)
    const samples = await samplesOf(services, transaction, organizationId, position, assessmentId)
    const sample = samples.find(known => known.sampleId === sampleId)
    if (!sample) throw notFound('sample')
    // What was drawn from may have been detached since: it is found as it was when it was drawn.
    const attachment = await drawnFrom(transaction, organizationId, assessmentId, sample)
    return { asOf, assessment, sample, attachment }
  })
  const { sample, attachment } = found
  const { drawn, population } = await drawFrom(
    services,
    { organizationId, controlId: sample.controlId, attachment },
    sample,
  )
  if (population.root !== sample.populationRoot) return { ...found, rows: null }
  const leaves = drawn.map(({ what }) => itemLeaf(what.subjectKey, what.itemHash))
  const { reader, proofs } = await services.database.withOrganization(organizationId, async transaction => {
    const { instant, position } = attachment
    const moment = { instant, position, isNow: false }
    return {
      reader: await rowReader(transaction, organizationId, attachment, moment),
      proofs: await proofsOf(transaction, organizationId, attachment, leaves),
    }
  })
  const rows = drawn.map(({ what, rank }, index): SampledRow | null => {
    const proof = proofs[index]
    return proof ? { ...reader.read(what), rank, proof } : null
  })
  return { ...found, rows: rows.filter(row => row !== null) }
}

async function drawnFrom(
  transaction: Transaction,
  organizationId: string,
  assessmentId: string,
  { attachmentId, drawnAtPosition }: ListedSample,
): Promise<Attachment> {
  const attachments = await attachmentsOf(transaction, organizationId, drawnAtPosition, assessmentId)
  const attachment = attachments.find(known => known.attachmentId === attachmentId)
  if (!attachment) throw notFound('attached evidence')
  return attachment
}

/** One proof for each leaf, from one walk over the population. */
async function proofsOf(
  transaction: Transaction,
  organizationId: string,
  { evidenceId, fingerprint }: Attachment,
  wanted: readonly string[],
): Promise<SampledRow['proof'][]> {
  const [row] = await transaction
    .select()
    .from(evidence)
    .where(and(eq(evidence.organizationId, organizationId), eq(evidence.id, evidenceId)))
  if (!row) throw notFound('evidence')
  const places = new Map<string, number>()
  const isWanted = new Set(wanted)
  const tree = new LevelledTree()
  for await (const leaf of populationOf(row).leaves(transaction, organizationId)) {
    if (isWanted.has(leaf)) places.set(leaf, tree.size)
    tree.add(leafHash(Buffer.from(leaf)))
  }
  const root = Buffer.from(fingerprint, 'hex')
  return wanted.map(leaf => {
    const index = places.get(leaf) ?? -1
    const proof = index < 0 ? [] : tree.proof(index)
    const claim = { index, size: tree.size, leafHash: leafHash(Buffer.from(leaf)), proof, root }
    const hashes = proof.map(hash => hash.toString('hex'))
    return { leaf, index, size: tree.size, hashes, holds: index >= 0 && verifyInclusion(claim) }
  })
}
