import type { Transaction } from '../../../db/client.ts'
import { type ItemByKind, parseItem } from '../../domain/evidence/items.ts'
import type { EvidenceKind } from '../../domain/evidence/kinds.ts'
import {
  itemNames,
  type PopulationCell,
  populationCells,
  populationColumns,
  type RowContext,
} from '../../domain/evidence/population-cells.ts'
import type { AsOf } from '../../ledger/position-at.ts'
import {
  countPopulation,
  hasRegistrations,
  type PopulationCursor,
  type PopulationItem,
  type PopulationScope,
  populationPage,
} from './population-page.ts'

/** One item of a population as it is shown. Of a removed body only its key and hash are left. */
export interface PopulationRow {
  subjectKey: string
  itemHash: string
  isRemoved: boolean
  name: string
  login: string | null
  cells: Record<string, PopulationCell>
}

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
  const isKnown =
    kind === 'user_inventory' &&
    (await hasRegistrations(transaction, organizationId, sourceId, asOf.position))
  return { read: item => rowOf(kind, item, contextOf(kind, item, asOf.instant, isKnown)) }
}

/** One page of a population with the size of the whole. */
export async function readPopulation(
  transaction: Transaction,
  organizationId: string,
  asOf: AsOf,
  scope: PopulationScope,
  cursor: PopulationCursor | null,
) {
  const counts = await countPopulation(transaction, organizationId, scope)
  const page = await populationPage(transaction, organizationId, scope, cursor, pageSize)
  const reader = await rowReader(transaction, organizationId, scope, asOf)
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

function rowOf(kind: EvidenceKind, item: PopulationItem, context: RowContext): PopulationRow {
  const { subjectKey, itemHash, body } = item
  if (body === null) return { subjectKey, itemHash, isRemoved: true, name: '', login: null, cells: {} }
  const parsed: ItemByKind[typeof kind] = parseItem(kind, body)
  return {
    subjectKey,
    itemHash,
    isRemoved: false,
    ...itemNames(kind, parsed, context),
    cells: populationCells(kind, parsed, context),
  }
}

function contextOf(
  kind: EvidenceKind,
  { companion }: PopulationItem,
  at: Date,
  isKnown: boolean,
): RowContext {
  if (kind === 'sign_in_activity')
    return { at, account: companion === null ? null : parseItem('user_inventory', companion) }
  if (companion !== null) return { at, registration: parseItem('mfa_registration', companion) }
  return { at, registration: isKnown ? null : undefined }
}
