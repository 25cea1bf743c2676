import { setTimeout as pause } from 'node:timers/promises'
import postgres from 'postgres'
import { isDistributed, type Sql, tenantSchemas } from './catalogue.ts'
import { DistributionRefused } from './distribution-refused.ts'
import { headTable } from './plan.ts'
import { readWalls, wallProblems } from './walls.ts'

export interface Move {
  organizationId: string
  /** `host:port` of the worker it goes to. */
  to: string
}

/**
 * Moves the shard of an organization, and with it every organization on the same shard, to another worker while the
 * product runs. Citus copies as the tables' owner, whom FORCE would keep from reading: it is off meanwhile, and on again
 * whatever happens in between. The app's roles are no owners and stay bound. After a crash, this or {@link repairForce}
 * run again puts it back.
 * @param adminUrl the coordinator, as a superuser
 * @throws {DistributionRefused} where it cannot begin; nothing was changed then
 */
export async function moveShard(
  adminUrl: string,
  { organizationId, to }: Move,
  print: (line: string) => void,
): Promise<void> {
  await asAdmin(adminUrl, async admin => {
    const shard = await placeOf(admin, organizationId)
    const target = await workerAt(admin, to)
    if (shard.address === to) {
      await forceAgain(admin)
      print(`Shard ${shard.id} lies on ${to} already.`)
      return
    }
    print(`Shard ${shard.id} goes from ${shard.address} to ${to}; FORCE is off until it has arrived.`)
    try {
      for (const table of await tablesWithForce(admin, true))
        await alter(admin, `alter table ${table} no force row level security`)
      await admin`
        select citus_move_shard_placement(${shard.id}::bigint, ${shard.host}::text, ${shard.port}::int,
          ${target.host}::text, ${target.port}::int, shard_transfer_mode => 'force_logical')`
    } finally {
      await asAdmin(adminUrl, forceAgain, { isAlone: false })
    }
    const problems = wallProblems(await readWalls(admin))
    if (problems.length > 0)
      throw new Error(['Shards keep less than their tables:', ...problems].join('\n- '))
    print(
      'It has arrived. FORCE is on again; policies, grants and triggers of every shard are those of its table.',
    )
  })
}

/** Puts FORCE back on every table of a tenant, after a move that was killed. @returns the tables that were without it */
export function repairForce(adminUrl: string): Promise<string[]> {
  return asAdmin(adminUrl, forceAgain)
}

async function forceAgain(admin: postgres.Sql): Promise<string[]> {
  const tables = await tablesWithForce(admin, false)
  for (const table of tables) await alter(admin, `alter table ${table} force row level security`)
  return tables
}

/** Waits for a table no longer than its users can bear, and then tries again. */
async function alter(admin: postgres.Sql, statement: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await admin.begin(async transaction => {
        await transaction`set local lock_timeout = '2s'`
        await transaction.unsafe(statement)
      })
    } catch (error) {
      if (attempt === 10 || !isRetryable(error)) throw error
      await pause(attempt * 100)
    }
  }
}

/** The lock did not come in time, or two waited for each other. */
const isRetryable = (error: unknown) =>
  error instanceof postgres.PostgresError && ['55P03', '40P01', '40001'].includes(error.code)

async function tablesWithForce(sql: Sql, isForced: boolean): Promise<string[]> {
  const rows = await sql<{ name: string }[]>`
    select n.nspname || '.' || c.relname as name
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      join pg_catalog.pg_dist_partition p on p.logicalrelid::oid = c.oid
     where n.nspname in ${sql(tenantSchemas)} and c.relforcerowsecurity = ${isForced} order by 1`
  return rows.map(({ name }) => name)
}

async function placeOf(sql: Sql, organizationId: string) {
  const [place] = await sql<{ id: string; host: string; port: number }[]>`
    select p.shardid as id, n.nodename as host, n.nodeport as port
      from pg_catalog.pg_dist_placement p
      join pg_catalog.pg_dist_node n on n.groupid = p.groupid and n.noderole = 'primary'
     where p.shardid = get_shard_id_for_distribution_column(${headTable}::text::regclass, ${organizationId}::text)`
  if (!place) throw new DistributionRefused('The shard of that organization was not found.')
  return { ...place, address: `${place.host}:${place.port}` }
}

async function workerAt(sql: Sql, address: string) {
  const rows = await sql<{ host: string; port: number }[]>`
    select nodename as host, nodeport as port from pg_catalog.pg_dist_node
     where noderole = 'primary' and groupid > 0 and isactive and shouldhaveshards order by groupid`
  const worker = rows.find(({ host, port }) => `${host}:${port}` === address)
  if (worker) return worker
  const known = rows.map(({ host, port }) => `${host}:${port}`).join(', ')
  throw new DistributionRefused(`${address} is no worker of this coordinator. There are: ${known}.`)
}

/** One move at a time; a second one is refused, so that none puts FORCE back under another. */
async function asAdmin<T>(
  adminUrl: string,
  work: (admin: postgres.Sql) => Promise<T>,
  { isAlone = true } = {},
): Promise<T> {
  const admin = postgres(adminUrl, { max: 1, onnotice: () => undefined })
  try {
    if (!(await isDistributed(admin)))
      throw new DistributionRefused('The database is not distributed: there is no shard to move.')
    if (isAlone) {
      const [lock] = await admin<{ taken: boolean }[]>`
        select pg_try_advisory_lock(hashtext('attestry:move')) as taken`
      if (!lock?.taken) throw new DistributionRefused('Another move is on its way. Wait until it has ended.')
    }
    return await work(admin)
  } finally {
    await admin.end()
  }
}
