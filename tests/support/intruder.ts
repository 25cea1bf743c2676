import type postgres from 'postgres'
import { sqlState } from '../../db/sql-state.ts'
import type { CatalogSql } from './catalog-rules.ts'

/** Somebody with the rights of the server itself, who steps around every trigger, constraint and foreign key. */
export interface Intruder {
  /** Runs statements as a superuser in the replica role with the triggers switched off, and leaves no trace of that. */
  change(...statements: string[]): Promise<void>
  /** Puts every row of the organization back as it was when the intruder came. */
  undo(): Promise<void>
}

/** @param constraints that stand in the intruder's way: dropped for each change, and put back when it is undone */
export async function intruderIn(admin: postgres.Sql, organizationId: string): Promise<Intruder> {
  const own = `organization_id = '${organizationId}'`
  const tables = await ledgerTables(admin)
  await admin.unsafe('create schema if not exists kept')
  for (const table of tables) {
    await admin.unsafe(`create table kept.${table} as select * from ledger.${table} where ${own}`)
  }
  const checks = await admin<{ table: string; name: string; definition: string }[]>`
    select conrelid::regclass::text as table, conname as name, pg_get_constraintdef(oid) as definition
      from pg_constraint where connamespace = 'ledger'::regnamespace and contype = 'c'`

  const unguarded = async (work: (transaction: CatalogSql) => Promise<void>) => {
    await againAfterDeadlock(() =>
      admin.begin(async transaction => {
        await asOnEveryNode(transaction)
        await transaction.unsafe('set local session_replication_role = replica')
        const guards = await transaction<{ table: string; name: string }[]>`
        select tgrelid::regclass::text as table, tgname as name from pg_trigger t
          join pg_class c on c.oid = t.tgrelid
         where c.relnamespace = 'ledger'::regnamespace and not t.tgisinternal`
        for (const { table } of guards) await transaction.unsafe(`alter table ${table} disable trigger user`)
        await work(transaction)
        for (const { table, name } of guards) {
          await transaction.unsafe(`alter table ${table} enable always trigger ${name}`)
        }
      }),
    )
  }

  return {
    change: (...statements) =>
      unguarded(async transaction => {
        for (const { table, name } of checks) {
          await transaction.unsafe(`alter table ${table} drop constraint if exists ${name}`)
        }
        for (const statement of statements) await transaction.unsafe(statement)
      }),
    undo: () =>
      unguarded(async transaction => {
        for (const table of tables) {
          await transaction.unsafe(`delete from ledger.${table} where ${own}`)
          await transaction.unsafe(`insert into ledger.${table} select * from kept.${table}`)
        }
        for (const { table, name, definition } of checks) {
          await transaction.unsafe(`alter table ${table} drop constraint if exists ${name}`)
          await transaction.unsafe(`alter table ${table} add constraint ${name} ${definition}`)
        }
      }),
  }
}

/** Lets what follows in the transaction reach every shard of a cluster; on one PostgreSQL it is nothing. */
export async function asOnEveryNode(transaction: CatalogSql): Promise<void> {
  await transaction.unsafe("set local citus.multi_shard_modify_mode = 'sequential'")
  await transaction.unsafe('set local citus.enable_unsafe_triggers = on')
}

/** The tables of the ledger class and its counter, from the catalog. */
export async function ledgerTables(admin: CatalogSql): Promise<string[]> {
  const rows = await admin<{ name: string }[]>`
    select relname as name from pg_class
     where relnamespace = 'ledger'::regnamespace and relkind in ('r', 'p') order by 1`
  return rows.map(row => row.name)
}

/** Locks on every table meet those of a verification that found enough and whose last read still runs. */
async function againAfterDeadlock<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (sqlState(error) !== '40P01' || attempt === 5) throw error
    }
  }
}
