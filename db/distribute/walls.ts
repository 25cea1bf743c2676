import type { Sql } from './catalogue.ts'

/** What guards a table's rows: on the coordinator as the migrations made it, and on each shard. */
export interface Walls {
  node: string
  /** `schema.table`, the shard's number left out. */
  table: string
  /** Null: the table as the coordinator has it. */
  shard: string | null
  isEnabled: boolean
  isForced: boolean
  policies: readonly string[]
  grants: readonly string[]
  triggers: readonly string[]
}

/** Reads the walls of every distributed table from the coordinator, and of every shard from the node that holds it. */
export async function readWalls(sql: Sql): Promise<Walls[]> {
  const rows = await sql<{ node: string; success: boolean; result: string }[]>`
    select n.nodename || ':' || n.nodeport as node, a.success, a.result
      from run_command_on_all_nodes(${wallsQuery}) a
      join pg_catalog.pg_dist_node n on n.nodeid = a.nodeid`
  return rows.flatMap(({ node, success, result }) => {
    if (!success) throw new Error(`${node} does not tell its walls: ${result}`)
    const walls: Omit<Walls, 'node'>[] = JSON.parse(result)
    return walls.map(wall => ({ node, ...wall }))
  })
}

/** Every shard that keeps less, or other, than its table; and every one that does not stand where it should. */
export function wallProblems(walls: readonly Walls[]): string[] {
  const made = new Map(walls.filter(({ shard }) => shard === null).map(wall => [wall.table, wall]))
  return walls.flatMap(({ node, shard, ...wall }) => {
    const table = made.get(wall.table)
    if (shard === null || !table) return []
    const where = `${wall.table}_${shard} on ${node}`
    return [
      ...(wall.isEnabled ? [] : [`${where} has no row-level security`]),
      ...(wall.isForced ? [] : [`${where} does not force row-level security on its owner`]),
      ...difference(where, 'policies', table.policies, wall.policies),
      ...difference(where, 'grants', table.grants, wall.grants),
      ...difference(where, 'triggers', table.triggers, wall.triggers),
    ]
  })
}

function difference(
  where: string,
  what: string,
  made: readonly string[],
  found: readonly string[],
): string[] {
  if (made.join('\n') === found.join('\n')) return []
  const lost = made.filter(line => !found.includes(line))
  const added = found.filter(line => !made.includes(line))
  return [
    `${where} has other ${what} than its table: without ${lost.join(', ') || 'nothing'}, with ${added.join(', ') || 'nothing more'}`,
  ]
}

/**
 * One statement for every node. A restrictive policy arrives as a permissive one, which is why both carry the same
 * expression: so a policy is told by its expressions. The coordinator tells its tables, each node its shards.
 */
const wallsQuery = `
  with placed as (
    select s.logicalrelid as made, s.shardid::text as shard,
           to_regclass(shard_name(s.logicalrelid, s.shardid)) as relation
      from pg_catalog.pg_dist_shard s
      join pg_catalog.pg_dist_placement p on p.shardid = s.shardid
      join pg_catalog.pg_dist_local_group g on g.groupid = p.groupid
     union all
    select logicalrelid, null, logicalrelid from pg_catalog.pg_dist_partition
     where partmethod = 'h' and (select groupid = 0 from pg_catalog.pg_dist_local_group))
  select coalesce(json_agg(json_build_object(
    'table', m.relnamespace::regnamespace || '.' || m.relname, 'shard', w.shard,
    'isEnabled', c.relrowsecurity, 'isForced', c.relforcerowsecurity,
    'policies', array(select polname || ' for ' || polcmd::text || ' to ' || polroles::text || ' using '
        || coalesce(pg_get_expr(polqual, polrelid), '') || ' check ' || coalesce(pg_get_expr(polwithcheck, polrelid), '')
      from pg_policy where polrelid = c.oid order by 1),
    'grants', array(select line from (
      select pg_get_userbyid(x.grantee) || ' ' || x.privilege_type as line from aclexplode(c.relacl) x
      union all
      select pg_get_userbyid(x.grantee) || ' ' || x.privilege_type || '(' || a.attname || ')'
        from pg_attribute a, aclexplode(a.attacl) x where a.attrelid = c.oid) as granted order by line),
    'triggers', array(select regexp_replace(tgname, '_' || coalesce(w.shard, '-') || '$', '') || ' ' || tgenabled::text
        || ' ' || tgtype || ' ' || tgfoid::regproc::text || ' ' || encode(tgargs, 'hex')
      from pg_trigger where tgrelid = c.oid and not tgisinternal order by 1)))::text, '[]')
  from placed w join pg_class m on m.oid = w.made join pg_class c on c.oid = w.relation`
