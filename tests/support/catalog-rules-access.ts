import type { CatalogSql } from './catalog-rules.ts'
import { differences, unless } from './catalog-rules-tables.ts'
import { definerFunctions, foreignSchemas, schemaGrants } from './table-classes.ts'

/** What is wrong with functions, schemas, roles and what they inherit or are given in advance. */
export async function accessProblems(sql: CatalogSql): Promise<string[]> {
  return [
    ...(await functionProblems(sql)),
    ...(await schemaProblems(sql)),
    ...(await roleProblems(sql)),
    ...(await settingProblems(sql)),
  ]
}

interface FunctionRow {
  name: string
  schema: string
  owner: string
  isDefiner: boolean
  /** A body that was parsed when it was made: its names are bound, whatever the caller's path. */
  isParsed: boolean
  searchPath: string | null
  callers: string[]
}

async function functionProblems(sql: CatalogSql): Promise<string[]> {
  const rows = await sql<FunctionRow[]>`
    select n.nspname || '.' || p.proname as name, n.nspname as schema, pg_get_userbyid(p.proowner) as owner,
           p.prosecdef as "isDefiner", p.prosqlbody is not null as "isParsed",
           (select substr(s, 13) from unnest(p.proconfig) s where s like 'search_path=%') as "searchPath",
           (select coalesce(array_agg(coalesce(r.rolname, 'PUBLIC')::text order by 1), '{}')
              from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x left join pg_roles r on r.oid = x.grantee
             where x.grantee <> p.proowner) as callers
      from pg_proc p join pg_namespace n on n.oid = p.pronamespace
     where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
     order by 1`
  return rows.flatMap(row => {
    const callers = definerFunctions[row.name]
    const isOurs = !foreignSchemas.includes(row.schema)
    return [
      ...unless(!row.isDefiner || callers !== undefined, 'runs with its owner’s rights'),
      ...(row.isDefiner
        ? unless(row.owner === 'attestry_owner', `runs with the rights of ${row.owner}`)
        : []),
      ...(isOurs && !row.isParsed
        ? unless(/^pg_catalog(, pg_temp)?$/.test(row.searchPath ?? ''), 'has no fixed search_path')
        : []),
      ...(callers ? differences('caller', row.callers, callers) : []),
    ].map(problem => `${row.name}(): ${problem}`)
  })
}

async function schemaProblems(sql: CatalogSql): Promise<string[]> {
  const rows = await sql<{ name: string; grants: string[] }[]>`
    select n.nspname as name,
           (select coalesce(array_agg(coalesce(r.rolname, 'PUBLIC') || ' ' || x.privilege_type order by 1), '{}')
              from aclexplode(n.nspacl) x left join pg_roles r on r.oid = x.grantee
             where x.grantee <> n.nspowner) as grants
      from pg_namespace n
     where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and n.nspname <> all(${[...foreignSchemas]})
     order by 1`
  return rows.flatMap(({ name, grants }) => {
    // Everybody may look into PostgreSQL's own empty schema; a table in it belongs to no class.
    const wanted = name === 'public' ? ['PUBLIC USAGE'] : schemaGrants[name]
    if (!wanted) return [`schema ${name}: in no class`]
    return differences('grant', grants, wanted).map(problem => `schema ${name}: ${problem}`)
  })
}

interface RoleRow {
  name: string
  powers: string[]
  canLogIn: boolean
  groups: string[]
}

const wantedPowers: Readonly<Record<string, readonly string[]>> = {
  attestry_app: [],
  attestry_backup: ['bypass row-level security'],
  attestry_owner: [],
  attestry_retention: [],
}

async function roleProblems(sql: CatalogSql): Promise<string[]> {
  const roles = await sql<RoleRow[]>`
    select r.rolname as name, r.rolcanlogin as "canLogIn",
           array_remove(array[
             case when r.rolsuper then 'everything' end,
             case when r.rolbypassrls then 'bypass row-level security' end,
             case when r.rolcreaterole then 'create roles' end,
             case when r.rolcreatedb then 'create databases' end,
             case when r.rolreplication then 'replicate' end], null) as powers,
           array(select g.rolname::text from pg_auth_members m join pg_roles g on g.oid = m.roleid where m.member = r.oid) as groups
      from pg_roles r where r.rolname = any(${Object.keys(wantedPowers)}) order by 1`
  return [
    ...differences(
      'role',
      roles.map(({ name }) => name),
      Object.keys(wantedPowers),
    ),
    ...roles.flatMap(({ name, powers, canLogIn, groups }) =>
      [
        ...differences('power to', powers, wantedPowers[name] ?? []),
        ...differences('membership in', groups, []),
        ...unless(canLogIn, 'cannot log in'),
      ].map(problem => `role ${name}: ${problem}`),
    ),
  ]
}

/** A tenant set in advance would answer where an unset one must be an error; default grants come with no migration. */
async function settingProblems(sql: CatalogSql): Promise<string[]> {
  const settings = await sql<{ setting: string }[]>`
    select unnest(setconfig) as setting from pg_db_role_setting order by 1`
  const defaults = await sql<{ owner: string }[]>`
    select pg_get_userbyid(defaclrole) as owner from pg_default_acl`
  return [
    ...settings
      .filter(({ setting }) => /^(app\.|row_security|session_replication_role|search_path)/.test(setting))
      .map(({ setting }) => `set in advance: ${setting}`),
    ...defaults.map(({ owner }) => `grants are given in advance on what ${owner} creates`),
  ]
}
