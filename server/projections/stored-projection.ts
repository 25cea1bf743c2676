import { getTableConfig, type PgColumn, type PgTable } from 'drizzle-orm/pg-core'
import type { Reducer } from './fold/reducer.ts'
import { type ReducedName, reducers } from './fold/reducers.ts'
import type { ProjectionName, ProjectionRows } from './fold/rows.ts'
import { open } from './range.ts'
import type { ProjectionTables } from './tables.ts'
import { toldColumns } from './told-columns.ts'

/** One projection's table, as its reducer sees it. */
export interface StoredProjection<N extends ReducedName> {
  readonly name: N
  readonly table: PgTable
  readonly reducer: Reducer<ProjectionRows[N]>
  readonly organization: PgColumn
  /** The columns that a fold tells: all but the organization. */
  readonly columns: Record<string, PgColumn>
  readonly subject: readonly PgColumn[]
  readonly begin: PgColumn
  readonly key: readonly PgColumn[]
}

export function storedProjection<N extends ReducedName>(
  tables: ProjectionTables,
  name: N,
): StoredProjection<N> {
  const table: PgTable = tables[name]
  const reducer = reducers[name]
  const { organizationId: organization, ...columns } = toldColumns(table)
  const [primaryKey] = getTableConfig(table).primaryKeys
  if (!organization || !primaryKey) throw new TypeError(`${name} is no table of a tenant`)
  const column = (named: string) => {
    const found = columns[named]
    if (!found) throw new TypeError(`${name} has no column ${named}`)
    return found
  }
  return {
    name,
    table,
    reducer,
    organization,
    columns,
    subject: reducer.subject.map(column),
    begin: column(reducer.begin),
    key: primaryKey.columns,
  }
}

type Stored = Record<string, unknown>

/** A stored row as a fold knows it: null for an open end, hashes in hexadecimal. */
export function foldedRow<N extends ProjectionName>(row: Stored): ProjectionRows[N] {
  const entries = Object.entries(row).map(([name, value]) => {
    if (name === 'toPosition' && Number(value) > Number.MAX_SAFE_INTEGER) return [name, null]
    return [name, value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value]
  })
  // A table's columns are the properties of its projection's rows, and hold what was checked as an event.
  return Object.fromEntries(entries) as ProjectionRows[N]
}

/** A folded row as it is written. */
export function storedRow<N extends ReducedName>(
  { columns }: StoredProjection<N>,
  organizationId: string,
  row: ProjectionRows[N],
): Stored {
  const entries = Object.entries(row).map(([name, value]: [string, unknown]) => {
    if (name === 'toPosition' && value === null) return [name, open]
    const isBytes = typeof value === 'string' && columns[name]?.getSQLType() === 'bytea'
    return [name, isBytes ? Buffer.from(value, 'hex') : value]
  })
  return { organizationId, ...Object.fromEntries(entries) }
}
