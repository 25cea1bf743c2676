import { describe, expect, test } from 'vitest'
import { statementProblems } from '../support/statement-rules.ts'

describe('statements that name their organization', () => {
  test.each([
    'select 1',
    `set local app.organization_id = '6f0c7a52-5f0e-4d0a-9a39-0d1c6a2b7e11'`,
    'select "position" from "ledger"."events" where "events"."organization_id" = $1',
    'select "position" from "ledger"."events" where ("events"."organization_id" = $1 and "position" > $2) order by 1 limit $3 for share',
    `select * from ledger.events where $1::uuid = organization_id`,
    `select * from ledger.events e where e.organization_id = 'b9a5b5d0-0000-4000-8000-000000000000'::uuid`,
    'select * from ledger.events e join ledger.evidence v on v.organization_id = e.organization_id and v.position = e.position where e.organization_id = $1',
    'select * from ledger.events e join ledger.evidence v on v.organization_id = $1 and e.organization_id = $1',
    'select * from ledger.evidence_delta d left join ledger.item_body b on b.organization_id = d.organization_id and b.hash = d.item_hash where d.organization_id = $1',
    'select * from ledger.item_body b right join ledger.item i on b.organization_id = i.organization_id where i.organization_id = $1',
    'select * from ledger.events e, ledger.evidence v, ledger.item i where i.organization_id = v.organization_id and v.organization_id = e.organization_id and $1 = e.organization_id',
    'select (select count(*) from state.run r where r.organization_id = c.organization_id) from state.connection c where c.organization_id = $1',
    'select * from state.connection c join lateral (select * from state.run r where r.organization_id = c.organization_id limit 1) l on true where c.organization_id = $1',
    'select * from state.connection c where c.organization_id = $1 and exists (select from state.run r where r.organization_id = $1)',
    'with latest as (select organization_id, id from state.run where organization_id = $1) select * from latest l join state.run r on r.organization_id = l.organization_id',
    'select * from (select * from state.run where organization_id = $1) s join state.connection c on c.organization_id = s.organization_id',
    'select id from state.run where organization_id = $1 union all select id from state.connection where organization_id = $1',
    'with moved as (delete from state.staged_item where organization_id = $1 returning *) insert into state.staged_item (organization_id, run_id) select organization_id, run_id from moved',
    'insert into state.run (organization_id, id) values ($1, $2), ($3, default)',
    'insert into state.run (id, organization_id) select unnest($2::uuid[]), $1::uuid returning id',
    'insert into state.run (organization_id, id) values ($1, $2) on conflict (organization_id, id) do update set outcome = excluded.outcome where run.organization_id = $1',
    'insert into state.membership (organization_id, kind) select d.organization_id, $2 from ledger.evidence_delta d where d.organization_id = $1',
    'update state.run set outcome = $2 where run.organization_id = $1 and id = $3',
    'update state.membership m set to_position = $2 from ledger.evidence_delta d where d.organization_id = $1 and m.organization_id = $1',
    'delete from state.credential using state.connection c where credential.organization_id = $1 and c.organization_id = credential.organization_id',
    'declare pages no scroll cursor for select * from ledger.events where organization_id = $1',
    'select * from ledger.append($1::uuid, $2::uuid, $3, $4::bigint)',
    'select ledger.open_organization($1::uuid, $2)',
    'select * from accounts.users where email = $1',
    'select organization_id from accounts.user_membership where user_id = $1',
    'select * from accounts.organization_slug where slug = $1',
  ])('%s', statement => {
    expect(statementProblems(statement)).toEqual([])
  })
})

const unbound = (name: string, column = 'organization_id') =>
  `${name} is read or changed without its ${column}`

