import type postgres from 'postgres'

/** What the catalogues of PostgreSQL and of Citus say about a database, as far as a plan to distribute it needs. */
export interface Catalogue {
  /** As `server_version_num` has it: 150020 for 15.20. */
  serverVersion: number
  isSuperuser: boolean
  /** How many migrations were applied. */
  migrations: number
  citus: CitusState
  tables: readonly CatalogueTable[]
  functions: readonly CatalogueFunction[]
  /** The app's roles that pass `set local` on to workers. */
  propagatingRoles: readonly string[]
}

export interface CitusState {
  /** The server could create the extension. */
  isAvailable: boolean
  isPreloaded: boolean
  /** The extension exists in this database. */
  isCreated: boolean
  nodes: readonly CitusNode[]
}

export interface CitusNode {
  address: string
  isCoordinator: boolean
  isActive: boolean
  holdsShards: boolean
  /** Of PostgreSQL and Citus, or null where the node does not answer. */
  version: string | null
}

export interface CatalogueTable {
  /** `schema.table` */
  name: string
  schema: string
  columns: readonly string[]
  hasOrganization: boolean
  /** Every primary and unique key holds the organization. */
  isKeyedByOrganization: boolean
  /** Tables that its foreign keys lead to, itself left out. */
  references: readonly string[]
  /** Null: an ordinary table. */
  distribution: { method: string; column: string | null; colocationId: number } | null
  /** Bytes that the coordinator's own file holds, whether it is read or not. */
  localBytes: number
}

export interface CatalogueFunction {
  /** `schema.name(types)`, as `regprocedure` takes it. */
  signature: string
  schema: string
  body: string
  firstArgument: string | null
  isTrigger: boolean
  isDefiner: boolean
  /** Null: known to the coordinator alone. */
  distribution: { argument: number | null; isForced: boolean } | null
}

export type Sql = postgres.Sql | postgres.TransactionSql

/** Schemas whose rows belong to an organization. */
export const tenantSchemas: readonly string[] = ['ledger', 'state', 'rebuild']

/** Reads the catalogues. Needs no right but to look; nothing is changed. */
export async function readCatalogue(sql: Sql): Promise<Catalogue> {
  const [server] = await sql<{ version: number; is_superuser: boolean }[]>`
    select current_setting('server_version_num')::int as version, current_setting('is_superuser') = 'on' as is_superuser`
  const citus = await readCitus(sql)
  return {
    serverVersion: server?.version ?? 0,
    isSuperuser: server?.is_superuser ?? false,
    migrations: await countMigrations(sql),
    citus,
    tables: await readTables(sql, citus.isCreated),
    functions: await readFunctions(sql, citus.isCreated),
    propagatingRoles: await readPropagatingRoles(sql),
  }
}

/** Whether the rows of this database lie on workers. */
export async function isDistributed(sql: Sql): Promise<boolean> {
  if (!(await hasCitus(sql))) return false
  const rows = await sql`
    select from pg_catalog.pg_dist_partition
     where logicalrelid::oid = to_regclass('ledger.head')::oid and partmethod = 'h'`
  return rows.length > 0
}

/** Whether the extension exists in this database. */
export async function hasCitus(sql: Sql): Promise<boolean> {
  return (await sql`select from pg_extension where extname = 'citus'`).length > 0
}

async function readCitus(sql: Sql): Promise<CitusState> {
  const [state] = await sql<{ available: boolean; preloaded: string | null }[]>`
    select exists (select from pg_available_extensions where name = 'citus') as available,
           current_setting('citus.version', true) as preloaded`
  const isCreated = await hasCitus(sql)
  return {
    isAvailable: state?.available ?? false,
    isPreloaded: state?.preloaded != null,
    isCreated,
    nodes: isCreated ? await readNodes(sql) : [],
  }
}

async function readNodes(sql: Sql): Promise<CitusNode[]> {
  const rows = await sql<{ address: string; group: number; active: boolean; holds: boolean; id: number }[]>`
    select nodename || ':' || nodeport as address, groupid as group, isactive as active, shouldhaveshards as holds,
           nodeid as id
      from pg_catalog.pg_dist_node where noderole = 'primary' order by groupid`
  const answers = await sql<{ id: number; version: string }[]>`
    select nodeid as id, result as version from run_command_on_all_nodes(${versionQuery}) where success`
  const versions = new Map(answers.map(({ id, version }) => [id, version]))
  return rows.map(({ address, group, active, holds, id }) => ({
    address,
    isCoordinator: group === 0,
    isActive: active,
    holdsShards: group !== 0 && holds,
    version: versions.get(id) ?? null,
  }))
}

