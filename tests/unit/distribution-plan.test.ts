import { describe, expect, test } from 'vitest'
import { appendBodies } from '../../db/distribute/append-bodies.ts'
import type { Catalogue, CatalogueTable, CitusState } from '../../db/distribute/catalogue.ts'
import { createdTable } from '../../db/distribute/migrate-distributed.ts'
import { planDistribution } from '../../db/distribute/plan.ts'
import { planLines, stepName } from '../../db/distribute/plan-text.ts'
import { type Walls, wallProblems } from '../../db/distribute/walls.ts'

const table = (name: string, changes: Partial<CatalogueTable> = {}): CatalogueTable => ({
  name,
  schema: name.split('.')[0] ?? '',
  columns: ['organization_id', 'id'],
  hasOrganization: true,
  isKeyedByOrganization: true,
  references: [],
  distribution: null,
  localBytes: 8192,
  ...changes,
})
const node = (address: string, isCoordinator = false) => ({
  address,
  isCoordinator,
  isActive: true,
  holdsShards: !isCoordinator,
  version: '15.20, Citus 13.2-1',
})
const citus: CitusState = {
  isAvailable: true,
  isPreloaded: true,
  isCreated: true,
  nodes: [node('c:5432', true), node('w1:5432'), node('w2:5432')],
}
const tables = [
  table('accounts.users', { hasOrganization: false }),
  table('ledger.events', { references: ['ledger.streams'] }),
  table('ledger.head'),
  table('ledger.streams', { references: ['ledger.head'] }),
  table('queue.job', { hasOrganization: false }),
  table('state.member'),
]
const [one, many] = appendBodies.map(({ signature }) => ({
  signature,
  schema: 'ledger',
  body: 'as a migration left it',
  firstArgument: 'p_organization',
  isTrigger: false,
  isDefiner: true,
  distribution: null,
}))
const guard = {
  signature: 'ledger.forbid()',
  schema: 'ledger',
  body: '',
  firstArgument: null,
  isTrigger: true,
  isDefiner: false,
  distribution: null,
}
const catalogue: Catalogue = {
  serverVersion: 150_020,
  isSuperuser: true,
  migrations: 33,
  citus,
  tables,
  functions: one && many ? [one, many, guard] : [],
  propagatingRoles: [],
}

function planOf(changes: Partial<Catalogue> = {}) {
  const answer = planDistribution({ ...catalogue, ...changes }, 33)
  if ('refusals' in answer) throw new Error(answer.refusals.join())
  return answer.plan
}

function refusalsOf(changes: Partial<Catalogue>): string[] {
  const answer = planDistribution({ ...catalogue, ...changes }, 33)
  return 'refusals' in answer ? answer.refusals : []
}

const withTable = (changed: CatalogueTable) => ({
  tables: [...tables.filter(({ name }) => name !== changed.name), changed],
})

describe('the plan', () => {
  test('puts each table after what its foreign keys lead to, and everything of an organization beside the head', () => {
    expect(planOf().steps.map(stepName)).toEqual([
      ...appendBodies.map(({ signature }) => `body for Citus: ${signature}`),
      'distribute ledger.head by organization_id',
      'distribute ledger.streams beside the head',
      'distribute ledger.events beside the head',
      'distribute state.member beside the head',
      ...appendBodies.map(({ signature }) => `function that runs where its organization lies: ${signature}`),
      'function on every node: ledger.forbid()',
      'sessions of attestry_app pass SET LOCAL on to workers',
      'sessions of attestry_retention pass SET LOCAL on to workers',
      "empty the coordinator's own copies of 4 tables",
    ])
    expect(planOf()).toMatchObject({
      staying: ['accounts.users', 'queue.job'],
      workers: ['w1:5432', 'w2:5432'],
    })
  })

  test('goes on where an interruption left it', () => {
    const distribution = { method: 'h', column: 'organization_id', colocationId: 7 }
    const { steps } = planOf({
      tables: tables.map(one => (/head|streams/.test(one.name) ? { ...one, distribution } : one)),
      functions: catalogue.functions.map(one => ({
        ...one,
        body: appendBodies.find(({ signature }) => signature === one.signature)?.body ?? '',
      })),
      propagatingRoles: ['attestry_app'],
    })
    expect(steps.filter(({ isDone }) => isDone).map(stepName)).toEqual([
      ...appendBodies.map(({ signature }) => `body for Citus: ${signature}`),
      'distribute ledger.head by organization_id',
      'distribute ledger.streams beside the head',
      'sessions of attestry_app pass SET LOCAL on to workers',
    ])
  })

  test('has nothing left to do only once no local copy holds a row', () => {
    const distribution = { method: 'h', column: 'organization_id', colocationId: 7 }
    const whole = (localBytes: number): Partial<Catalogue> => ({
      tables: tables.map(one => (/ledger|state/.test(one.name) ? { ...one, distribution, localBytes } : one)),
      functions: catalogue.functions.map(one => ({
        ...one,
        body: appendBodies.find(({ signature }) => signature === one.signature)?.body ?? '',
        distribution: { argument: 0, isForced: true },
      })),
      propagatingRoles: ['attestry_app', 'attestry_retention'],
    })
    expect(planLines(planOf(whole(8192))).at(-1)).toBe('1 of 12 steps are left to do.')
    expect(planLines(planOf(whole(0))).at(-1)).toBe('Nothing is left to do.')
  })
})

