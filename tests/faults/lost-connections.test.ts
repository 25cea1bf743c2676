import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import postgres from 'postgres'
import { afterAll, expect, test } from 'vitest'
import { Database, type Transaction } from '../../db/client.ts'
import { afterwards } from '../support/afterwards.ts'
import { useDatabase } from '../support/database.ts'
import { openWay } from '../support/switched-way.ts'
import { closedGate, until } from '../support/waiting.ts'

// Errors that nobody catches fail the run: the driver alone ends the process in every one of these.
const { database, name, appUrl, adminUrl } = await useDatabase({ max: 1 })
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

/** A way to the database whose connections can be reset, as a failing network does it. */
async function resettableWay() {
  const way = await openWay(Number(new URL(appUrl).port))
  const url = Object.assign(new URL(appUrl), { port: String(way.port) }).href
  const through = new Database(url, { max: 1 })
  afterwards(async () => {
    await through.close()
    await way.close()
  })
  return { through, reset: way.reset }
}

test('after a reset in the middle of a transaction every statement gets the answer that is its own', async () => {
  const { through, reset } = await resettableWay()
  const broken = through.withOrganization(randomUUID(), async transaction => {
    await transaction.execute(sql`select 1`)
    const sleeping = transaction.execute(sql`select pg_sleep(30)`)
    reset()
    await sleeping
  })
  await expect(broken).rejects.toThrow()
  const answers = await through.withOrganization(randomUUID(), transaction =>
    Promise.all([1, 2, 3].map(number => transaction.execute(sql`select ${number}::int as number`))),
  )
  expect(answers.map(([row]) => row)).toEqual([{ number: 1 }, { number: 2 }, { number: 3 }])
})

test('a statement that follows at once on a failed one outside a transaction gets the answer that is its own', async () => {
  const { through, reset } = await resettableWay()
  const ask = (number: number) => through.outsideTenant.execute(sql`select ${number}::int as number`)
  expect(await ask(0)).toEqual([{ number: 0 }])
  const sleeping = through.outsideTenant.execute(sql`select pg_sleep(30)`)
  reset()
  await expect(sleeping.catch(() => ask(1))).rejects.toThrow()
  await until(() =>
    ask(1).then(
      () => true,
      () => false,
    ),
  )
  expect(await Promise.all([ask(2), ask(3)])).toEqual([[{ number: 2 }], [{ number: 3 }]])
})
