import postgres from 'postgres'

/**
 * Where in a database a text stands: every column of every table of every schema of ours and the queue's, as text, bytes
 * included. Runs as the server's administrator, whom no policy holds back.
 * @returns `schema.table.column`, of what was found
 */
export async function whereIs(adminUrl: string, texts: readonly string[]): Promise<string[]> {
  const admin = postgres(adminUrl, { max: 1, onnotice: () => undefined })
  try {
    const columns = await admin<{ schema: string; table: string; column: string; type: string }[]>`
      select n.nspname as schema, c.relname as table, a.attname as column, format_type(a.atttypid, null) as type
        from pg_attribute a
        join pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p')
        join pg_namespace n on n.oid = c.relnamespace
       where n.nspname in ('accounts', 'ledger', 'state', 'rebuild', 'queue', 'migrations')
         and a.attnum > 0 and not a.attisdropped
       order by 1, 2, a.attnum`
    const found: string[] = []
    for (const { schema, table, column, type } of columns) {
      const value =
        type === 'bytea' ? admin`encode(${admin(column)}, 'escape')` : admin`${admin(column)}::text`
      const patterns = texts.map(text => `%${text.toLowerCase()}%`)
      const [row] = await admin<{ count: number }[]>`
        select count(*)::int as count from ${admin(schema)}.${admin(table)} where lower(${value}) like any(${patterns})`
      if (row && row.count > 0) found.push(`${schema}.${table}.${column}`)
    }
    return found
  } finally {
    await admin.end()
  }
}
