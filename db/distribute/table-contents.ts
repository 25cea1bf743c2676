import type { Sql } from './catalogue.ts'
import { organizationColumn } from './plan.ts'

/** What a table holds of each organization: how many rows, and a digest over every column of them. */
export type TableContents = ReadonlyMap<string, string>

/**
 * Reads a tenant table whole, wherever its rows lie. Rows are digested as text, so the session has to say how text looks
 * on every node: see {@link plainText}.
 */
export async function readContents(
  sql: Sql,
  { name, columns }: { name: string; columns: readonly string[] },
): Promise<TableContents> {
  const row = `row(${columns.map(column => `"${column}"`).join(', ')})::text`
  const rows = await sql.unsafe<{ organization: string; rows: string; digest: string }[]>(`
    select ${organizationColumn}::text as organization, count(*) as rows,
           encode(sha256(string_agg(hash, ''::bytea order by hash)), 'hex') as digest
      from (select ${organizationColumn}, sha256(convert_to(${row}, 'UTF8')) as hash from ${name}) as each_row
     group by ${organizationColumn}`)
  return new Map(rows.map(({ organization, rows, digest }) => [organization, `${rows} rows, ${digest}`]))
}

/** The organizations whose rows differ. */
export function differences(before: TableContents, after: TableContents): string[] {
  const organizations = new Set([...before.keys(), ...after.keys()])
  return [...organizations].filter(organization => before.get(organization) !== after.get(organization))
}

/** Settings under which every node writes a value as the same text. For one transaction. */
export const plainText: readonly string[] = [
  "set local citus.propagate_set_commands = 'local'",
  "set local timezone = 'UTC'",
  "set local datestyle = 'ISO, YMD'",
  "set local bytea_output = 'hex'",
  'set local extra_float_digits = 1',
]
