import type postgres from 'postgres'
import { appendBodies } from './append-bodies.ts'
import type { CatalogueTable } from './catalogue.ts'
import { DistributionRefused } from './distribution-refused.ts'
import { headTable, organizationColumn, type Step } from './plan.ts'
import { differences, plainText, readContents } from './table-contents.ts'

/** Does one step, whole or not at all. @returns what it found, in a few words */
export async function runStep(admin: postgres.Sql, step: Step, shards: number): Promise<string> {
  switch (step.kind) {
    case 'body':
      return installBody(admin, step.signature)
    case 'table':
      return distributeTable(admin, step.table, shards)
    case 'function':
      return distributeFunction(admin, step)
    case 'role':
      await admin.unsafe(`alter role ${step.role} set citus.propagate_set_commands = 'local'`)
      return 'takes effect with new connections'
    case 'local-copies':
      return emptyLocalCopies(admin, step.tables)
  }
}

/** The body that Citus can run. One PostgreSQL can run it too, so it comes before the first table moves. */
async function installBody(admin: postgres.Sql, signature: string): Promise<string> {
  const body = appendBodies.find(known => known.signature === signature)
  if (!body) throw new Error(`no body for ${signature}`)
  await admin.begin(async transaction => {
    // As long as no node needs it, no node gets it.
    const [known] = await transaction`
      select from pg_catalog.pg_dist_object
       where classid = 'pg_proc'::regclass and objid = to_regprocedure(${signature})::oid`
    if (!known) await transaction`set local citus.enable_ddl_propagation = off`
    await transaction.unsafe(body.definition)
  })
  return 'installed'
}

/** Moves a table's rows to the workers, and compares them there with what they were, before anything is final. */
async function distributeTable(admin: postgres.Sql, table: CatalogueTable, shards: number): Promise<string> {
  return admin.begin(async transaction => {
    for (const setting of plainText) await transaction.unsafe(setting)
    // Guards look at a row of their own organization alone, which lies beside them.
    await transaction`set local citus.enable_unsafe_triggers = on`
    await transaction.unsafe(`lock table ${table.name} in share row exclusive mode`)
    const before = await readContents(transaction, table)
    // What is sealed was let in when it was open: a guard that asks again would refuse the copy.
    const guards = await insertGuards(transaction, table.name)
    for (const guard of guards) await transaction.unsafe(`alter table ${table.name} disable trigger ${guard}`)
    if (table.name === headTable)
      await transaction`
        select create_distributed_table(${table.name}::text::regclass, ${organizationColumn}::text,
          colocate_with => 'none', shard_count => ${shards}::int)`
    else
      await transaction`
        select create_distributed_table(${table.name}::text::regclass, ${organizationColumn}::text,
          colocate_with => ${headTable}::text)`
    for (const guard of guards) await transaction.unsafe(enable(table.name, guard, 'A'))
    const different = differences(before, await readContents(transaction, table))
    if (different.length > 0)
      throw new DistributionRefused(
        `${table.name} holds other rows on the workers than before, of organization ${different.slice(0, 5).join(', ')}. Nothing of it was moved. Look for a trigger of its own that changes rows as they come, then run this again: it goes on here.`,
      )
    return before.size === 0
      ? 'empty'
      : `same digest for ${before.size} organization${before.size > 1 ? 's' : ''}`
  })
}

/** Guards that look at each row that comes; all of ours are for every session. */
async function insertGuards(transaction: postgres.TransactionSql, table: string): Promise<string[]> {
  const rows = await transaction<{ name: string }[]>`
    select tgname as name from pg_trigger
     where tgrelid = ${table}::text::regclass and not tgisinternal and tgtype & 4 > 0 and tgenabled = 'A'`
  return rows.map(({ name }) => name)
}

async function distributeFunction(
  admin: postgres.Sql,
  { signature, delegatedBy }: Extract<Step, { kind: 'function' }>,
): Promise<string> {
  if (delegatedBy === null) {
    await admin`select create_distributed_function(${signature}::text::regprocedure)`
    return 'on every node'
  }
  // Unforced, a call beside other statements of its transaction would run on the coordinator, as another user than they.
  await admin`
    select create_distributed_function(${signature}::text::regprocedure, ${delegatedBy}::text,
      colocate_with => ${headTable}::text, force_delegation => true)`
  return `runs where ${delegatedBy} lies`
}

/**
 * Empties the coordinator's own files of distributed tables, which Citus leaves and nobody reads. Their guards are off
 * for this transaction, on these files alone.
 */
async function emptyLocalCopies(admin: postgres.Sql, tables: readonly string[]): Promise<string> {
  return admin.begin(async transaction => {
    const filled = await filledFiles(transaction, tables)
    const guards = await transaction<{ table: string; name: string; state: string }[]>`
      select tgrelid::regclass::text as table, tgname as name, tgenabled as state from pg_trigger
       where not tgisinternal and tgrelid in (select unnest(${tables}::text[])::regclass)`
    const held = await holding(transaction, filled)
    await transaction`set local citus.enable_ddl_propagation = off`
    for (const { table, name } of guards)
      await transaction.unsafe(`alter table ${table} disable trigger ${name}`)
    await transaction.unsafe(`truncate ${tables.join(', ')}`)
    for (const { table, name, state } of guards) await transaction.unsafe(enable(table, name, state))
    const left = await filledFiles(transaction, tables)
    const lost = held.length - (await holding(transaction, held)).length
    if (left.length > 0 || lost > 0)
      throw new DistributionRefused('Emptying the local copies did not do just that. Nothing was emptied.')
    return filled.length === 0 ? 'none held rows' : `${filled.length} emptied`
  })
}

const enable = (table: string, name: string, state: string) =>
  `alter table ${table} enable ${state === 'A' ? 'always ' : state === 'R' ? 'replica ' : ''}trigger ${name}`

async function filledFiles(
  transaction: postgres.TransactionSql,
  tables: readonly string[],
): Promise<string[]> {
  const rows = await transaction<{ name: string }[]>`
    select name from unnest(${tables}::text[]) as t(name) where pg_relation_size(name::regclass) > 0`
  return rows.map(({ name }) => name)
}

/** Those that hold a row, on the workers. */
async function holding(transaction: postgres.TransactionSql, tables: readonly string[]): Promise<string[]> {
  const found: string[] = []
  for (const table of tables) {
    const rows = await transaction.unsafe(`select from ${table} limit 1`)
    if (rows.length > 0) found.push(table)
  }
  return found
}
