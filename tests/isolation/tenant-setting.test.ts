import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import type { Transaction } from '../../db/client.ts'
import { useDatabase } from '../support/database.ts'

const { database } = await useDatabase({ max: 1 })

const setting = sql<string | null>`nullif(current_setting('app.organization_id', true), '')`
const built = (transaction: Transaction) =>
  transaction.select({ setting: setting.as('setting') }).from(sql`(select 1) as one`)
const raw = (transaction: Transaction) =>
  transaction.execute<{ setting: string | null }>(sql`select ${setting} as setting`)

type First = (transaction: Transaction) => Promise<readonly { setting: string | null }[]>

test.each<[string, First]>([
  ['awaited', async transaction => await raw(transaction)],
  ['built and awaited', async transaction => await built(transaction)],
  ['started at once', transaction => raw(transaction).then(rows => [...rows])],
  ['built and started at once', transaction => built(transaction).then(rows => rows)],
  ['started at once with a watch on its failure', transaction => raw(transaction).catch(rethrow)],
])('the first statement of a tenant transaction finds the tenant set when it is %s', async (_, first) => {
  const organizationId = randomUUID()
  const rows = await database.withOrganization(organizationId, first)
  expect([...rows]).toEqual([{ setting: organizationId }])
})

test('an organization that is no UUID is refused before anything is sent', async () => {
  for (const wrong of [
    '',
    `x'; reset role; --`,
    randomUUID().toUpperCase(),
    `${randomUUID()} `,
    `${randomUUID()}\n`,
  ]) {
    await expect(async () => database.withOrganization(wrong, async () => 1)).rejects.toThrow(TypeError)
  }
})

function rethrow(error: unknown): never {
  throw error
}
