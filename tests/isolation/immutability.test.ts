import postgres from 'postgres'
import { afterAll, describe, expect, test } from 'vitest'
import { fillEmptyTables } from '../support/every-table.ts'
import { refusedMoves } from '../support/refused-moves.ts'
import { seedSyncedOrganization } from '../support/seed.ts'
import { tenantTables } from '../support/tenant-tables.ts'

const scene = await seedSyncedOrganization()
const { db, organizationId } = scene
const connect = (url: string) => postgres(url, { max: 1, onnotice: () => undefined })
const admin = connect(db.adminUrl)
const roles = {
  'the app': connect(db.appUrl),
  'the tables’ owner': connect(db.ownerUrl),
  'the retention role': connect(db.url('retention')),
  'a superuser': admin,
  'a superuser as replica': admin,
}
afterAll(() => Promise.all(new Set(Object.values(roles).map(client => client.end()))))

await fillEmptyTables(admin, scene)
const tables = (await tenantTables(admin)).filter(
  table => table.class === 'ledger' || table.class === 'counter',
)

type RoleName = keyof typeof roles
const roleNames: RoleName[] = [
  'the app',
  'the tables’ owner',
  'the retention role',
  'a superuser',
  'a superuser as replica',
]

/** The SQLSTATE a statement is refused with, or how many rows it touched; taken back in any case. */
async function attempt(role: RoleName, statement: string): Promise<string | number> {
  let answer: string | number = 'nothing'
  const takeBack = new Error('taken back')
  await roles[role]
    .begin(async transaction => {
      if (role === 'a superuser as replica') await transaction`set local session_replication_role = replica`
      await transaction.unsafe(`set local app.organization_id = '${organizationId}'`)
      answer = (await transaction.unsafe(statement)).count
      throw takeBack
    })
    .catch((error: unknown) => {
      if (error === takeBack) return
      if (!(error instanceof postgres.PostgresError)) throw error
      answer = error.code
    })
  return answer
}

const refused = '42501'
const refusals = (statement: string) =>
  statement.includes(' set organization_id = ') ? refusedMoves() : [refused]
const own = `where organization_id = '${organizationId}'`

describe.each(roleNames.map(role => [role] as const))('%s', role => {
  test.each(tables.map(table => [table.name, table] as const))(
    'cannot change, delete or truncate %s',
    async (name, table) => {
      const statements = [`delete from ${name} ${own}`, `delete from ${name}`, `truncate ${name} cascade`]
      // The counter may be written as it is; what it may not do has a test of its own.
      if (table.class === 'ledger') {
        statements.push(...table.columns.map(column => `update ${name} set ${column} = ${column} ${own}`))
      }
      for (const statement of statements)
        expect(refusals(statement), statement).toContain(await attempt(role, statement))
    },
  )

  test('cannot turn the head back, or make real history simulated', async () => {
    for (const change of [
      'size = size - 1',
      `last_at = '2000-01-01'`,
      'simulated = not simulated',
      'organization_id = gen_random_uuid()',
      'size = 0, last_at = now()',
    ]) {
      const statement = `update ledger.head set ${change} ${own}`
      expect(refusals(statement), statement).toContain(await attempt(role, statement))
    }
  })

  test('cannot rewrite a body that is still held', async () => {
    for (const change of [
      `body = '{}'`,
      `body = body || ' '`,
      `hash = sha256('x')`,
      'sealed_by = null',
      'purged_at_position = null',
    ]) {
      const statement = `update ledger.item_body set ${change} ${own}`
      expect(refusals(statement), statement).toContain(await attempt(role, statement))
    }
  })
})

test('the app, the owner and the retention role cannot step around the triggers', async () => {
  for (const role of ['the app', 'the tables’ owner', 'the retention role'] as const) {
    expect(await attempt(role, 'set local session_replication_role = replica')).toBe(refused)
  }
  for (const role of ['the app', 'the retention role'] as const) {
    expect(await attempt(role, 'alter table ledger.events disable trigger no_change')).toBe(refused)
    expect(await attempt(role, 'alter table ledger.events no force row level security')).toBe(refused)
    expect(await attempt(role, 'set local role attestry_owner')).toBe(refused)
  }
})

test('events come in through append alone', async () => {
  const insert = `insert into ledger.events select * from ledger.events ${own} limit 1`
  expect(await attempt('the app', insert)).toBe(refused)
  expect(await attempt('the retention role', insert)).toBe(refused)
  expect(
    await attempt('the app', `insert into ledger.streams select * from ledger.streams ${own} limit 1`),
  ).toBe(refused)
  expect(
    await attempt('the app', `insert into ledger.head (organization_id) values ('${organizationId}')`),
  ).toBe(refused)
})

test('a body is kept only under the hash of its bytes', async () => {
  const insert = `insert into ledger.item_body (organization_id, hash, body) select organization_id, hash, '{}' from ledger.purged_item ${own}`
  expect(await attempt('the app', insert)).toBe('23514')
})
