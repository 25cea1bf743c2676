import { and, asc, eq, sql } from 'drizzle-orm'
import { PgBoss } from 'pg-boss'
import { afterAll, expect, test } from 'vitest'
import type { Database } from '../../db/client.ts'
import { queueSchema } from '../../db/queues.ts'
import { membership, run } from '../../db/schema/state.ts'
import type { Cadence } from '../../server/domain/evidence/kinds.ts'
import { createLedger } from '../../server/ledger/ledger.ts'
import { registerOrganization } from '../../server/members/register-organization.ts'
import { project } from '../../server/projections/project.ts'
import { isOpen } from '../../server/projections/range.ts'
import { createQueue } from '../../server/queue.ts'
import { endLeases } from '../support/leases.ts'
import { MortalDatabase } from '../support/mortal-database.ts'
import { connectedScene, type Scene, syncNow, useScene } from '../support/seed.ts'
import { useSoundness } from '../support/soundness.ts'

const hour = 3_600_000
const users = 10

const scene = await useScene({ size: users, largestPage: 4, riskySignInsPerDay: 1 })
const tenant = scene.entra.tenant(scene.spec.tenantId)
const { expectTidy, expectWhole, expectReplayed } = useSoundness(scene)

// Unsupervised: by the real clock these jobs are from the past, and would be tidied away.
const boss = new PgBoss({
  connectionString: scene.db.appUrl,
  schema: queueSchema,
  migrate: false,
  createSchema: false,
  supervise: false,
  schedule: false,
})
await boss.start()
afterAll(() => boss.stop({ graceful: false }))

/** The same services with the real queue, on a database that may die. */
function officeOn(database: Database, office: Scene): Scene {
  const ledger = createLedger({ database, clock: scene.clock, project })
  return { ...office, services: { ...scene.services, database, ledger, queue: createQueue(boss) } }
}

const living = officeOn(scene.services.database, scene)

async function newOffice(): Promise<{ office: Scene; connectionId: string }> {
  const { userId, browser } = scene
  const founded = await registerOrganization(living.services, {
    userId,
    name: 'Quay Street',
    simulated: true,
  })
  const { organizationId } = founded
  const office = { ...living, ...founded, browser: { ...browser, organizationId } }
  return { office, connectionId: await connectedScene(office) }
}

/** Begins a run that dies in its n-th transaction. @returns how it ended, and in how many transactions at most */
async function dieIn(nth: number, office: Scene, connectionId: string, cadence: Cadence = 'hourly') {
  const database = new MortalDatabase(scene.db.appUrl)
  database.dieIn(nth)
  const ended = await syncNow(officeOn(database, office), connectionId, cadence).catch(() => 'died')
  await database.close()
  if (!database.isDead) expect(ended).toBe('succeeded')
  return { isDead: database.isDead, transactions: database.transactions }
}

async function expectComplete({ organizationId, services }: Scene, connectionId: string): Promise<void> {
  await expectTidy(organizationId)
  await expectWhole(organizationId)
  await expectReplayed(organizationId)
  await services.database.withOrganization(organizationId, async transaction => {
    const outcomes = await transaction
      .select({ outcome: run.outcome })
      .from(run)
      .where(eq(run.organizationId, organizationId))
      .orderBy(asc(run.startedPosition))
    expect(outcomes.at(-1)).toEqual({ outcome: 'succeeded' })
    const people = await transaction
      .select({ label: membership.label })
      .from(membership)
      .where(and(isOpen(membership, organizationId), eq(membership.kind, 'user_inventory')))
    expect(people).toHaveLength(users)
    expect(people).toContainEqual({ label: nameNow() })
    // One for the connection that was made, and a successor of each run that came to its end.
    const [jobs] = await transaction.execute(sql`
      select count(*)::int as count from ${sql.raw(queueSchema)}.job j
       where j.name = 'sync' and j.data ->> 'connectionId' = ${connectionId}`)
    const ended = outcomes.filter(({ outcome }) => outcome === 'succeeded').length
    expect(jobs).toEqual({ count: 1 + ended })
  })
}

let renamed = 0
const nameNow = () => `renamed ${renamed}`
const rename = () => {
  renamed += 1
  tenant.setUser(2, { displayName: `Renamed ${renamed}` })
}

async function complete(office: Scene, connectionId: string): Promise<void> {
  await endLeases(office)
  expect(await syncNow(office, connectionId)).toBe('succeeded')
  await expectComplete(office, connectionId)
}

test('a first sync that dies in any of its transactions is completed by the next', async () => {
  rename()
  for (let nth = 1; ; nth += 1) {
    const { office, connectionId } = await newOffice()
    const { isDead } = await dieIn(nth, office, connectionId)
    if (!isDead) {
      expect(nth).toBeGreaterThan(15)
      return expectComplete(office, connectionId)
    }
    await complete(office, connectionId)
  }
}, 600_000)

test('a later sync that dies at its start, in its middle or at its end is completed by the next, with what changed', async () => {
  const { office, connectionId } = await newOffice()
  expect(await syncNow(office, connectionId)).toBe('succeeded')
  const dieLater = async (nth: number) => {
    rename()
    scene.clock.jump(hour)
    const { isDead, transactions } = await dieIn(nth, office, connectionId)
    if (isDead) await complete(office, connectionId)
    return { isDead, transactions }
  }
  const { transactions } = await dieLater(Number.POSITIVE_INFINITY)
  for (const nth of [1, 2, Math.floor(transactions / 2)]) expect((await dieLater(nth)).isDead).toBe(true)
  // How often progress is written depends on how fast it goes: the last transaction is looked for from behind.
  let deaths = 0
  for (let nth = transactions + 3; deaths < 3; nth -= 1) if ((await dieLater(nth)).isDead) deaths += 1
}, 600_000)

test('a run of what is read once a day that dies in any of its transactions is completed by the next', async () => {
  const { office, connectionId } = await newOffice()
  const { organizationId } = office
  expect(await syncNow(office, connectionId)).toBe('succeeded')
  for (let nth = 1; ; nth += 1) {
    scene.clock.jump(24 * hour)
    const { isDead } = await dieIn(nth, office, connectionId, 'daily')
    if (isDead) {
      await endLeases(office)
      expect(await syncNow(office, connectionId, 'daily')).toBe('succeeded')
    } else expect(nth).toBeGreaterThan(5)
    await expectTidy(organizationId)
    await expectWhole(organizationId)
    const accounts = await office.services.database.withOrganization(organizationId, transaction =>
      transaction
        .select({ subjectKey: membership.subjectKey })
        .from(membership)
        .where(and(isOpen(membership, organizationId), eq(membership.kind, 'sign_in_activity'))),
    )
    expect(accounts).toHaveLength(users)
    if (!isDead) return expectReplayed(organizationId)
  }
}, 600_000)
