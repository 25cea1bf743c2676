import type postgres from 'postgres'

interface Column {
  name: string
  schema: string
  table: string
}

/**
 * Sets other organizations beside one: copies of all its rows under ids and slugs of their own. Written as the server's
 * administrator with triggers off; what the planner knows of the tables is brought up to date.
 */
export async function copyOrganization(
  admin: postgres.Sql,
  { organizationId, copies }: { organizationId: string; copies: number },
): Promise<void> {
  const columns = await admin<Column[]>`
    select n.nspname as schema, c.relname as "table", a.attname as name
      from pg_class c
      join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute a on a.attrelid = c.oid
     where c.relkind = 'r' and n.nspname in ('ledger', 'state', 'accounts')
       and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     order by 1, 2, a.attnum`
  const tables = new Map<string, string[]>()
  for (const { schema, table, name } of columns) {
    const key = `"${schema}"."${table}"`
    tables.set(key, [...(tables.get(key) ?? []), name])
  }
  await admin.begin(async transaction => {
    await transaction`set local session_replication_role = replica`
    for (const [table, names] of tables) {
      if (!names.includes('organization_id')) continue
      const list = names.map(name => `"${name}"`).join(', ')
      await transaction.unsafe(
        `insert into ${table} (${list})
         select ${names.map(copyOf).join(', ')}
           from ${table} o cross join generate_series(1, ${copies}) copy
          where o.organization_id = '${organizationId}'`,
      )
    }
  })
  await admin`analyze`
}

function copyOf(column: string): string {
  if (column === 'organization_id') return id
  return column === 'slug' ? `o."slug" || '-' || copy` : `o."${column}"`
}

/** As versions of UUIDs demand, and the same in every table. */
const id = `overlay(overlay(md5('neighbour ' || copy) placing '8' from 13) placing '8' from 17)::uuid`
