import { getTableColumns } from 'drizzle-orm'
import { getTableConfig, type PgColumn, type PgTable } from 'drizzle-orm/pg-core'
import type { Reducer } from './fold/reducer.ts'
import { type ReducedName, reducers } from './fold/reducers.ts'
import { open } from './range.ts'
import type { ProjectionTables } from './tables.ts'

/** A row, whichever projection it is of: properties are the table's columns. */
type Row = Record<string, unknown>

/** One projection's table, as its reducer sees it. */
export interface StoredProjection {
  readonly table: PgTable
  readonly reducer: Reducer<Row>
  readonly organization: PgColumn
  /** The columns that a fold tells: all but the organization. */
  readonly columns: Record<string, PgColumn>
  readonly subject: readonly PgColumn[]
  readonly begin: PgColumn
  readonly key: readonly PgColumn[]
}

export function storedProjection(tables: ProjectionTables, name: ReducedName): StoredProjection {
  const table: PgTable = tables[name]
  const { organizationId: organization, ...columns }: Record<string, PgColumn> = getTableColumns(table)
  // The rows of every reducer have the columns of the table that bears its name.
  const reducer = reducers[name] as unknown as Reducer<Row>
  const column = (name: string) => {
    const found = columns[name]
    if (!found) throw new TypeError(`there is no column ${name}`)
    return found
  }
  const [primaryKey] = getTableConfig(table).primaryKeys
  if (!organization || !primaryKey) throw new TypeError(`${name} is no table of a tenant`)
  return {
    table,
    reducer,
    organization,
    columns,
    subject: reducer.subject.map(column),
    begin: column(reducer.begin),
    key: primaryKey.columns,
  }
}

/** A stored row as a fold knows it: null for an open end, hashes in hexadecimal. */
export function foldedRow(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      if (name === 'toPosition' && Number(value) > Number.MAX_SAFE_INTEGER) return [name, null]
      return [name, value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value]
    }),
  )
}

/** A folded row as it is written. */
export function storedRow({ columns }: StoredProjection, organizationId: string, row: Row): Row {
  const entries = Object.entries(row).map(([name, value]) => {
    if (name === 'toPosition' && value === null) return [name, open]
    const isBytes = typeof value === 'string' && columns[name]?.getSQLType() === 'bytea'
    return [name, isBytes ? Buffer.from(value, 'hex') : value]
  })
  return { organizationId, ...Object.fromEntries(entries) }
}
