import postgres from 'postgres'
import { afterAll, describe, expect, test } from 'vitest'
import { catalogProblems } from '../support/catalog-rules.ts'
import { useDatabase } from '../support/database.ts'

const { adminUrl } = await useDatabase()
const admin = postgres(adminUrl, { max: 1, onnotice: () => undefined })
afterAll(() => admin.end())

const tenant = `organization_id = current_setting('app.organization_id')::uuid`
const protectedTable = (name: string, columns: string) => `
  create table ${name} (organization_id uuid not null, ${columns});
  alter table ${name} owner to attestry_owner;
  alter table ${name} enable row level security; alter table ${name} force row level security;
  create policy tenant on ${name} as restrictive using (${tenant}) with check (${tenant});
  create policy allow on ${name} using (${tenant}) with check (${tenant});
  grant select, insert, update, delete on ${name} to attestry_app; grant select on ${name} to attestry_backup;`

/** What somebody might change by mistake, the statement that does it, and what the rules say of it. */
const mutations: readonly [what: string, statement: string, problem: string][] = [
  [
    'FORCE is dropped',
    'alter table state.verdict no force row level security',
    'state.verdict: row-level security is not forced',
  ],
  [
    'row-level security is off',
    'alter table ledger.item disable row level security',
    'ledger.item: row-level security is off',
  ],
  [
    'a policy loses WITH CHECK',
    `drop policy allow on state.run; create policy allow on state.run using (${tenant})`,
    'state.run: a policy lets through WITH CHECK null',
  ],
  [
    'the restrictive policy is gone',
    'drop policy tenant on state.credential',
    'state.credential: policies are [permissive]',
  ],
  [
    'the permissive policy is widened',
    'alter policy allow on state.member using (true)',
    'state.member: a policy lets through USING true',
  ],
  [
    'a second permissive policy',
    'create policy support on state.member using (true)',
    'state.member: policies are [permissive, permissive, restrictive]',
  ],
  [
    'a policy takes a missing tenant for none',
    `alter policy allow on ledger.events using (organization_id = current_setting('app.organization_id', true)::uuid)`,
    'ledger.events: a policy lets through USING',
  ],
  [
    'a policy with a subquery',
    `alter policy allow on ledger.events using (organization_id = (select current_setting('app.organization_id')::uuid))`,
    'ledger.events: a policy lets through USING',
  ],
  [
    'a policy names a role',
    'alter policy tenant on ledger.events to attestry_app',
    'ledger.events: a policy names a role',
  ],
  [
    'a policy covers reading only',
    `drop policy tenant on state.run; create policy tenant on state.run as restrictive for select using (${tenant})`,
    'state.run: a policy does not cover every command',
  ],
  [
    'memberships of everybody',
    'alter policy person on accounts.user_membership using (true)',
    'accounts.user_membership: a policy lets through',
  ],
  [
    'a plain view',
    'create view state.everyone as select * from state.member',
    'state.everyone: a view without security_invoker',
  ],
  [
    'a plain view elsewhere',
    'create view public.everyone as select * from state.member',
    'public.everyone: a view without security_invoker',
  ],
  [
    'a materialized view',
    'create materialized view accounts.counts as select count(*) from state.member',
    'accounts.counts: a materialized view',
  ],
  [
    'TRUNCATE is granted',
    'grant truncate on state.verdict to attestry_app',
    'unexpected grant attestry_app TRUNCATE',
  ],
  [
    'REFERENCES is granted',
    'grant references on ledger.item to attestry_app',
    'unexpected grant attestry_app REFERENCES',
  ],
  [
    'TRIGGER is granted',
    'grant trigger on ledger.item to attestry_retention',
    'unexpected grant attestry_retention TRIGGER',
  ],
  [
    'INSERT on events is granted',
    'grant insert on ledger.events to attestry_app',
    'ledger.events: unexpected grant attestry_app INSERT',
  ],
  [
    'a column of events can be changed',
    'grant update (payload) on ledger.events to attestry_app',
    'unexpected grant attestry_app UPDATE(payload)',
  ],
  [
    'the head can be set',
    'grant update on ledger.head to attestry_app',
    'ledger.head: unexpected grant attestry_app UPDATE',
  ],
  [
    'PUBLIC may read',
    'grant select on state.invitation to public',
    'state.invitation: unexpected grant PUBLIC SELECT',
  ],
  [
    'a grant may be passed on',
    'grant select on state.invitation to attestry_app with grant option',
    'WITH GRANT OPTION',
  ],
  [
    'a grant is missing',
    'revoke select on ledger.events from attestry_backup',
    'ledger.events: missing grant attestry_backup SELECT',
  ],
  [
    'the app may create tables',
    'grant create on schema state to attestry_app',
    'schema state: unexpected grant attestry_app CREATE',
  ],
  [
    'grants in advance',
    'alter default privileges for role attestry_owner in schema ledger grant all on tables to attestry_app',
    'grants are given in advance on what attestry_owner creates',
  ],
  [
    'a trigger is disabled',
    'alter table ledger.events disable trigger no_change',
    'ledger.events: trigger no_change is not ENABLE ALWAYS',
  ],
  [
    'a trigger that replicas pass',
    'alter table ledger.item_body enable trigger guard',
    'ledger.item_body: trigger guard is not ENABLE ALWAYS',
  ],
  [
    'a trigger is gone',
    'drop trigger no_truncate on ledger.evidence',
    'ledger.evidence: missing trigger no_truncate',
  ],
  [
    'a trigger looks at one column',
    `drop trigger no_change on ledger.events;
     create trigger no_change before delete or update of payload on ledger.events for each row execute function ledger.forbid();
     alter table ledger.events enable always trigger no_change`,
    'ledger.events: trigger no_change does not see every change',
  ],
  [
    'a trigger under a condition',
    `drop trigger no_change on ledger.events;
     create trigger no_change before update or delete on ledger.events for each row when (old.position > 9) execute function ledger.forbid();
     alter table ledger.events enable always trigger no_change`,
    'ledger.events: trigger no_change does not see every change',
  ],
  [
    'another function under the same name',
    `create function ledger.permit() returns trigger language plpgsql set search_path = pg_catalog as 'begin return old; end';
     create or replace trigger no_change before update or delete on ledger.events for each row execute function ledger.permit();
     alter table ledger.events enable always trigger no_change`,
    'ledger.events: unexpected trigger no_change → ledger.permit',
  ],
  [
    'foreign keys are asleep',
    'alter table state.staged_batch disable trigger all',
    'state.staged_batch: a foreign key is disabled',
  ],
  [
    'a rewrite rule',
    'create rule quiet as on delete to ledger.events do instead nothing',
    'ledger.events: has a rewrite rule',
  ],
  [
    'a plain unique key',
    'alter table state.invitation add constraint one unique (token_hash)',
    'state.invitation: unique key',
  ],
  ['a plain unique index', 'create unique index one on state.run (id)', 'state.run: unique key'],
  [
    'a unique index on an expression',
    'create unique index one on state.invitation (lower(email))',
    'state.invitation: unique key',
  ],
  [
    'a foreign key without the organization',
    `alter table state.run add constraint one unique (organization_id, id, source_id);
     create unique index plain on state.run (id);
     alter table state.run_progress add constraint parent foreign key (run_id) references state.run (id)`,
    'state.run_progress: foreign key parent does not begin with organization_id',
  ],
  [
    'a foreign key out of the tenant',
    'alter table state.member add constraint slug foreign key (organization_id) references accounts.organization_slug (organization_id)',
    'state.member: foreign key slug leaves the tenant',
  ],
  ['a table without a class', 'create table public.notes (id uuid)', 'public.notes: a table in no class'],
  [
    'a table outside a tenant that nobody named',
    'create table accounts.notes (id uuid)',
    'accounts.notes: a table in no class',
  ],
  ['a schema without a class', 'create schema archive', 'schema archive: in no class'],
  [
    'a table without protection',
    'create table state.notes (organization_id uuid not null)',
    'state.notes: row-level security is off',
  ],
  [
    'a tenant table without an organization',
    'create table state.notes (id uuid)',
    'state.notes: has no uuid column organization_id',
  ],
  [
    'an organization that may be missing',
    'alter table state.credential drop constraint credential_organization_id_connection_id_field_pk; alter table state.credential alter organization_id drop not null',
    'state.credential: organization_id may be null',
  ],
  ['a serial number', protectedTable('state.notes', 'id serial'), 'state.notes: id counts up by itself'],
  [
    'an identity column',
    protectedTable('state.notes', 'id int generated always as identity'),
    'state.notes: id counts up by itself',
  ],
  ['a sequence', 'create sequence ledger.numbers', 'ledger.numbers: a sequence'],
  [
    'a partition without row-level security',
    `${protectedTable('state.notes', 'at date').replace('at date)', 'at date) partition by list (organization_id)')}
     create table state.notes_rest partition of state.notes default`,
    'state.notes_rest: row-level security is off',
  ],
  [
    'a table of a superuser',
    'alter table state.verdict owner to postgres',
    'state.verdict: owned by postgres',
  ],
  [
    'a ledger table without triggers',
    protectedTable('ledger.notes', 'id uuid'),
    'ledger.notes: missing trigger no_change',
  ],
  [
    'a definer function of somebody else',
    `create function state.all_members() returns bigint language sql security definer set search_path = pg_catalog
     as 'select count(*) from state.member'`,
    'state.all_members(): runs with its owner’s rights',
  ],
  [
    'the ledger’s own function without a search_path',
    'alter function ledger.open_organization(uuid, boolean) reset search_path',
    'ledger.open_organization(): has no fixed search_path',
  ],
  [
    'a search_path that the caller’s schema is on',
    `alter function ledger.open_organization(uuid, boolean) set search_path = pg_catalog, public`,
    'ledger.open_organization(): has no fixed search_path',
  ],
  [
    'PUBLIC may run the ledger’s own function',
    'grant execute on function ledger.open_organization(uuid, boolean) to public',
    'ledger.open_organization(): unexpected caller PUBLIC',
  ],
  [
    'the app passes row-level security',
    'alter role attestry_app bypassrls',
    'role attestry_app: unexpected power to bypass',
  ],
  [
    'the app is a superuser',
    'alter role attestry_app superuser',
    'role attestry_app: unexpected power to everything',
  ],
  [
    'the app is a member of the owner',
    'grant attestry_owner to attestry_app',
    'role attestry_app: unexpected membership in attestry_owner',
  ],
  [
    'a tenant set in advance',
    `alter role attestry_app set app.organization_id = '00000000-0000-4000-8000-000000000000'`,
    'set in advance: app.organization_id',
  ],
  [
    'tenant rows in the queue',
    'create table queue.notes (organization_id uuid)',
    'queue.notes: rows of a tenant',
  ],
]

describe('the rules see it when', () => {
  test.each(mutations)('%s', async (_, statement, problem) => {
    const before = await catalogProblems(admin)
    expect(before).toEqual([])
    const problems = await mutated(statement)
    expect(
      problems.some(found => found.includes(problem)),
      problems.join('\n'),
    ).toBe(true)
  })
})

/** The problems under a change that is taken back. */
async function mutated(statement: string): Promise<string[]> {
  let problems: string[] = []
  const takeBack = new Error('taken back')
  await admin
    .begin(async transaction => {
      await transaction.unsafe(statement)
      problems = await catalogProblems(transaction)
      throw takeBack
    })
    .catch((error: unknown) => {
      if (error !== takeBack) throw error
    })
  return problems
}
