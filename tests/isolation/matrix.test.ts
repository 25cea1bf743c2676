import postgres from 'postgres'
import { afterAll, describe, expect, test } from 'vitest'
import { fillEmptyTables } from '../support/every-table.ts'
import { refusedMoves } from '../support/refused-moves.ts'
import { seedSecondOrganization, seedSyncedOrganization } from '../support/seed.ts'
import { type BoundTable, tenantTables } from '../support/tenant-tables.ts'

const scene = await seedSyncedOrganization()
const foreign = await seedSecondOrganization(scene)
const admin = postgres(scene.db.adminUrl, { max: 1, onnotice: () => undefined })
const app = postgres(scene.db.appUrl, { max: 1, onnotice: () => undefined })
const owner = postgres(scene.db.ownerUrl, { max: 1, onnotice: () => undefined })
afterAll(() => Promise.all([admin, app, owner].map(client => client.end())))

await fillEmptyTables(admin, scene)
await fillEmptyTables(admin, foreign)
const tables = await tenantTables(admin)

/** The id that binds a row of this table to one side. */
const idOf = ({ binding }: BoundTable, side: typeof scene) =>
  binding.column === 'user_id' ? side.userId : side.organizationId

const setting = ({ binding }: BoundTable, id: string) => `set local ${binding.setting} = '${id}'`
const where = ({ binding }: BoundTable, id: string) => `where ${binding.column} = '${id}'`
/** But the organization: a distributed PostgreSQL lets nobody set what a row's place follows from. */
const sameValues = ({ columns, binding }: BoundTable) =>
  columns
    .filter(column => columns.length === 1 || column !== binding.column)
    .map(column => `${column} = ${column}`)
    .join(', ')

test.each(tables.map(table => [table.name, table] as const))(
  '%s has rows of both sides',
  async (name, table) => {
    for (const side of [scene, foreign]) {
      const [row] = await admin.unsafe(
        `select count(*)::int as count from ${name} ${where(table, idOf(table, side))}`,
      )
      expect(row?.count, `seed ${name}, in fillEmptyTables if no use case does`).toBeGreaterThan(0)
    }
  },
)

describe.each([
  ['the app', app],
  ['the tables’ owner', owner],
])('for %s', (role, client) => {
  describe.each(tables.map(table => [table.name, table] as const))('%s', (name, table) => {
    const own = idOf(table, scene)
    const other = idOf(table, foreign)
    const isState = table.class === 'state' || table.class === 'person'

    /** Runs one statement under a setting and takes it back: its rows and count, or the refusal's SQLSTATE. */
    const attempt = async (statement: string, tenant: string | null) => {
      let answer: { rows: postgres.Row[]; count: number } | { refused: string } | undefined
      const takeBack = new Error('taken back')
      await client
        .begin(async transaction => {
          if (tenant !== null) await transaction.unsafe(setting(table, tenant))
          const rows = await transaction.unsafe(statement)
          answer = { rows: [...rows], count: rows.count }
          throw takeBack
        })
        .catch((error: unknown) => {
          if (error === takeBack) return
          if (!(error instanceof postgres.PostgresError)) throw error
          answer = { refused: error.code }
        })
      return answer
    }
    /** By values: on a cluster what is selected is copied, which row-level security refuses with another code. */
    const insertCopyOf = async (id: string, boundTo: string) => {
      const literals = table.columns.map(column =>
        column === table.binding.column ? `quote_literal('${boundTo}')` : `quote_nullable(${column}::text)`,
      )
      const [row] = await admin.unsafe<{ copy: string }[]>(
        `select concat_ws(', ', ${literals.join(', ')}) as copy from ${name} ${where(table, id)} limit 1`,
      )
      return `insert into ${name} (${table.columns.join(', ')}) values (${row?.copy})`
    }

    test('own rows are read, and only they', async () => {
      const everything = await attempt(`select distinct ${table.binding.column} as id from ${name}`, own)
      expect(everything).toMatchObject({ rows: [{ id: own }] })
    })

    test('own rows are written as the table’s class allows', async () => {
      const update = await attempt(`update ${name} set ${sameValues(table)} ${where(table, own)}`, own)
      const insert = await attempt(await insertCopyOf(own, own), own)
      if (isState) {
        expect(update).toMatchObject({ count: expect.toSatisfy(count => count > 0) })
        const [row] = await admin.unsafe(`select count(*)::int as count from ${name} t ${where(table, own)}`)
        const emptied = await attempt(`delete from ${name} ${where(table, own)}`, own)
        // A run that something hangs on is kept by its foreign key.
        expect(emptied).toSatisfy(
          answer => ('count' in answer && answer.count === row?.count) || answer.refused === '23503',
        )
        expect(insert).toEqual({ refused: '23505' })
      } else {
        const isOwnCounter = table.class === 'counter' && role !== 'the app'
        expect(update).toMatchObject(isOwnCounter ? { count: 1 } : { refused: '42501' })
        expect(await attempt(`delete from ${name} ${where(table, own)}`, own)).toEqual({ refused: '42501' })
        const mayInsert = role !== 'the app' || table.grants.includes('attestry_app INSERT')
        expect(insert).toEqual({ refused: mayInsert ? '23505' : '42501' })
      }
    })

    test('foreign rows are neither seen nor touched', async () => {
      const nothing = { count: 0, rows: [] }
      expect(await attempt(`select * from ${name} ${where(table, other)}`, own)).toEqual(nothing)
      for (const statement of [
        `update ${name} set ${sameValues(table)} ${where(table, other)}`,
        `delete from ${name} ${where(table, other)}`,
      ]) {
        expect(await attempt(statement, own)).toSatisfy(
          answer => answer.refused === '42501' || answer.count === 0,
        )
      }
    })

    test('no row is put under a foreign id, new or moved', async () => {
      expect(await attempt(await insertCopyOf(other, other), own)).toEqual({ refused: '42501' })
      expect(await attempt(await insertCopyOf(own, other), own)).toEqual({ refused: '42501' })
      const moved = `update ${name} set ${table.binding.column} = '${other}' ${where(table, own)}`
      expect(await attempt(moved, own)).toSatisfy(answer => refusedMoves().includes(answer.refused))
    })

    test('without a setting every statement is an error', async () => {
      for (const statement of [
        `select * from ${name} ${where(table, own)}`,
        `select * from ${name}`,
        `update ${name} set ${sameValues(table)} ${where(table, own)}`,
        `delete from ${name} ${where(table, own)}`,
        await insertCopyOf(own, own),
      ]) {
        // Unknown parameter on a fresh connection, an empty text that is no UUID on a used one, no grant.
        expect(await attempt(statement, null)).toSatisfy(answer =>
          ['42704', '22P02', '42501'].includes(answer.refused),
        )
      }
    })
  })
})

test('nothing changed, and every row is still there for the foreign side', async () => {
  for (const table of tables) {
    const id = idOf(table, foreign)
    const seen = await app.begin(async transaction => {
      await transaction.unsafe(setting(table, id))
      return transaction.unsafe(`select count(*)::int as count from ${table.name}`)
    })
    const held = await admin.unsafe(`select count(*)::int as count from ${table.name} ${where(table, id)}`)
    expect(seen[0]?.count).toBe(held[0]?.count)
  }
})
