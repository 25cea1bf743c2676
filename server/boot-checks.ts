import { sql } from 'drizzle-orm'
import type { Database } from '../db/client.ts'
import { knownMigrations } from '../db/migrate.ts'

/** The process must not run: its role may do too much, or the schema is not this build's. */
export class BootRefused extends Error {
  override readonly name = 'BootRefused'
}

/**
 * Refuses a database that cannot be reached, a role that could pass the walls between organizations or is another one
 * than is wanted, a pooler where sessions are needed, and a schema that this build cannot serve.
 * @throws {BootRefused} with what to do
 */
export async function checkDatabase(database: Database): Promise<void> {
  await checkRole(database, 'DATABASE_URL', 'attestry_app')
  if (!(await database.keepsSessions())) throw new BootRefused(withoutSessions)
  const problem = await schemaProblem(database, await knownMigrations())
  if (problem) throw new BootRefused(problem)
}

const withoutSessions =
  'DATABASE_DIRECT_URL, or DATABASE_URL where that is not set, leads to a pooler that gives each transaction another session. The queue and LISTEN need one that stays: put the address of PostgreSQL itself into DATABASE_DIRECT_URL, as the role attestry_app, and leave that of the pooler in DATABASE_URL.'

/**
 * Refuses a connection that does not come about, or whose role could pass the walls between organizations, or is
 * another one.
 * @throws {BootRefused} with which role belongs into which setting
 */
export async function checkRole(database: Database, setting: string, wanted: string): Promise<void> {
  const problem = await roleProblem(database, setting, wanted).catch((error: unknown) => {
    throw new BootRefused(`${setting} leads to no database: ${whyUnreachable(error)}`, { cause: error })
  })
  if (problem) throw new BootRefused(problem)
}

/** In words where the server has a code for it; the address is told by the error, a password by none. */
function whyUnreachable(error: unknown): string {
  const { code, message } = Object(error instanceof Error ? (error.cause ?? error) : error)
  if (code === '28P01' || code === '28000') return 'the server does not take this name with this password.'
  if (code === '3D000') return 'the server has none of this name.'
  return `${String(message)}.`
}

async function roleProblem(database: Database, setting: string, wanted: string): Promise<string | null> {
  const [role] = await database.outsideTenant.execute<{
    name: string
    is_superuser: boolean
    passes_policies: boolean
    owns_tables: boolean
    is_wanted: boolean
  }>(sql`
    select rolname as name, rolsuper as is_superuser, rolbypassrls as passes_policies,
           exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
                    where n.nspname in ('ledger', 'state', 'rebuild') and c.relkind in ('r', 'p')
                      and pg_has_role(current_user, c.relowner, 'usage')) as owns_tables,
           exists (select from pg_roles other
                    where other.rolname = ${wanted} and pg_has_role(current_user, other.oid, 'usage')) as is_wanted
      from pg_roles where rolname = current_user`)
  if (!role) return `The database does not know the role of ${setting}.`
  const reason = role.is_superuser
    ? 'is a superuser'
    : role.passes_policies
      ? 'may pass row-level security (BYPASSRLS)'
      : role.owns_tables
        ? 'owns the tables'
        : role.is_wanted
          ? null
          : `is not ${wanted}, nor a member of it`
  return reason && `The database role ${role.name} ${reason}. Put the role ${wanted} into ${setting}.`
}

/**
 * What keeps a build off the schema: it is behind, or ahead by what took away something that the build uses. One that is
 * ahead by migrations which only expand serves it as well as its own: an upgrade interrupts nobody.
 * @param known how many migrations the build knows
 * @returns null where it may run
 */
export async function schemaProblem(database: Database, known: number): Promise<string | null> {
  const { applied, oldestBuild } = await readSchema(database)
  if (applied < known)
    return `The database schema is behind this build (${applied} of ${known} migrations). Run: npm run migrate`
  return applied === known || known >= oldestBuild
    ? null
    : `The database schema is ahead of this build (${applied} migrations, ${known} known), and without what this build uses. Deploy the newer build.`
}

/**
 * How many migrations the database has, 0 where it was never migrated; and how many a build that lacks the last ones must
 * know at least.
 */
async function readSchema({ outsideTenant }: Database): Promise<{ applied: number; oldestBuild: number }> {
  const [there] = await outsideTenant.execute<{ applied: boolean; contractions: boolean }>(sql`
    select to_regclass('migrations.__drizzle_migrations') is not null as applied,
           to_regclass('migrations.contractions') is not null as contractions`)
  if (!there?.applied) return { applied: 0, oldestBuild: Number.POSITIVE_INFINITY }
  const [row] = await outsideTenant.execute<{ applied: number }>(
    sql`select count(*)::int as applied from migrations.__drizzle_migrations`,
  )
  const applied = row?.applied ?? 0
  // Migrated by a build that did not tell yet.
  if (!there.contractions) return { applied, oldestBuild: Number.POSITIVE_INFINITY }
  const [oldest] = await outsideTenant.execute<{ build: number }>(
    sql`select coalesce(max(oldest_build), 0) as build from migrations.contractions`,
  )
  return { applied, oldestBuild: oldest?.build ?? 0 }
}
