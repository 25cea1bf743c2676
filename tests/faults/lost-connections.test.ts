import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import postgres from 'postgres'
import { afterAll, expect, test } from 'vitest'
import type { Transaction } from '../../db/client.ts'
import { useDatabase } from '../support/database.ts'
import { closedGate, until } from '../support/waiting.ts'

// Errors that nobody catches fail the run: the driver alone ends the process in every one of these.
const { database, name, adminUrl } = await useDatabase({ max: 1 })
const admin = postgres(adminUrl, { max: 1, onnotice: () => undefined })
afterAll(() => admin.end())

const sessions = () =>
  admin`select pid from pg_stat_activity where datname = ${name} and usename = 'attestry_app'`

async function endSessions() {
  await admin`
    select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name} and usename = 'attestry_app'`
  await until(async () => (await sessions()).length === 0)
}

const answer = async (transaction: Transaction) => [
  ...(await transaction.execute<{ answer: number }>(sql`select 42 as answer`)),
]

/** One more may meet the connection before its end is noticed. */
const untilItWorks = () =>
  until(() =>
    database.withOrganization(randomUUID(), answer).then(
      () => true,
      () => false,
    ),
  )

test('a transaction whose connection is lost between two statements fails, and later ones work', async () => {
  const broken = database.withOrganization(randomUUID(), async transaction => {
    await transaction.execute(sql`select 1`)
    await endSessions()
    await transaction.execute(sql`select 2`)
  })
  await expect(broken).rejects.toThrow()
  await untilItWorks()
})

test('a transaction whose connection is lost in the middle of a statement fails, and later ones work', async () => {
  const broken = database.withOrganization(randomUUID(), transaction =>
    transaction.execute(sql`select pg_sleep(30)`),
  )
  broken.catch(() => undefined)
  await until(async () => {
    const sleeping = await admin`
      select from pg_stat_activity where datname = ${name} and state = 'active' and query like '%pg_sleep%'
         and pid <> pg_backend_pid()`
    return sleeping.length === 1
  })
  await endSessions()
  await expect(broken).rejects.toThrow()
  await untilItWorks()
})

test('a statement that comes after its connection was lost never runs in another transaction', async () => {
  const [lost, other, sent] = [closedGate(), closedGate(), closedGate()]
  const foreign = randomUUID()
  let outcome: Promise<unknown> = Promise.resolve()
  const first = database.withOrganization(foreign, async transaction => {
    await transaction.execute(sql`select 1`)
    await endSessions()
    lost.open()
    await other.opened
    outcome = transaction.execute(sql`select set_config('app.organization_id', ${foreign}, true)`)
    sent.open()
    await outcome
  })
  first.catch(() => undefined)
  await lost.opened
  await expect(first).rejects.toThrow()
  const organizationId = randomUUID()
  const rows = await database.withOrganization(organizationId, async transaction => {
    await transaction.execute(sql`select 1`)
    other.open()
    await sent.opened
    await expect(outcome).rejects.toThrow()
    return transaction.execute(sql`select current_setting('app.organization_id') as organization`)
  })
  expect(rows).toEqual([{ organization: organizationId }])
})
