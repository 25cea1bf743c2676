import type { CatalogSql } from './catalog-rules.ts'
import { type ClassRules, classOf, foreignSchemas, tenantSchemas } from './table-classes.ts'

interface TableRow {
  schema: string
  name: string
  owner: string
  isSecured: boolean
  isForced: boolean
  rewriteRules: number
  columns: { name: string; type: string; isRequired: boolean; isGenerated: boolean }[]
  policies: {
    isPermissive: boolean
    command: string
    roles: string[]
    using: string | null
    check: string | null
  }[]
  uniqueKeys: { name: string; first: string | null }[]
  foreignKeys: { name: string; isValid: boolean; first: string; targetSchema: string; targetFirst: string }[]
  grants: string[]
  triggers: { name: string; function: string; enabled: string; type: number; isPartial: boolean }[]
  sleepingConstraintTriggers: number
}

/** What is wrong with tables and partitions: class, columns, row-level security, keys, grants, triggers. */
export async function tableProblems(sql: CatalogSql): Promise<string[]> {
  const tables = await readTables(sql)
  return tables.flatMap(table => {
    const name = `${table.schema}.${table.name}`
    const rules = classOf(table.schema, table.name)
    if (!rules) return [`${name}: a table in no class`]
    return problemsOf(table, rules).map(problem => `${name}: ${problem}`)
  })
}

function problemsOf(table: TableRow, rules: ClassRules): string[] {
  const common = [
    ...unless(table.owner === 'attestry_owner', `owned by ${table.owner}`),
    ...unless(table.rewriteRules === 0, 'has a rewrite rule'),
    ...differences('grant', table.grants, rules.grants),
    ...triggerProblems(table, rules),
  ]
  if (!rules.binding) return common
  return [
    ...common,
    ...columnProblems(table, rules.binding.column),
    ...securityProblems(table, rules.binding),
    ...keyProblems(table, rules.binding.column),
  ]
}

function columnProblems(table: TableRow, bound: string): string[] {
  const column = table.columns.find(({ name }) => name === bound)
  return [
    ...unless(column?.type === 'uuid', `has no uuid column ${bound}`),
    ...unless(column?.isRequired !== false, `${bound} may be null`),
    ...table.columns
      .filter(({ isGenerated }) => isGenerated)
      .map(({ name }) => `${name} counts up by itself`),
  ]
}

function securityProblems(
  table: TableRow,
  { column, setting }: { column: string; setting: string },
): string[] {
  const expression = `(${column} = (current_setting('${setting}'::text))::uuid)`
  const kinds = table.policies.map(({ isPermissive }) => (isPermissive ? 'permissive' : 'restrictive')).sort()
  return [
    ...unless(table.isSecured, 'row-level security is off'),
    ...unless(table.isForced, 'row-level security is not forced'),
    ...unless(
      kinds.join() === 'permissive,restrictive',
      `policies are [${kinds.join(', ')}] instead of one permissive and one restrictive`,
    ),
    ...table.policies.flatMap(policy => [
      ...unless(policy.command === '*', 'a policy does not cover every command'),
      ...unless(policy.roles.join() === '0', 'a policy names a role'),
      ...unless(policy.using === expression, `a policy lets through USING ${policy.using}`),
      ...unless(policy.check === expression, `a policy lets through WITH CHECK ${policy.check}`),
    ]),
  ]
}

function keyProblems(table: TableRow, column: string): string[] {
  return [
    ...table.uniqueKeys
      .filter(({ first }) => first !== column)
      .map(({ name }) => `unique key ${name} does not begin with ${column}`),
    ...table.foreignKeys.flatMap(({ name, isValid, first, targetSchema, targetFirst }) => [
      ...unless(
        first === column && targetFirst === column,
        `foreign key ${name} does not begin with ${column}`,
      ),
      ...unless(tenantSchemas.includes(targetSchema), `foreign key ${name} leaves the tenant`),
      ...unless(isValid, `foreign key ${name} is not validated`),
    ]),
  ]
}

/** pg_trigger.tgtype: before, for each row, on update or delete. */
const beforeRowChange = 1 + 2 + 8 + 16
/** pg_trigger.tgtype: before, for each row, on insert. */
const beforeRowInsert = 1 + 2 + 4
/** pg_trigger.tgtype: before, for each statement, on truncate. */
const beforeTruncate = 2 + 32

const wantedTypes: Readonly<Record<string, number>> = {
  no_truncate: beforeTruncate,
  insert_guard: beforeRowInsert,
}

