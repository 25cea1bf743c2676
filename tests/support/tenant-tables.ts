import type { CatalogSql } from './catalog-rules.ts'
import { type ClassRules, classOf } from './table-classes.ts'

export interface BoundTable extends ClassRules {
  /** With its schema. */
  name: string
  /** Without it. */
  table: string
  columns: string[]
  binding: { column: string; setting: string }
}

/** Every table whose rows are bound to an organization (or, for the index of memberships, to a person), from the catalog. */
export async function tenantTables(sql: CatalogSql): Promise<BoundTable[]> {
  const rows = await sql<{ schema: string; table: string; columns: string[] }[]>`
    select n.nspname as schema, c.relname as table,
           array(select a.attname::text from pg_attribute a
                  where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
                   order by a.attnum) as columns
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and n.nspname in ('ledger', 'state', 'rebuild', 'accounts')
     order by 1, 2`
  return rows.flatMap(({ schema, table, columns }) => {
    const rules = classOf(schema, table)
    if (!rules?.binding) return []
    return [{ ...rules, binding: rules.binding, name: `${schema}.${table}`, table, columns }]
  })
}
