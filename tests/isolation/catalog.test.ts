import postgres from 'postgres'
import { afterAll, expect, test } from 'vitest'
import { catalogProblems } from '../support/catalog-rules.ts'
import { useDatabase } from '../support/database.ts'
import { tenantTables } from '../support/tenant-tables.ts'

const { adminUrl } = await useDatabase()
const admin = postgres(adminUrl, { max: 1, onnotice: () => undefined })
afterAll(() => admin.end())

test('every table, view, function, schema and role keeps the rules of isolation and immutability', async () => {
  expect(await catalogProblems(admin)).toEqual([])
})

test('the rules look at the tables there are', async () => {
  const names = (await tenantTables(admin)).map(table => table.name)
  expect(names).toEqual(
    expect.arrayContaining(['ledger.head', 'ledger.events', 'ledger.item_body', 'state.credential']),
  )
})
