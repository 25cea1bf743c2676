import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { expect, inject, test } from 'vitest'
import { keepsSessions } from '../../db/session-probe.ts'
import { useDatabase } from '../support/database.ts'

const { database, appUrl, settings } = await useDatabase()

test('a test file has a migrated database of its own, as the app role', async () => {
  const [row] = await database.withOrganization(randomUUID(), transaction =>
    transaction.execute(sql`select current_user, current_database()`),
  )
  expect(row).toMatchObject({ current_user: 'attestry_app' })
  expect(appUrl).toContain(String(row?.current_database))
})

test('a run through a pooler goes through it, but for what needs a session', async () => {
  const { DATABASE_URL = '', DATABASE_DIRECT_URL = '' } = settings
  expect(await keepsSessions(DATABASE_URL)).toBe(inject('databasePooler') === null)
  expect(await keepsSessions(DATABASE_DIRECT_URL)).toBe(true)
})
