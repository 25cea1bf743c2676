import { sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { populationKind, populationStanding, type Standing } from '../domain/assessment/control-population.ts'
import { evidenceKind } from '../domain/evidence/kinds.ts'
import { AppError, notFound } from '../errors.ts'
import { type PopulationItem, populationPage } from '../evidence/queries/population-page.ts'
import { CompactTree, leafHash } from '../ledger/merkle.ts'
import type { Services } from '../services.ts'
import type { Attachment } from './visible-assessments.ts'

/** A control's population: the items of one attachment, each in it or left out for a reason. */
export interface AskedPopulation {
  organizationId: string
  controlId: string
  attachment: Attachment
}

export type PopulationMember = PopulationItem & { standing: Standing }

/** Of a control's population: how many are in it and left out, and the root over the keys of those in it. */
export interface MeasuredPopulation {
  included: number
  excluded: number
  root: string
}

const batchSize = 1_000

/** The attachment whose items are the control's population. @throws {AppError} not_found, precondition_failed */
export function populationAttachment(
  attachments: readonly Attachment[],
  { controlId, attachmentId }: { controlId: string; attachmentId: string },
): Attachment {
  const attachment = attachments.find(known => known.attachmentId === attachmentId)
  if (!attachment) throw notFound('attached evidence')
  const kind = populationKind(controlId)
  if (kind === attachment.kind) return attachment
  throw new AppError('precondition_failed', `${controlId} has no population in ${attachment.kind}`, {
    userMessage: kind
      ? `The population of ${controlId} is in ${evidenceKind(kind).title}. Choose a row of that evidence.`
      : `${controlId} looks at nothing row by row: there is no population to draw from.`,
  })
}

/**
 * Every item of the attachment in the order of the subject keys, by batches. Each batch is read in a transaction of its
 * own, so that nothing is held while whoever reads takes time: what was attached does not change.
 */
export async function* controlPopulation(
  { database }: Pick<Services, 'database'>,
  asked: AskedPopulation,
): AsyncGenerator<PopulationMember[]> {
  const { organizationId, controlId, attachment } = asked
  const page = evidenceKind(attachment.kind).mode === 'feed' ? windowPage : statePage
  let after: string | null = null
  for (;;) {
    const from: string | null = after
    const items: PopulationItem[] = await database.withOrganization(organizationId, transaction =>
      page(transaction, organizationId, attachment, from),
    )
    yield items.map(item => ({
      ...item,
      standing: populationStanding(controlId, item, attachment.instant),
    }))
    const last = items.at(-1)
    if (!last || items.length < batchSize) return
    after = last.subjectKey
  }
}

/** Counts as the population passes by. */
export function populationMeter(): { add(member: PopulationMember): void; measured(): MeasuredPopulation } {
  const tree = new CompactTree()
  let excluded = 0
  return {
    add({ subjectKey, standing }) {
      if (standing.isIncluded) tree.add(leafHash(Buffer.from(subjectKey)))
      else excluded += 1
    },
    measured: () => ({ included: tree.size, excluded, root: tree.root().toString('hex') }),
  }
}

async function statePage(
  transaction: Transaction,
  organizationId: string,
  { sourceId, kind, position }: Attachment,
  after: string | null,
): Promise<PopulationItem[]> {
  const scope = { sourceId, kind, position, search: '', sort: 'subject' } as const
  const cursor = after === null ? null : ({ direction: 'after', subjectKey: after } as const)
  return (await populationPage(transaction, organizationId, scope, cursor, batchSize)).items
}

/** Of a feed the population of an attachment is what its window lists. */
async function windowPage(
  transaction: Transaction,
  organizationId: string,
  { evidenceId }: Attachment,
  after: string | null,
): Promise<PopulationItem[]> {
  const beyond = after === null ? sql`` : sql`and d.subject_key > ${after}::uuid`
  const rows = await transaction.execute<{ subject_key: string; item_hash: string; body: string | null }>(sql`
    select d.subject_key, encode(d.item_hash, 'hex') as item_hash, b.body
      from ledger.evidence_delta d
      left join ledger.item_body b on b.organization_id = ${organizationId} and b.hash = d.item_hash
     where d.organization_id = ${organizationId} and d.evidence_id = ${evidenceId} and d.item_hash is not null ${beyond}
     order by d.subject_key
     limit ${batchSize}`)
  return rows.map(row => ({
    subjectKey: row.subject_key,
    itemHash: row.item_hash,
    body: row.body,
    companion: null,
  }))
}