const versionQuery = `
  select current_setting('server_version') || ', Citus ' || (select extversion from pg_extension where extname = 'citus')`

async function countMigrations(sql: Sql): Promise<number> {
  const [known] = await sql`select where to_regclass('migrations.__drizzle_migrations') is not null`
  if (!known) return 0
  const [row] = await sql<
    { count: number }[]
  >`select count(*)::int as count from migrations.__drizzle_migrations`
  return row?.count ?? 0
}

/** Of every schema that is not PostgreSQL's or Citus's own. */
async function readTables(sql: Sql, withCitus: boolean): Promise<CatalogueTable[]> {
  const rows = await sql<TableRow[]>`
    select n.nspname || '.' || c.relname as name, n.nspname as schema, pg_relation_size(c.oid) as local_bytes,
           array(select a.attname::text from pg_attribute a
                  where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum) as columns,
           exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'organization_id'
                     and a.atttypid = 'uuid'::regtype and a.attnotnull and not a.attisdropped) as has_organization,
           not exists (
             select from pg_index i where i.indrelid = c.oid and i.indisunique
                and not exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'organization_id'
                                   and a.attnum = any (i.indkey::int2[]))) as is_keyed,
           array(select distinct m.nspname || '.' || t.relname from pg_constraint f
                   join pg_class t on t.oid = f.confrelid join pg_namespace m on m.oid = t.relnamespace
                  where f.conrelid = c.oid and f.contype = 'f' and t.oid <> c.oid order by 1) as references
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and c.relpersistence <> 't'
       and n.nspname !~ '^(pg_|citus|columnar)' and n.nspname <> 'information_schema'
       and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
     order by 1`
  const distributed = withCitus
    ? await readDistributed(sql)
    : new Map<string, CatalogueTable['distribution']>()
  return rows.map(row => ({
    name: row.name,
    schema: row.schema,
    columns: row.columns,
    hasOrganization: row.has_organization,
    isKeyedByOrganization: row.is_keyed,
    references: row.references,
    distribution: distributed.get(row.name) ?? null,
    localBytes: Number(row.local_bytes),
  }))
}

interface TableRow {
  name: string
  schema: string
  local_bytes: string
  columns: string[]
  has_organization: boolean
  is_keyed: boolean
  references: string[]
}

async function readDistributed(sql: Sql) {
  const rows = await sql<{ name: string; method: string; column: string | null; colocation: number }[]>`
    select n.nspname || '.' || c.relname as name, p.partmethod as method, p.colocationid as colocation,
           case when p.partkey is not null then column_to_column_name(p.logicalrelid, p.partkey) end as column
      from pg_catalog.pg_dist_partition p
      join pg_class c on c.oid = p.logicalrelid join pg_namespace n on n.oid = c.relnamespace`
  return new Map(
    rows.map(({ name, method, column, colocation }) => [name, { method, column, colocationId: colocation }]),
  )
}

async function readFunctions(sql: Sql, withCitus: boolean): Promise<CatalogueFunction[]> {
  const rows = await sql<FunctionRow[]>`
    select p.oid::regprocedure::text as signature, n.nspname as schema, p.prosrc as body, p.oid::int8 as oid,
           p.proargnames[1] as first_argument, p.prorettype = 'trigger'::regtype as is_trigger,
           p.prosecdef as is_definer
      from pg_proc p join pg_namespace n on n.oid = p.pronamespace
     where n.nspname in ${sql(tenantSchemas)} order by 1`
  const distributed = withCitus
    ? await sql<{ oid: string; argument: number | null; is_forced: boolean | null }[]>`
        select objid::int8 as oid, distribution_argument_index as argument, force_delegation as is_forced
          from pg_catalog.pg_dist_object where classid = 'pg_proc'::regclass`
    : []
  const known = new Map(
    distributed.map(({ oid, argument, is_forced }) => [oid, { argument, isForced: is_forced ?? false }]),
  )
  return rows.map(row => ({
    signature: row.signature,
    schema: row.schema,
    body: row.body,
    firstArgument: row.first_argument,
    isTrigger: row.is_trigger,
    isDefiner: row.is_definer,
    distribution: known.get(row.oid) ?? null,
  }))
}

interface FunctionRow {
  signature: string
  schema: string
  body: string
  oid: string
  first_argument: string | null
  is_trigger: boolean
  is_definer: boolean
}

async function readPropagatingRoles(sql: Sql): Promise<string[]> {
  const rows = await sql<{ name: string }[]>`
    select r.rolname as name from pg_db_role_setting s join pg_roles r on r.oid = s.setrole
     where s.setdatabase = 0 and 'citus.propagate_set_commands=local' = any (s.setconfig) order by 1`
  return rows.map(({ name }) => name)
}
