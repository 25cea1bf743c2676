import type { CatalogSql } from './catalog-rules.ts'

/**
 * What a migrated database is, as text that is the same wherever it was migrated: one line per schema, table, column,
 * constraint, index, policy, trigger, function (with a hash of its definition) and grant of the product's own schemas.
 */
export async function listSchema(sql: CatalogSql): Promise<string> {
  const rows = await sql<{ line: string }[]>`
    with ours as (select oid, nspname, nspacl from pg_namespace where nspname in ('ledger', 'state', 'rebuild', 'accounts')),
    relations as (
      select c.*, n.nspname || '.' || c.relname as name from pg_class c join ours n on n.oid = c.relnamespace
       where c.relkind not in ('i', 'I', 't', 'c')),
    lines (name, part, detail, line) as (
      select n.nspname, 0, '', 'schema ' || n.nspname || coalesce(' ' || g.grants, '')
        from ours n
        left join lateral (select string_agg(x::text, ' ' order by x::text) as grants from unnest(n.nspacl) x) g on true
      union all
      select r.name, 1, '', case r.relkind when 'r' then 'table ' when 'p' then 'partitioned table ' when 'v' then 'view '
                 when 'm' then 'materialized view ' when 'S' then 'sequence ' else 'relation ' end || r.name
             || ' owner ' || pg_get_userbyid(r.relowner)
             || case when r.relrowsecurity then ' row-level-security' else '' end
             || case when r.relforcerowsecurity then ' forced' else '' end
             || coalesce(' with ' || array_to_string(r.reloptions, ','), '')
        from relations r
      union all
      select r.name, 2, to_char(a.attnum, '000'), '  column ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
             || case when a.attnotnull then ' not null' else '' end
             || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
             || case when a.attidentity <> '' then ' identity' else '' end
             || coalesce(' grants ' || (select string_agg(x::text, ' ' order by x::text) from unnest(a.attacl) x), '')
        from relations r join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
        left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
      union all
      -- From version 18 on PostgreSQL keeps NOT NULL here as well; the columns say it already.
      select r.name, 3, k.conname, '  constraint ' || k.conname || ' ' || pg_get_constraintdef(k.oid)
             || case when k.convalidated then '' else ' not validated' end
        from relations r join pg_constraint k on k.conrelid = r.oid where k.contype not in ('n', 't')
      union all
      select r.name, 4, i.indexrelid::regclass::text, '  index ' || pg_get_indexdef(i.indexrelid)
        from relations r join pg_index i on i.indrelid = r.oid
      union all
      select r.name, 5, p.polname, '  policy ' || p.polname || case when p.polpermissive then ' permissive' else ' restrictive' end
             || ' for ' || p.polcmd::text || ' to ' || p.polroles::regrole[]::text
             || coalesce(' using ' || pg_get_expr(p.polqual, p.polrelid), '')
             || coalesce(' check ' || pg_get_expr(p.polwithcheck, p.polrelid), '')
        from relations r join pg_policy p on p.polrelid = r.oid
      union all
      select r.name, 6, t.tgname, '  trigger ' || pg_get_triggerdef(t.oid) || ' enabled ' || t.tgenabled::text
        from relations r join pg_trigger t on t.tgrelid = r.oid where not t.tgisinternal
      union all
      select r.name, 7, '', '  grants ' || string_agg(x::text, ' ' order by x::text)
        from relations r cross join lateral unnest(r.relacl) x group by r.name
      union all
      select n.nspname || '.' || p.proname, 8, pg_get_function_identity_arguments(p.oid),
             'function ' || p.oid::regprocedure || ' sha256:' || encode(sha256(convert_to(pg_get_functiondef(p.oid), 'UTF8')), 'hex')
             || coalesce(' grants ' || (select string_agg(x::text, ' ' order by x::text) from unnest(p.proacl) x), '')
        from pg_proc p join ours n on n.oid = p.pronamespace where p.prokind <> 'a')
    select line from lines order by name collate "C", part, detail collate "C", line collate "C"`
  return `${rows.map(row => row.line).join('\n')}\n`
}
