import { sql } from 'drizzle-orm'
import type { Database } from '../db/client.ts'
import { knownMigrations } from '../db/migrate.ts'

/** The process must not run: its role may do too much, or the schema is not this build's. */
export class BootRefused extends Error {
  override readonly name = 'BootRefused'
}

/**
 * Refuses a database role that could pass the walls between organizations, and a schema ahead of or behind this build.
 * @throws {BootRefused} with what to do
 */
export async function checkDatabase(database: Database): Promise<void> {
  await checkRole(database, 'DATABASE_URL', 'attestry_app')
  const problem = await schemaProblem(database)
  if (problem) throw new BootRefused(problem)
}

/**
 * Refuses a connection whose role could pass the walls between organizations.
 * @throws {BootRefused} with which role belongs into which setting
 */
export async function checkRole(database: Database, setting: string, wanted: string): Promise<void> {
  const problem = await roleProblem(database, setting, wanted)
  if (problem) throw new BootRefused(problem)
}

async function roleProblem(database: Database, setting: string, wanted: string): Promise<string | null> {
  const [role] = await database.outsideTenant.execute<{
    name: string
    is_superuser: boolean
    passes_policies: boolean
    owns_tables: boolean
  }>(sql`
    select rolname as name, rolsuper as is_superuser, rolbypassrls as passes_policies,
           exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
                    where n.nspname in ('ledger', 'state', 'rebuild') and c.relkind in ('r', 'p')
                      and pg_has_role(current_user, c.relowner, 'usage')) as owns_tables
      from pg_roles where rolname = current_user`)
  if (!role) return `The database does not know the role of ${setting}.`
  const reason = role.is_superuser
    ? 'is a superuser'
    : role.passes_policies
      ? 'may pass row-level security (BYPASSRLS)'
      : role.owns_tables
        ? 'owns the tables'
        : null
  return reason && `The database role ${role.name} ${reason}. Put the role ${wanted} into ${setting}.`
}

async function schemaProblem(database: Database): Promise<string | null> {
  const known = await knownMigrations()
  const applied = await appliedMigrations(database)
  if (applied === known) return null
  return applied < known
    ? `The database schema is behind this build (${applied} of ${known} migrations). Run: npm run migrate`
    : `The database schema is ahead of this build (${applied} migrations, ${known} known). Deploy the newer build.`
}

/** How many migrations the database has; 0 where it was never migrated. */
export async function appliedMigrations(database: Database): Promise<number> {
  const [present] = await database.outsideTenant.execute<{ present: boolean }>(
    sql`select to_regclass('migrations.__drizzle_migrations') is not null as present`,
  )
  if (!present?.present) return 0
  const [row] = await database.outsideTenant.execute<{ count: number }>(
    sql`select count(*)::int as count from migrations.__drizzle_migrations`,
  )
  return row?.count ?? 0
}
