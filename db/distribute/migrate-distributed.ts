import { readMigrationFiles } from 'drizzle-orm/migrator'
import type postgres from 'postgres'
import { appendBodies } from './append-bodies.ts'
import { tenantSchemas } from './catalogue.ts'
import { headTable, organizationColumn } from './plan.ts'

/** Where applied migrations are listed. */
export const migrationsSchema = 'migrations'

/** Keeps what a session makes on the coordinator. */
export const keepLocal = 'set citus.enable_ddl_propagation = off'

/**
 * Applies what is new to a distributed database: each migration in one transaction on all nodes. A new table of a tenant
 * is distributed the moment it is there, so that the foreign keys and guards that follow find it so.
 */
export async function migrateDistributed(client: postgres.Sql, migrationsFolder: string): Promise<void> {
  const [newest] = await client<{ at: string | null }[]>`
    select max(created_at) as at from migrations.__drizzle_migrations`
  const migrations = readMigrationFiles({ migrationsFolder, migrationsSchema })
  for (const { sql: statements, folderMillis, hash } of migrations) {
    if (folderMillis <= Number(newest?.at ?? 0)) continue
    await client.begin(async transaction => {
      for (const setting of settings) await transaction.unsafe(setting)
      for (const statement of statements) {
        await transaction.unsafe(statement)
        const table = createdTable(statement)
        if (table)
          await transaction`
            select create_distributed_table(${table}::text::regclass, ${organizationColumn}::text,
              colocate_with => ${headTable}::text)`
      }
      // A migration brings the body of one PostgreSQL.
      for (const { signature, body, definition } of appendBodies) {
        const [same] = await transaction`
          select from pg_proc where oid = to_regprocedure(${signature})::oid and prosrc = ${body}`
        if (!same) await transaction.unsafe(definition)
      }
      await transaction`
        insert into migrations.__drizzle_migrations (hash, created_at) values (${hash}, ${folderMillis})`
    })
  }
}

/** Guards look at rows of their own organization alone, which lie beside them; and one change follows the other. */
const settings = [
  'set local citus.enable_unsafe_triggers = on',
  "set local citus.propagate_set_commands = 'local'",
  "set local citus.multi_shard_modify_mode = 'sequential'",
]

/** The tenant's table that a statement makes, or null. */
export function createdTable(statement: string): string | null {
  const text = statement.replaceAll(/--.*$/gm, '')
  const made = /^\s*create\s+table\s+(?:if\s+not\s+exists\s+)?"?(\w+)"?\."?(\w+)"?\s*\(/i.exec(text)
  const [, schema, table] = made ?? []
  return schema && table && tenantSchemas.includes(schema) ? `${schema}.${table}` : null
}
