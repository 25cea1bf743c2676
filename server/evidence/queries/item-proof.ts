import { and, desc, eq, lte, sql } from 'drizzle-orm'
import type { Transaction } from '../../../db/client.ts'
import { events, evidence, itemBody } from '../../../db/schema/ledger.ts'
import { membership } from '../../../db/schema/state.ts'
import { type Inclusion, inclusionOf } from '../../audit/get-inclusion.ts'
import { selectEvents } from '../../audit/list-events.ts'
import { type EvidenceKind, evidenceKind } from '../../domain/evidence/kinds.ts'
import { notFound } from '../../errors.ts'
import { leafHash, PassingProof, verifyInclusion } from '../../ledger/merkle.ts'
import type { AsOf } from '../../ledger/position-at.ts'
import { beforePeriod, type PeriodStart } from '../../members/auditor-period.ts'
import { holdsAt } from '../../projections/range.ts'
import type { Services } from '../../services.ts'
import { itemLeaf } from '../fingerprint.ts'
import { inForceAfter } from './history.ts'
import { type EvidenceRow, populationOf } from './population-leaves.ts'
import { chooseSource, listSources } from './sources.ts'

/** That a subject was in a population: its item, the evidence that holds it, and the event that attached that. */
export interface ItemProof {
  subject: {
    key: string
    itemHash: string
    /** The item's canonical JSON, whose SHA-256 the item hash is; null where it was purged. */
    item: string | null
  }
  evidence: {
    id: string
    kind: EvidenceKind
    sourceId: string
    itemCount: number
    /** RFC 6962 root over the window of a feed, then the items in the order of their subject keys. */
    fingerprint: string
    /** Canonical JSON; its SHA-256(0x00 ‖ leaf) is the leaf of the subject. */
    leaf: string
    index: number
    size: number
    hashes: string[]
    holds: boolean
  }
  /** The event's payload names the fingerprint; its SHA-256 stands in the envelope. */
  event: Inclusion & { payload: string }
}

export interface AskedItem {
  kind: EvidenceKind
  source?: string | undefined
  subject: string
  start: PeriodStart | null
}

/**
 * The proof for a row of a population as of a moment: against the evidence that was in force then, or, of a feed, the
 * evidence that brought the item. Reads the whole population once, by pages.
 * @throws {AppError} not_found for a subject that was not in it; not_found where an auditor may not see the evidence
 */
export async function itemProof(
  services: Pick<Services, 'connectors'>,
  transaction: Transaction,
  organizationId: string,
  asOf: AsOf,
  { kind, source, subject, start }: AskedItem,
): Promise<ItemProof> {
  const sources = await listSources(services, transaction, organizationId, asOf.position)
  const { sourceId } = chooseSource(sources, source)
  const member = await memberOf(transaction, organizationId, asOf.position, { sourceId, kind, subject })
  // In a feed nothing leaves: what it is proven by is the row that brought it.
  const until = evidenceKind(kind).mode === 'feed' ? member.fromPosition : asOf.position
  const row = await evidenceAt(transaction, organizationId, until, { sourceId, kind, start })
  const population = populationOf(row)
  const { index, size } = await population.place(transaction, organizationId, subject)
  const passing = new PassingProof(index, size)
  for await (const leaf of population.leaves(transaction, organizationId)) {
    passing.add(leafHash(Buffer.from(leaf)))
  }
  const leaf = itemLeaf(subject, member.itemHash.toString('hex'))
  const proof = passing.proof()
  return {
    subject: {
      key: subject,
      itemHash: member.itemHash.toString('hex'),
      item: await bodyOf(transaction, organizationId, member.itemHash),
    },
    evidence: {
      id: row.id,
      kind,
      sourceId,
      itemCount: row.itemCount,
      fingerprint: row.fingerprint.toString('hex'),
      leaf,
      index,
      size,
      hashes: proof.map(hash => hash.toString('hex')),
      holds: verifyInclusion({
        index,
        size,
        leafHash: leafHash(Buffer.from(leaf)),
        proof,
        root: row.fingerprint,
      }),
    },
    event: await attachedBy(transaction, organizationId, row.position),
  }
}

async function memberOf(
  transaction: Transaction,
  organizationId: string,
  position: number,
  { sourceId, kind, subject }: { sourceId: string; kind: EvidenceKind; subject: string },
) {
  const [row] = await transaction
    .select({ itemHash: membership.itemHash, fromPosition: membership.fromPosition })
    .from(membership)
    .where(
      and(
        holdsAt(membership, organizationId, position),
        eq(membership.sourceId, sourceId),
        eq(membership.kind, kind),
        eq(membership.subjectKey, subject),
      ),
    )
  if (!row) throw notFound('row of the population')
  return row
}

/** The newest row of the kind at a position. */
async function evidenceAt(
  transaction: Transaction,
  organizationId: string,
  position: number,
  { sourceId, kind, start }: { sourceId: string; kind: EvidenceKind; start: PeriodStart | null },
): Promise<EvidenceRow> {
  const [found] = await transaction
    .select({
      row: evidence,
      isInPeriod: start ? sql<boolean>`${inForceAfter(organizationId, start)}` : sql<boolean>`true`,
    })
    .from(evidence)
    .where(
      and(
        eq(evidence.organizationId, organizationId),
        eq(evidence.sourceId, sourceId),
        eq(evidence.kind, kind),
        lte(evidence.position, position),
      ),
    )
    .orderBy(desc(evidence.position))
    .limit(1)
  if (!found) throw notFound('evidence')
  if (start && !found.isInPeriod) throw beforePeriod(start)
  return found.row
}

async function bodyOf(
  transaction: Transaction,
  organizationId: string,
  hash: Buffer,
): Promise<string | null> {
  const [row] = await transaction
    .select({ body: itemBody.body })
    .from(itemBody)
    .where(and(eq(itemBody.organizationId, organizationId), eq(itemBody.hash, hash)))
  return row?.body ?? null
}

async function attachedBy(transaction: Transaction, organizationId: string, position: number) {
  const [stored] = await selectEvents(transaction, organizationId, [eq(events.position, position)])
  if (!stored) throw notFound('event')
  return {
    ...(await inclusionOf(transaction, organizationId, stored)),
    payload: stored.payloadText,
  }
}