describe('refused before anything changes', () => {
  test.each<[string, Partial<Catalogue>, string]>([
    ['an old PostgreSQL', { serverVersion: 140_011 }, 'older than 15'],
    ['no Citus', { citus: { ...citus, isAvailable: false } }, 'has no Citus'],
    ['Citus that is not loaded', { citus: { ...citus, isPreloaded: false } }, 'shared_preload_libraries'],
    ['a database without it', { citus: { ...citus, isCreated: false } }, 'create extension citus'],
    ['the owner', { isSuperuser: false }, 'a superuser'],
    ['no coordinator', { citus: { ...citus, nodes: [node('w1:1')] } }, 'citus_set_coordinator_host'],
    ['no worker', { citus: { ...citus, nodes: [node('c:1', true)] } }, 'There is no worker'],
    ['a schema that is behind', { migrations: 32 }, 'Run `npm run migrate` first'],
    ['a schema that is ahead', { migrations: 34 }, 'Use the newer build'],
    ['a table of nobody', withTable(table('public.notes')), 'public.notes: no rule'],
    [
      'a table without an organization',
      withTable(table('state.member', { hasOrganization: false })),
      'no organization_id',
    ],
    ['a key without it', withTable(table('state.member', { isKeyedByOrganization: false })), 'a key without'],
    [
      'a foreign key out of the tenant',
      withTable(table('state.member', { references: ['accounts.users'] })),
      'to accounts.users',
    ],
    [
      'a table that should stay',
      withTable(table('accounts.users', { distribution: { method: 'n', column: null, colocationId: 1 } })),
      'has to stay',
    ],
  ])('%s', (_, changes, words) => {
    expect(refusalsOf(changes)).toEqual([expect.stringContaining(words)])
  })

  test('nodes that do not answer, or run different versions, by name', () => {
    const silent = { ...node('w1:1'), version: null }
    const other = { ...node('w2:1'), version: '15.19, Citus 13.2-1' }
    expect(refusalsOf({ citus: { ...citus, nodes: [node('c:1', true), silent, other] } })).toEqual([
      'w1:1 does not answer. Start it, and let the coordinator sign in there.',
      'The nodes run different versions: c:1 has 15.20, Citus 13.2-1; w1:1 has no answer; w2:1 has 15.19, Citus 13.2-1. Bring all to the same.',
    ])
  })

  test('a database that is half distributed in another way than a run of this leaves', () => {
    const half = { method: 'h', column: 'organization_id', colocationId: 7 }
    expect(refusalsOf(withTable(table('state.member', { distribution: half })))).toEqual([
      expect.stringContaining('state.member is distributed while ledger.head is not'),
    ])
    const withHead = (changes: Partial<typeof half>) => ({
      tables: tables.map(one =>
        one.name === 'ledger.head'
          ? { ...one, distribution: half }
          : one.name === 'state.member'
            ? { ...one, distribution: { ...half, ...changes } }
            : one,
      ),
    })
    expect(refusalsOf(withHead({ column: 'id' }))[0]).toContain('not distributed by organization_id')
    expect(refusalsOf(withHead({ colocationId: 8 }))[0]).toContain('does not lie beside ledger.head')
  })
})

test.each([
  ['CREATE TABLE "state"."review" (\n\t"id" uuid', 'state.review'],
  ['-- What people reviewed.\ncreate table ledger.note (organization_id uuid', 'ledger.note'],
  ['CREATE TABLE "accounts"."passkeys" (', null],
  ['ALTER TABLE "state"."review" ADD COLUMN "note" text', null],
  ['-- create table state.review (', null],
])('a later migration distributes the table that %s makes: %s', (statement, expected) => {
  expect(createdTable(statement)).toBe(expected)
})

test('a shard that keeps less than its table is told by name', () => {
  const made: Walls = {
    node: 'c:1',
    table: 'ledger.events',
    shard: null,
    isEnabled: true,
    isForced: true,
    policies: ['allow', 'tenant'],
    grants: ['attestry_app SELECT'],
    triggers: ['no_change A'],
  }
  const shard = { ...made, node: 'w1:1', shard: '102008' }
  expect(wallProblems([made, shard])).toEqual([])
  expect(
    wallProblems([
      made,
      { ...shard, isForced: false, grants: [...made.grants, 'attestry_app UPDATE'], triggers: [] },
    ]),
  ).toEqual([
    'ledger.events_102008 on w1:1 does not force row-level security on its owner',
    'ledger.events_102008 on w1:1 has other grants than its table: without nothing, with attestry_app UPDATE',
    'ledger.events_102008 on w1:1 has other triggers than its table: without no_change A, with nothing more',
  ])
})
