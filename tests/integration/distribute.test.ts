import postgres from 'postgres'
import { afterAll, describe, expect, test } from 'vitest'
import { appendBodies } from '../../db/distribute/append-bodies.ts'
import { readCatalogue } from '../../db/distribute/catalogue.ts'
import { distribute } from '../../db/distribute/distribute.ts'
import { DistributionRefused } from '../../db/distribute/distribution-refused.ts'
import { planDistribution } from '../../db/distribute/plan.ts'
import { knownMigrations } from '../../db/migrate.ts'
import { useDatabase } from '../support/database.ts'
import { tenantTables } from '../support/tenant-tables.ts'

/* What can be said of distributing without a cluster; the rest is in tests/distributed. */

const { adminUrl } = await useDatabase()
const admin = postgres(adminUrl, { max: 1, onnotice: () => undefined })
afterAll(() => admin.end())

test('a PostgreSQL without Citus is told what is missing, and stays as it is', async () => {
  const before = await readCatalogue(admin)
  const printed: string[] = []
  const refused = distribute(adminUrl, {
    knownMigrations: await knownMigrations(),
    isDryRun: false,
    shards: 32,
    print: line => printed.push(line),
  })
  await expect(refused).rejects.toThrow(DistributionRefused)
  // Beside a cluster one PostgreSQL may have the programs of Citus, and run without it.
  const missing = before.citus.isAvailable ? 'Citus is not loaded.' : 'This PostgreSQL has no Citus.'
  await expect(refused).rejects.toThrow(missing)
  expect(printed).toEqual([])
  expect(await readCatalogue(admin)).toEqual(before)
})

test('every table there is has a rule, and every function of a tenant a place', async () => {
  const catalogue = await readCatalogue(admin)
  const nodes = ['c:1', 'w:1'].map((address, index) => ({
    address,
    isCoordinator: index === 0,
    isActive: true,
    holdsShards: index > 0,
    version: '',
  }))
  const citus = { isAvailable: true, isPreloaded: true, isCreated: true, nodes }
  const answer = planDistribution({ ...catalogue, citus }, await knownMigrations())
  if ('refusals' in answer) throw new Error(answer.refusals.join('\n'))
  const { steps } = answer.plan
  const distributed = steps.flatMap(step => (step.kind === 'table' ? [step.table.name] : []))
  // A person's memberships are looked up before a tenant is known, and stay with the people.
  const bound = (await tenantTables(admin)).map(({ name }) => name)
  expect(distributed.toSorted()).toEqual(bound.filter(name => !name.startsWith('accounts.')).toSorted())
  const delegated = steps.flatMap(step =>
    step.kind === 'function' && step.delegatedBy ? [step.signature] : [],
  )
  expect(delegated).toEqual([
    ...appendBodies.map(({ signature }) => signature),
    'ledger.open_organization(uuid,boolean)',
  ])
})

describe('the bodies of append for Citus', () => {
  const organization = '00000000-0000-4000-8000-000000000001'
  const stream = '00000000-0000-4000-8000-000000000002'
  const ids = [3, 4, 5].map(digit => `00000000-0000-4000-8000-00000000000${digit}`)
  const at = '2026-03-01T10:00:00.123456Z'
  const batch = (expected: number, changes: { actor?: string; types?: string[] } = {}) =>
    [
      'select * from ledger.append($1, $2, $3, $4::bigint, $5::uuid[], $6::text[], $7::int[], $8::text[], $9, $10::timestamptz)',
      [
        organization,
        stream,
        'note',
        expected,
        ids,
        changes.types ?? ['NoteWritten', 'NoteKept', 'NoteLost'],
        [1, 2, 1],
        ['{"a":"ä"}', '{}', '{"b":1}'],
        changes.actor ?? 'user:ada',
        at,
      ],
    ] as const
  const single = (expected: number, actor = 'user:ada') =>
    [
      'select * from ledger.append($1, $2, $3, $4::bigint, $5::uuid, $6, $7::int, $8::text, $9, $10::timestamptz)',
      [
        organization,
        stream,
        'note',
        expected,
        '00000000-0000-4000-8000-000000000009',
        'NoteWritten',
        1,
        '{"a":"„ü“"}',
        actor,
        at,
      ],
    ] as const
  const calls = [
    batch(0),
    single(3),
    single(-1),
    batch(0),
    single(9),
    batch(-1, { types: ['One'] }),
    batch(4, { actor: 'ada' }),
    single(4, 'ada'),
  ]

  /** Every answer, and all rows after it; nothing stays. */
  async function record(isForCitus: boolean) {
    const seen: unknown[] = []
    await admin
      .begin(async transaction => {
        if (isForCitus) for (const { definition } of appendBodies) await transaction.unsafe(definition)
        await transaction`select ledger.open_organization(${organization}, true)`
        for (const [text, parameters] of calls)
          seen.push(
            await transaction
              .savepoint(point => point.unsafe(text, [...parameters]))
              .then(
                rows => [...rows],
                ({ code, message, detail }: postgres.PostgresError) => ({ code, message, detail }),
              ),
          )
        for (const table of ['head', 'streams', 'events'])
          seen.push([...(await transaction.unsafe(`select * from ledger.${table} order by 1, 2`))])
        throw undone
      })
      .catch((error: unknown) => {
        if (error !== undone) throw error
      })
    return seen
  }
  const undone = new Error('undone')

  test('append, answer and refuse as the bodies of the migrations do', async () => {
    const plain = await record(false)
    expect(plain).toHaveLength(calls.length + 3)
    expect(plain.at(-1)).toHaveLength(4)
    expect(await record(true)).toEqual(plain)
  })
})