describe('statements that do not', () => {
  test.each([
    ['select * from ledger.events', [unbound('ledger.events')]],
    ['declare pages no scroll cursor for select * from ledger.events', [unbound('ledger.events')]],
    ['select * from "ledger"."events" where "position" = $1', [unbound('ledger.events')]],
    ['select * from ledger.events where organization_id = $1 or position = 0', [unbound('ledger.events')]],
    ['select * from ledger.events where not (organization_id = $1)', [unbound('ledger.events')]],
    ['select * from ledger.events where organization_id <> $1', [unbound('ledger.events')]],
    ['select * from ledger.events where organization_id in ($1, $2)', [unbound('ledger.events')]],
    ['select * from ledger.events where organization_id = any($1)', [unbound('ledger.events')]],
    ['select * from ledger.events where organization_id = organization_id', [unbound('ledger.events')]],
    [
      `select * from ledger.events where organization_id = current_setting('app.organization_id')::uuid`,
      [unbound('ledger.events')],
    ],
    ['select * from ledger.events where organization_id = null', [unbound('ledger.events')]],
    [
      'select * from ledger.events e join ledger.evidence v on v.position = e.position where e.organization_id = $1',
      [unbound('ledger.evidence as v')],
    ],
    [
      'select * from ledger.events e join ledger.evidence v on v.organization_id = e.organization_id',
      [unbound('ledger.events as e'), unbound('ledger.evidence as v')],
    ],
    [
      'select * from ledger.item i left join ledger.item_body b on i.organization_id = $1 and b.organization_id = $1',
      [unbound('ledger.item as i')],
    ],
    [
      'select * from ledger.item i full join ledger.item_body b on i.organization_id = $1 and b.organization_id = $1',
      [unbound('ledger.item as i'), unbound('ledger.item_body as b')],
    ],
    [
      'select * from ledger.events e join ledger.evidence v using (organization_id) where e.organization_id = $1',
      [unbound('ledger.evidence as v')],
    ],
    [
      'select * from state.run where organization_id = $1 and id in (select run_id from state.staged_item)',
      [unbound('state.staged_item')],
    ],
    [
      'select (select max(position) from ledger.events) from state.run where organization_id = $1',
      [unbound('ledger.events')],
    ],
    [
      'select * from state.connection c left join lateral (select * from state.run r where r.connection_id = c.id) l on true where c.organization_id = $1',
      [unbound('state.run as r')],
    ],
    [
      'with all_runs as (select * from state.run) select * from all_runs where organization_id = $1',
      [unbound('state.run')],
    ],
    [
      'with other as (select $2 as kind) select * from other o join state.run r on r.organization_id = o.organization_id',
      [unbound('state.run as r')],
    ],
    ['select 1 union select id from state.run', [unbound('state.run')]],
    [
      'select 1 from state.run where organization_id = $1 order by (select size from ledger.head)',
      [unbound('ledger.head')],
    ],
    ['update state.run set outcome = $1 where id = $2', [unbound('state.run')]],
    [
      'update state.membership m set to_position = $2 from ledger.evidence_delta d where m.organization_id = $1 and m.subject_key = d.subject_key',
      [unbound('ledger.evidence_delta as d')],
    ],
    [
      'update state.run set organization_id = $2 where organization_id = $1',
      ['state.run: organization_id is set'],
    ],
    [
      'update state.run set outcome = (select outcome from state.run r2 limit 1) where organization_id = $1',
      [unbound('state.run as r2')],
    ],
    ['delete from state.credential', [unbound('state.credential')]],
    [
      'insert into state.run (id) values ($1)',
      ['state.run: the insert gives organization_id no known value'],
    ],
    ['insert into state.run values ($1, $2)', ['state.run: the insert gives organization_id no known value']],
    [
      'insert into state.run (organization_id) values ($1), (default)',
      ['state.run: the insert gives organization_id no known value'],
    ],
    ['insert into state.run default values', ['state.run: the insert gives organization_id no known value']],
    [
      'insert into state.run (organization_id) select organization_id from state.connection',
      [unbound('state.connection'), 'state.run: the insert gives organization_id no known value'],
    ],
    [
      'insert into state.run (organization_id, id) select unnest($1::uuid[]), $2',
      ['state.run: the insert gives organization_id no known value'],
    ],
    [
      'insert into state.run (organization_id, id) values ($1, $2) on conflict (organization_id, id) do update set outcome = (select outcome from state.run r limit 1)',
      [unbound('state.run as r')],
    ],
    [
      'select * from ledger.append(gen_random_uuid(), $1)',
      ['ledger.append does not take the organization as its first argument'],
    ],
    [
      'select ledger.append(e.organization_id) from ledger.head e where e.organization_id = $1',
      ['ledger.append does not take the organization as its first argument'],
    ],
    [
      'select * from accounts.user_membership where organization_id = $1',
      [unbound('accounts.user_membership', 'user_id')],
    ],
    ['truncate state.run', ['state.run stands where no rule looks']],
    ['copy state.run to stdout', ['state.run stands where no rule looks']],
    [
      'merge into state.run r using state.connection c on r.id = c.id when matched then do nothing',
      ['state.run as r stands where no rule looks', 'state.connection as c stands where no rule looks'],
    ],
    ['select * from state.run where organization_id = $1; delete from state.run', [unbound('state.run')]],
    ['this is no SQL', [expect.stringContaining('it cannot be parsed')]],
  ])('%s', (statement, problems) => {
    expect(statementProblems(statement)).toEqual(problems)
  })
})
