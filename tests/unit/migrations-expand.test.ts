import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { listMigrations } from '../../db/contractions.ts'
import { breaksOf, type Migration } from '../support/migration-rules.ts'

/*
 * A migration runs while processes of the version before it work: it only adds. What is taken away is taken away by a
 * migration of a later version, which says since when nothing uses it.
 */

/** The migrations up to this one are older than the rule. */
const ruledFrom = 33

const folder = fileURLToPath(new URL('../../db/migrations', import.meta.url))
const migrations: Migration[] = (await listMigrations(folder)).map(tag => ({
  tag,
  text: readFileSync(`${folder}/${tag}.sql`, 'utf8'),
}))

test('every migration since the rule expands, or says which earlier version stopped using what it takes away', () => {
  const found = migrations.flatMap((migration, at) =>
    at < ruledFrom
      ? []
      : breaksOf(migration, migrations.slice(0, at)).map(words => `${migration.tag}: ${words}`),
  )
  expect(found).toEqual([])
})

const past: Migration[] = [
  {
    tag: '0000_tables',
    text: `create table state.thing (organization_id uuid not null, id uuid not null, name text);
           create function ledger.put(p_id uuid, p_names text[]) returns int language sql as 'select 1';`,
  },
  { tag: '0001_protect', text: 'alter table state.thing enable row level security' },
]

const broken = (text: string) => breaksOf({ tag: '0002_next', text }, past)

test.each([
  ['drop table state.thing', 'it drops a table'],
  ['alter table state.thing drop column name', 'it drops the column state.thing.name'],
  ['drop function ledger.put(uuid, text[])', 'it drops a function'],
  ['drop policy tenant on state.thing', 'it drops a policy'],
  ['alter table state.thing rename column name to title', 'it renames something'],
  ['alter table state.thing rename to matter', 'it renames something'],
  ['alter table state.thing set schema ledger', 'it moves something to another schema'],
  ['alter table state.thing alter column name type varchar(9)', 'it changes the type of state.thing.name'],
  ['alter table state.thing alter column name set not null', 'it demands a value in state.thing.name'],
  [
    'alter table state.thing add column size int not null',
    'its column state.thing.size needs a value that nobody gives yet',
  ],
  [
    `alter table state.thing add constraint named check (name <> '')`,
    'its constraint named on state.thing refuses what was taken',
  ],
  [
    'alter table state.thing add constraint one unique (name)',
    'its constraint one on state.thing refuses what was taken',
  ],
  [
    'create unique index one on state.thing (name)',
    'its unique index one on state.thing refuses what was taken',
  ],
  [
    'create policy other on state.thing as restrictive using (false)',
    'its policy on state.thing refuses what was taken',
  ],
  ['revoke insert on state.thing from attestry_app', 'it revokes what was granted on state.thing'],
  [
    `create or replace function ledger.put(p_id uuid, p_names text[], p_more int default 0) returns int
       language sql as 'select 2'`,
    'it gives ledger.put another signature',
  ],
  ['truncate state.thing', 'it empties a table'],
  [`do $$ begin execute 'drop table state.thing'; end $$`, 'it does what cannot be read here'],
])('%s is refused', (text, words) => {
  expect(broken(text)).toEqual([words])
  expect(broken(`-- contracts: it, unused since 0001\n${text}`)).toEqual([])
  expect(broken(`-- contracts: it, unused since 0002\n${text}`)).toHaveLength(1)
})

test.each([
  'alter table state.thing add column size int',
  'alter table state.thing add column size int not null default 0',
  'alter table state.thing add column size int; alter table state.thing add constraint positive check (size > 0)',
  'alter table state.thing add column code text; create unique index code on state.thing (organization_id, code)',
  '-- widens: named\nalter table state.thing drop constraint named, add constraint named check (length(name) < 99)',
  'create table state.other (id uuid primary key); alter table state.other add constraint one unique (id)',
  'create index by_name on state.thing (name); drop index state.former',
  `create or replace function ledger.put(p_id uuid, p_names text[]) returns int language sql as 'select 3'`,
  'revoke all on function ledger.put(uuid, text[]) from public; grant select on state.thing to attestry_app',
])('%s expands', text => {
  expect(broken(text)).toEqual([])
})
