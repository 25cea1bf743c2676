import { and, asc, eq, gt, isNotNull, sql } from 'drizzle-orm'
import type { AnyPgColumn } from 'drizzle-orm/pg-core'
import type { Transaction } from '../../../db/client.ts'
import { type evidence, evidenceDelta } from '../../../db/schema/ledger.ts'
import { membership } from '../../../db/schema/state.ts'
import { stoodAt } from '../../projections/range.ts'
import { itemLeaf, windowLeaf } from '../fingerprint.ts'

export type EvidenceRow = typeof evidence.$inferSelect

/** The leaves under an evidence row's fingerprint, read by pages from what is stored, and the place of one of them. */
export function populationOf(row: EvidenceRow) {
  const { windowFrom, windowTo } = row
  const window = windowFrom && windowTo ? { from: windowFrom, to: windowTo } : null
  const page = window ? pageOfWindow : pageOfState
  const count = window ? countOfWindow : countOfState
  return {
    /** Of a feed the window itself is the first leaf. */
    async place(transaction: Transaction, organizationId: string, subject: string) {
      const { before, all } = await count(transaction, organizationId, row, subject)
      const first = window ? 1 : 0
      return { index: before + first, size: all + first }
    },
    async *leaves(transaction: Transaction, organizationId: string): AsyncGenerator<string> {
      if (window) yield windowLeaf(window)
      let after = '00000000-0000-0000-0000-000000000000'
      for (;;) {
        const items = await page(transaction, organizationId, row, after)
        for (const { subjectKey, itemHash } of items) yield itemLeaf(subjectKey, itemHash.toString('hex'))
        const last = items.at(-1)
        if (!last || items.length < pageSize) return
        after = last.subjectKey
      }
    },
  }
}

const pageSize = 10_000

/** Where a subject stands among those of the row, and how many they are. */
interface Place {
  before: number
  all: number
}

const placeOf = (row: Place | undefined): Place => row ?? { before: 0, all: 0 }

const countedBy = (subjectKey: AnyPgColumn, subject: string) => ({
  before: sql<number>`count(*) filter (where ${subjectKey} < ${subject}::uuid)::int`,
  all: sql<number>`count(*)::int`,
})

const inState = (organizationId: string, { sourceId, kind, position }: EvidenceRow) =>
  and(
    eq(membership.organizationId, organizationId),
    stoodAt(membership, position),
    eq(membership.sourceId, sourceId),
    eq(membership.kind, kind),
  )

async function countOfState(
  transaction: Transaction,
  organizationId: string,
  row: EvidenceRow,
  subject: string,
): Promise<Place> {
  const [counted] = await transaction
    .select(countedBy(membership.subjectKey, subject))
    .from(membership)
    .where(inState(organizationId, row))
  return placeOf(counted)
}

const pageOfState = (transaction: Transaction, organizationId: string, row: EvidenceRow, after: string) =>
  transaction
    .select({ subjectKey: membership.subjectKey, itemHash: membership.itemHash })
    .from(membership)
    .where(and(inState(organizationId, row), gt(membership.subjectKey, after)))
    .orderBy(asc(membership.subjectKey))
    .limit(pageSize)

const inWindow = (organizationId: string, { id }: EvidenceRow) =>
  and(
    eq(evidenceDelta.organizationId, organizationId),
    eq(evidenceDelta.evidenceId, id),
    isNotNull(evidenceDelta.itemHash),
  )

async function countOfWindow(
  transaction: Transaction,
  organizationId: string,
  row: EvidenceRow,
  subject: string,
): Promise<Place> {
  const [counted] = await transaction
    .select(countedBy(evidenceDelta.subjectKey, subject))
    .from(evidenceDelta)
    .where(inWindow(organizationId, row))
  return placeOf(counted)
}

async function pageOfWindow(
  transaction: Transaction,
  organizationId: string,
  row: EvidenceRow,
  after: string,
): Promise<{ subjectKey: string; itemHash: Buffer }[]> {
  const rows = await transaction
    .select({ subjectKey: evidenceDelta.subjectKey, itemHash: evidenceDelta.itemHash })
    .from(evidenceDelta)
    .where(and(inWindow(organizationId, row), gt(evidenceDelta.subjectKey, after)))
    .orderBy(asc(evidenceDelta.subjectKey))
    .limit(pageSize)
  return rows.flatMap(({ subjectKey, itemHash }) => (itemHash ? [{ subjectKey, itemHash }] : []))
}
