import type { Transaction } from '../../../db/client.ts'
import type { EvidenceKind } from '../../domain/evidence/kinds.ts'
import { populationColumns } from '../../domain/evidence/population-cells.ts'
import { type PopulationRow, populationRow } from '../../domain/evidence/population-row.ts'
import type { AsOf } from '../../ledger/position-at.ts'
import {
  countPopulation,
  hasRegistrations,
  type PopulationCursor,
  type PopulationItem,
  type PopulationScope,
  populationPage,
} from './population-page.ts'

/** What the rows of a population have in common. */
export interface RowReader {
  read(item: PopulationItem): PopulationRow
}

/** Turns stored items into rows, as they are seen at an instant. */
export async function rowReader(
  transaction: Transaction,
  organizationId: string,
  { sourceId, kind }: { sourceId: string; kind: EvidenceKind },
  asOf: AsOf,
): Promise<RowReader> {
  const isRegistrationKnown =
    kind === 'user_inventory' &&
    (await hasRegistrations(transaction, organizationId, sourceId, asOf.position))
  return { read: item => populationRow(kind, item, { at: asOf.instant, isRegistrationKnown }) }
}

/** One page of a population with the size of the whole. */
export async function readPopulation(
  transaction: Transaction,
  organizationId: string,
  asOf: AsOf,
  scope: PopulationScope,
  cursor: PopulationCursor | null,
) {
  // Sent together: none of them rests on another.
  const [counts, page, reader] = await Promise.all([
    countPopulation(transaction, organizationId, scope),
    populationPage(transaction, organizationId, scope, cursor, pageSize),
    rowReader(transaction, organizationId, scope, asOf),
  ])
  const rows = page.items.map(item => reader.read(item))
  return {
    columns: [...populationColumns[scope.kind]],
    ...counts,
    rows,
    previous: page.hasPrevious && rows[0] ? `before:${rows[0].subjectKey}` : null,
    next: page.hasNext ? cursorAfter(rows.at(-1)) : null,
  }
}

const pageSize = 50

const cursorAfter = (row: PopulationRow | undefined) => (row ? `after:${row.subjectKey}` : null)