function triggerProblems(table: TableRow, rules: ClassRules): string[] {
  const problems = differences(
    'trigger',
    table.triggers.map(trigger => `${trigger.name} → ${trigger.function}`),
    Object.entries(rules.triggers).map(([name, procedure]) => `${name} → ${procedure}`),
  )
  for (const trigger of table.triggers) {
    const wanted = wantedTypes[trigger.name] ?? beforeRowChange
    problems.push(
      ...unless(trigger.enabled === 'A', `trigger ${trigger.name} is not ENABLE ALWAYS`),
      ...unless(
        trigger.type === wanted && !trigger.isPartial,
        `trigger ${trigger.name} does not see every change`,
      ),
    )
  }
  return [...problems, ...unless(table.sleepingConstraintTriggers === 0, 'a foreign key is disabled')]
}

/** What is there and should not be, and what should be there and is not. */
export function differences(what: string, found: readonly string[], wanted: readonly string[]): string[] {
  return [
    ...found.filter(entry => !wanted.includes(entry)).map(entry => `unexpected ${what} ${entry}`),
    ...wanted.filter(entry => !found.includes(entry)).map(entry => `missing ${what} ${entry}`),
  ]
}

export const unless = (holds: boolean, problem: string): string[] => (holds ? [] : [problem])

async function readTables(sql: CatalogSql): Promise<TableRow[]> {
  const rows = await sql<{ table: TableRow }[]>`
    select json_build_object(
      'schema', n.nspname, 'name', c.relname, 'owner', pg_get_userbyid(c.relowner),
      'isSecured', c.relrowsecurity, 'isForced', c.relforcerowsecurity,
      'rewriteRules', (select count(*) from pg_rewrite r where r.ev_class = c.oid),
      'columns', (select coalesce(json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
          'isRequired', a.attnotnull,
          'isGenerated', a.attidentity <> '' or coalesce(pg_get_expr(d.adbin, d.adrelid) ~ 'nextval', false))), '[]')
        from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
       where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped),
      'policies', (select coalesce(json_agg(json_build_object('isPermissive', p.polpermissive, 'command', p.polcmd,
          'roles', p.polroles::text[], 'using', pg_get_expr(p.polqual, p.polrelid),
          'check', pg_get_expr(p.polwithcheck, p.polrelid))), '[]')
        from pg_policy p where p.polrelid = c.oid),
      'uniqueKeys', (select coalesce(json_agg(json_build_object('name', i.indexrelid::regclass,
          'first', (select a.attname from pg_attribute a where a.attrelid = c.oid and a.attnum = i.indkey[0]))), '[]')
        from pg_index i where i.indrelid = c.oid and (i.indisunique or i.indisexclusion)),
      'foreignKeys', (select coalesce(json_agg(json_build_object('name', k.conname, 'isValid', k.convalidated,
          'first', (select a.attname from pg_attribute a where a.attrelid = c.oid and a.attnum = k.conkey[1]),
          'targetSchema', (select tn.nspname from pg_class t join pg_namespace tn on tn.oid = t.relnamespace where t.oid = k.confrelid),
          'targetFirst', (select a.attname from pg_attribute a where a.attrelid = k.confrelid and a.attnum = k.confkey[1]))), '[]')
        from pg_constraint k where k.conrelid = c.oid and k.contype = 'f'),
      'grants', (select coalesce(json_agg(g.grant order by g.grant), '[]') from (
          select coalesce(r.rolname, 'PUBLIC') || ' ' || x.privilege_type || case when x.is_grantable then ' WITH GRANT OPTION' else '' end as grant
            from aclexplode(c.relacl) x left join pg_roles r on r.oid = x.grantee where x.grantee <> c.relowner
          union all
          select coalesce(r.rolname, 'PUBLIC') || ' ' || x.privilege_type || '(' || a.attname || ')' || case when x.is_grantable then ' WITH GRANT OPTION' else '' end
            from pg_attribute a cross join lateral aclexplode(a.attacl) x left join pg_roles r on r.oid = x.grantee
           where a.attrelid = c.oid and not a.attisdropped and x.grantee <> c.relowner) g),
      'triggers', (select coalesce(json_agg(json_build_object('name', t.tgname, 'enabled', t.tgenabled, 'type', t.tgtype,
          'function', (select fn.nspname || '.' || f.proname from pg_proc f join pg_namespace fn on fn.oid = f.pronamespace where f.oid = t.tgfoid),
          'isPartial', t.tgqual is not null or cardinality(t.tgattr::int2[]) > 0)), '[]')
        from pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal),
      'sleepingConstraintTriggers', (select count(*) from pg_trigger t
        where t.tgrelid = c.oid and t.tgisinternal and t.tgenabled <> 'O')
    ) as table
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
       and n.nspname <> all(${[...foreignSchemas]})
     order by n.nspname, c.relname`
  return rows.map(row => row.table)
}
