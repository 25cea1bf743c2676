import { randomUUID } from 'node:crypto'
import { eq, sql } from 'drizzle-orm'
import fc from 'fast-check'
import postgres from 'postgres'
import { afterAll, expect, test } from 'vitest'
import { syncSchedule } from '../../db/schema/state.ts'
import { useDatabase } from '../support/database.ts'

const { database, adminUrl } = await useDatabase({ max: 2 })
const admin = postgres(adminUrl, { max: 1, onnotice: () => undefined })
afterAll(() => admin.end())

const organizations = Array.from({ length: 5 }, () => randomUUID())

/** How a transaction ends: as it should, by its caller's error, by PostgreSQL's, or before it did anything. */
const endings = ['commits', 'throws', 'fails in SQL', 'writes to another tenant', 'throws at once'] as const
const transactions = fc.array(
  fc.record({
    organization: fc.nat(organizations.length - 1),
    rows: fc.integer({ min: 1, max: 4 }),
    ending: fc.constantFrom(...endings, 'commits' as const),
  }),
  { minLength: 200, maxLength: 200 },
)

test('200 interleaved tenant transactions on two connections, many of them aborted, leave nothing behind', async () => {
  await fc.assert(
    fc.asyncProperty(transactions, async plans => {
      await admin`truncate state.sync_schedule`
      const committed = new Map<string, number>()
      await Promise.all(
        plans.map(async ({ organization, rows, ending }) => {
          const id = organizations[organization] ?? ''
          const isDone = await runOne(id, rows, ending).catch(() => false)
          expect(isDone).toBe(ending === 'commits')
          if (isDone) committed.set(id, (committed.get(id) ?? 0) + rows)
        }),
      )
      for (const id of organizations) {
        expect((await rowsOf(id)).length).toBe(committed.get(id) ?? 0)
      }
      await Promise.all(Array.from({ length: 4 }, () => expectNoTenant()))
    }),
    { numRuns: 3 },
  )
})

async function runOne(
  organizationId: string,
  rows: number,
  ending: (typeof endings)[number],
): Promise<boolean> {
  const other = organizations.find(id => id !== organizationId) ?? ''
  return database.withOrganization(organizationId, async transaction => {
    if (ending === 'throws at once') throw new Error('at once')
    for (let row = 0; row < rows; row++) {
      await transaction
        .insert(syncSchedule)
        .values({ organizationId, connectionId: randomUUID(), dueAt: new Date() })
      const [answer] = await transaction.execute<{ setting: string; tenants: string[] }>(sql`
        select current_setting('app.organization_id') as setting,
               array(select distinct s.organization_id::text from state.sync_schedule s
                      where s.organization_id = ${organizationId}) as tenants`)
      expect(answer).toEqual({ setting: organizationId, tenants: [organizationId] })
    }
    if (ending === 'throws') throw new Error('midway')
    if (ending === 'fails in SQL') await transaction.execute(sql`select 1 / (${rows}::int - ${rows}::int)`)
    if (ending === 'writes to another tenant') {
      await transaction
        .insert(syncSchedule)
        .values({ organizationId: other, connectionId: randomUUID(), dueAt: new Date() })
    }
    return true
  })
}

const rowsOf = (organizationId: string) =>
  database.withOrganization(organizationId, transaction =>
    transaction
      .select({ organizationId: syncSchedule.organizationId })
      .from(syncSchedule)
      .where(eq(syncSchedule.organizationId, organizationId)),
  )

async function expectNoTenant() {
  const [row] = await database.outsideTenant.execute<{ setting: string | null }>(
    sql`select nullif(current_setting('app.organization_id', true), '') as setting`,
  )
  expect(row?.setting).toBeNull()
  const outside = database.outsideTenant
    .select({ connectionId: syncSchedule.connectionId })
    .from(syncSchedule)
    .where(eq(syncSchedule.organizationId, organizations[0] ?? ''))
  await expect(outside).rejects.toThrow()
}
