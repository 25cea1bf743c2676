import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import type { Transaction } from '../../db/client.ts'
import { useDatabase } from '../support/database.ts'
import { closedGate } from '../support/waiting.ts'

const { database } = await useDatabase()
const organizationId = randomUUID()
const userId = randomUUID()

test('readers that overlap share one transaction, bound to person and organization', async () => {
  const reading = database.sharedSnapshot()
  const [first, second, person] = await Promise.all([
    reading.withSnapshot(organizationId, standing),
    reading.withSnapshot(organizationId, standing),
    reading.withPerson(userId, standing),
  ])
  expect(first.organization).toBe(organizationId)
  expect(second.began).toBe(first.began)
  expect(person).toMatchObject({ began: first.began, person: userId })
})

test('what follows from an answer is read in the same snapshot, what comes later in another', async () => {
  const reading = database.sharedSnapshot()
  const person = await reading.withPerson(userId, standing)
  const following = await reading.withSnapshot(organizationId, standing)
  expect(following.began).toBe(person.began)
  await pause(20)
  const later = await reading.withSnapshot(organizationId, standing)
  expect(later.began).not.toBe(person.began)
  expect(later).toMatchObject({ organization: organizationId, person: null })
})

test('another organization is never read in a snapshot that is bound to one', async () => {
  const reading = database.sharedSnapshot()
  const other = randomUUID()
  const [mine, theirs] = await Promise.all([
    reading.withSnapshot(organizationId, standing),
    reading.withSnapshot(other, standing),
  ])
  expect(mine.organization).toBe(organizationId)
  expect(theirs.organization).toBe(other)
  expect(theirs.began).not.toBe(mine.began)
})

test('a statement that fails takes no other reader along', async () => {
  const reading = database.sharedSnapshot()
  const gate = closedGate()
  const failing = reading.withSnapshot(organizationId, transaction =>
    transaction.execute(sql`select 1 / 0`).finally(gate.open),
  )
  const beside = reading.withSnapshot(organizationId, async transaction => {
    await gate.opened
    return standing(transaction)
  })
  await expect(failing).rejects.toMatchObject({ cause: { code: '22012' } })
  expect(await beside).toMatchObject({ organization: organizationId })
  expect(await reading.withSnapshot(organizationId, standing)).toMatchObject({ organization: organizationId })
})

test('nothing can be written in one, and what is no id is refused', async () => {
  const reading = database.sharedSnapshot()
  const write = reading.withSnapshot(organizationId, transaction =>
    transaction.execute(sql`create temporary table noted (id int)`),
  )
  await expect(write).rejects.toMatchObject({ cause: { code: '25006' } })
  await expect(reading.withSnapshot('nobody', standing)).rejects.toThrow('takes a UUID')
  expect(await reading.withPerson(userId, standing)).toMatchObject({ person: userId })
})

async function standing(transaction: Transaction) {
  const [row] = await transaction.execute<{
    began: string
    organization: string | null
    person: string | null
  }>(sql`
    select pg_backend_pid() || ' ' || now() as began,
      nullif(current_setting('app.organization_id', true), '') as organization,
      nullif(current_setting('app.user_id', true), '') as person`)
  if (!row) throw new Error('no row')
  return row
}
