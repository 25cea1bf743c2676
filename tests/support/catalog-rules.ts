import type postgres from 'postgres'
import { accessProblems } from './catalog-rules-access.ts'
import { tableProblems } from './catalog-rules-tables.ts'
import { foreignSchemas, tenantSchemas } from './table-classes.ts'

/** A connection as the server's administrator, or a transaction on one. */
export type CatalogSql = postgres.Sql | postgres.TransactionSql

/**
 * Holds the database's own catalog to the rules of isolation and immutability, over every table, partition, view,
 * sequence, function, schema and role there is. Empty when all hold.
 */
export async function catalogProblems(sql: CatalogSql): Promise<string[]> {
  return [
    ...(await tableProblems(sql)),
    ...(await viewProblems(sql)),
    ...(await sequenceProblems(sql)),
    ...(await strayProblems(sql)),
    ...(await accessProblems(sql)),
  ]
}

async function viewProblems(sql: CatalogSql): Promise<string[]> {
  const rows = await sql<{ name: string; kind: string }[]>`
    select n.nspname || '.' || c.relname as name, c.relkind as kind
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
       and (c.relkind in ('m', 'f')
            or c.relkind = 'v' and not coalesce(c.reloptions && array['security_invoker=true', 'security_invoker=on'], false))
     order by 1`
  return rows.map(({ name, kind }) => {
    if (kind === 'm') return `${name}: a materialized view holds rows of every tenant`
    return kind === 'f' ? `${name}: a foreign table` : `${name}: a view without security_invoker`
  })
}

async function sequenceProblems(sql: CatalogSql): Promise<string[]> {
  const rows = await sql<{ name: string }[]>`
    select n.nspname || '.' || c.relname as name
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'S' and n.nspname = any(${[...tenantSchemas]})
     order by 1`
  return rows.map(({ name }) => `${name}: a sequence in a tenant's schema`)
}

/** Tables that other code keeps are held to no rule of ours, so none of them may name an organization in a column. */
async function strayProblems(sql: CatalogSql): Promise<string[]> {
  const rows = await sql<{ name: string }[]>`
    select n.nspname || '.' || c.relname as name
      from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
     where a.attname = 'organization_id' and not a.attisdropped and n.nspname = any(${[...foreignSchemas]})
     order by 1`
  return rows.map(({ name }) => `${name}: rows of a tenant outside the tenants’ schemas`)
}
