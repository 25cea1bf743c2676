import postgres from 'postgres'
import { afterAll, expect, test } from 'vitest'
import { z } from 'zod'
import { organizationInput, organizationProcedure, publicProcedure, router } from '../../server/trpc/trpc.ts'
import { useDatabase } from '../support/database.ts'
import { procedures, proceduresOf } from '../support/procedures.ts'
import { classOf } from '../support/table-classes.ts'
import { tenantTables } from '../support/tenant-tables.ts'

/*
 * The suites of this folder look for what they cover by themselves: tables in the catalog, procedures in the router.
 * Here something is added, as somebody would tomorrow, and has to be found: a suite that walked a list written by hand
 * would stay green.
 */

const { adminUrl } = await useDatabase()
const admin = postgres(adminUrl, { max: 1, onnotice: () => undefined })
afterAll(() => admin.end())

/** What the catalog says of one more table, which is taken back. */
async function withTable(name: string) {
  const found: { before: number; after: Awaited<ReturnType<typeof tenantTables>>; rows: number } = {
    before: (await tenantTables(admin)).length,
    after: [],
    rows: -1,
  }
  const takeBack = new Error('taken back')
  await admin
    .begin(async transaction => {
      await transaction.unsafe(`create table ${name} (organization_id uuid not null, id uuid not null)`)
      found.after = await tenantTables(transaction)
      found.rows = (await transaction.unsafe(`select from ${name}`)).count
      throw takeBack
    })
    .catch((error: unknown) => {
      if (error !== takeBack) throw error
    })
  return found
}

test('a new table of a tenant is in the matrix, which fails as long as nothing fills it', async () => {
  const { before, after, rows } = await withTable('state.notes')
  expect(after).toHaveLength(before + 1)
  expect(after.find(({ name }) => name === 'state.notes')).toMatchObject({
    class: 'state',
    binding: { column: 'organization_id' },
    columns: ['organization_id', 'id'],
  })
  // "has rows of both sides" of the matrix counts these.
  expect(rows).toBe(0)
})

test('a new table of the ledger is one that every role tries to change', async () => {
  const { after } = await withTable('ledger.notes')
  const tried = after.filter(table => table.class === 'ledger' || table.class === 'counter')
  expect(tried.map(({ name }) => name)).toContain('ledger.notes')
})

test('every table of the ledger’s schema is in one of the two classes that nothing changes', async () => {
  const tables = await admin<{ name: string }[]>`
    select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'ledger' and c.relkind in ('r', 'p')`
  expect(tables.length).toBeGreaterThan(8)
  for (const { name } of tables) expect(['ledger', 'counter'], name).toContain(classOf('ledger', name)?.class)
})

test('a new procedure is found with what it lacks', () => {
  const added = proceduresOf(
    router({
      notes: router({
        list: organizationProcedure('coverage:read')
          .input(z.object(organizationInput))
          .query(() => []),
        open: publicProcedure
          .input(z.strictObject(organizationInput))
          .output(z.void())
          .query(() => undefined),
      }),
    }),
  )
  expect(
    added.map(({ path, isStrict, hasOutput, access }) => ({ path, isStrict, hasOutput, access })),
  ).toEqual([
    { path: 'notes.list', isStrict: false, hasOutput: false, access: 'coverage:read' },
    { path: 'notes.open', isStrict: true, hasOutput: true, access: 'public' },
  ])
  // "asks for an organization, and for a permission in it" looks at these.
  expect(
    added.filter(({ fields, access }) => fields && 'organization' in fields && access === 'public'),
  ).toHaveLength(1)
})

test('the suites walk the router that is mounted, all of it', () => {
  expect(procedures.length).toBeGreaterThan(100)
  expect(procedures.map(({ path }) => path)).toContain('keys.rotate')
})
