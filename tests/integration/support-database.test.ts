import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { useDatabase } from '../support/database.ts'

const { database, appUrl } = await useDatabase()

test('a test file has a migrated database of its own, as the app role', async () => {
  const [row] = await database.withOrganization(randomUUID(), transaction =>
    transaction.execute(sql`select current_user, current_database()`),
  )
  expect(row).toMatchObject({ current_user: 'attestry_app' })
  expect(appUrl).toContain(String(row?.current_database))
})
