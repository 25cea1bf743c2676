import { type SQL, sql } from 'drizzle-orm'
import { toSnakeCase } from 'drizzle-orm/casing'
import { getTableConfig } from 'drizzle-orm/pg-core'
import type { Transaction } from '../../../db/client.ts'
import type { ProjectionDifference } from '../../../db/schema/state.ts'
import type { ProjectionName } from '../fold/rows.ts'
import { liveTables, rebuildTables } from '../tables.ts'
import { toldColumns } from '../told-columns.ts'

const mostNamed = 10

interface DifferingRow extends Record<string, unknown> {
  key: string[]
  isMissing: boolean
  isSurplus: boolean
  changed: string[]
}

/** Compares a projection's live table with the rebuilt one row by row, both ways. Null where they are the same. */
export async function compareProjection(
  transaction: Transaction,
  organizationId: string,
  name: ProjectionName,
): Promise<ProjectionDifference | null> {
  const { live, rebuilt, key, values } = tablesOf(name)
  const differing = sql`
      from (select * from ${live} where organization_id = ${organizationId}) l
      full join (select * from ${rebuilt} where organization_id = ${organizationId}) r
        on l.organization_id = r.organization_id and ${sameKey(key)}
     where l.organization_id is null or r.organization_id is null or not (${sameValues(values)})`
  const [counts] = await transaction.execute<{ missing: number; surplus: number }>(sql`
    select count(r.organization_id)::int as missing, count(l.organization_id)::int as surplus ${differing}`)
  if (!counts || counts.missing + counts.surplus === 0) return null
  const keyTexts = key.map(column => sql`coalesce(${at('l', column)}, ${at('r', column)})::text`)
  const changed = values.map(column => sql`case when not (${sameValues([column])}) then ${column}::text end`)
  const rows = await transaction.execute<DifferingRow>(sql`
    select array[${list(keyTexts)}]::text[] as key, array_remove(array[${list(changed)}]::text[], null) as changed,
           l.organization_id is null as "isMissing", r.organization_id is null as "isSurplus"
      ${differing} order by 1 limit ${mostNamed}`)
  return { ...counts, named: rows.map(row => inWords(key, row)) }
}

/** Makes the live table what the rebuilt one is: takes away what it has too many, puts in what it lacks. */
export async function applyDifference(
  transaction: Transaction,
  organizationId: string,
  name: ProjectionName,
): Promise<void> {
  const { live, rebuilt, key, values } = tablesOf(name)
  // Work in flight refers to runs: one that stays is changed in its place. Elsewhere no two rows may ever both be open.
  const stays = name === 'run' ? sameKey(key) : sql`${sameKey(key)} and ${sameValues(values)}`
  await transaction.execute(sql`
    delete from ${live} l
     where l.organization_id = ${organizationId}
       and not exists (select from ${rebuilt} r where r.organization_id = ${organizationId} and ${stays})`)
  const columns = [...key, ...values]
  await transaction.execute(sql`
    insert into ${live} (organization_id, ${list(columns.map(identifier))})
    select r.organization_id, ${list(columns.map(column => at('r', column)))}
      from ${rebuilt} r
     where r.organization_id = ${organizationId}
       and not exists (select from ${live} l where l.organization_id = ${organizationId} and ${sameKey(key)} and ${sameValues(values)})
    on conflict (organization_id${sql.join(key.map(column => sql`, ${identifier(column)}`))})
    do update set ${list(values.map(column => sql`${identifier(column)} = ${at('excluded', column)}`))}`)
}

/** Both tables of a projection, the columns of their key after the organization, and all others. */
function tablesOf(name: ProjectionName) {
  const live = liveTables[name]
  const primaryKey = getTableConfig(live).primaryKeys[0]?.columns ?? []
  const columns = Object.entries(toldColumns(live)).filter(([property]) => property !== 'organizationId')
  const isKey = ({ name }: { name: string }) => primaryKey.some(each => each.name === name)
  const named = (some: typeof columns) => some.map(([property]) => toSnakeCase(property))
  return {
    live,
    rebuilt: rebuildTables[name],
    key: named(columns.filter(([, column]) => isKey(column))),
    values: named(columns.filter(([, column]) => !isKey(column))),
  }
}

const identifier = (column: string) => sql`${sql.identifier(column)}`
const at = (row: 'l' | 'r' | 'excluded', column: string) => sql`${sql.raw(row)}.${sql.identifier(column)}`
const list = (parts: readonly SQL[]) => sql.join([...parts], sql`, `)

const all = (conditions: readonly SQL[]) => sql.join([...conditions], sql` and `)

/** Keys are never null, and an equality is what a join can use. */
const sameKey = (columns: readonly string[]) =>
  all(columns.map(column => sql`${at('l', column)} = ${at('r', column)}`))
const sameValues = (columns: readonly string[]) =>
  all(columns.map(column => sql`${at('l', column)} is not distinct from ${at('r', column)}`))

/** `user_id 0199…, from_position 17: differs in role`. */
function inWords(key: readonly string[], row: DifferingRow): string {
  const where = key.map((column, index) => `${column} ${row.key[index]}`).join(', ')
  if (row.isMissing) return `${where}: is missing`
  if (row.isSurplus) return `${where}: follows from no event`
  return `${where}: differs in ${row.changed.join(', ')}`
}
