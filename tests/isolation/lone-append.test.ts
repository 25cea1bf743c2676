import { randomUUID } from 'node:crypto'
import { asc, eq, sql } from 'drizzle-orm'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Database } from '../../db/client.ts'
import { events } from '../../db/schema/ledger.ts'
import { sqlState } from '../../db/sql-state.ts'
import { appendAlone, VersionConflict } from '../../server/ledger/append.ts'
import { afterwards } from '../support/afterwards.ts'
import { errorOf, jumpingClock } from '../support/entra.ts'
import { actor, anyEvent, openOrganization, useLedger } from '../support/ledger.ts'
import { statementProblems } from '../support/statement-rules.ts'

const clock = jumpingClock()
const { db, ledger } = await useLedger({ clock, max: 2 })
const { database } = db

const appendOne = (
  organizationId: string,
  changes: Partial<Parameters<typeof appendAlone>[1]> = {},
  through: Database = database,
) =>
  appendAlone(through, {
    organizationId,
    stream: { type: 'member', id: randomUUID() },
    expectedVersion: 'any',
    events: [anyEvent()],
    actor,
    at: clock.now(),
    ...changes,
  })

const eventsOf = (organizationId: string) =>
  database.withOrganization(organizationId, transaction =>
    transaction
      .select({ position: events.position, eventId: events.eventId, streamId: events.streamId })
      .from(events)
      .where(eq(events.organizationId, organizationId))
      .orderBy(asc(events.position)),
  )

async function expectNoTenant(organizationId: string) {
  const [row] = await database.outsideTenant.execute<{ setting: string | null }>(
    sql`select nullif(current_setting('app.organization_id', true), '') as setting`,
  )
  expect(row?.setting).toBeNull()
  const outside = database.outsideTenant
    .select({ position: events.position })
    .from(events)
    .where(eq(events.organizationId, organizationId))
  await expect(outside).rejects.toThrow()
}

describe('a lone append', () => {
  test('is one statement, which names its organization, and answers what is stored', async () => {
    const organizationId = await openOrganization(ledger, { simulated: true })
    const statements: string[] = []
    const watched = db.connect('app', { max: 1, onStatement: text => void statements.push(text) })
    afterwards(() => watched.close())
    for (const count of [1, 3]) {
      const before = await eventsOf(organizationId)
      statements.length = 0
      const recorded = await appendOne(
        organizationId,
        { events: Array.from({ length: count }, () => anyEvent()), expectedVersion: 0 },
        watched,
      )
      expect(statements).toHaveLength(1)
      expect(statements.flatMap(statementProblems)).toEqual([])
      expect(recorded.map(event => event.streamVersion)).toEqual(recorded.map((_, index) => index + 1))
      expect((await eventsOf(organizationId)).slice(before.length)).toEqual(
        recorded.map(({ position, eventId, streamId }) => ({ position, eventId, streamId })),
      )
    }
  })

  test('refuses what an append in a transaction refuses', async () => {
    const organizationId = await openOrganization(ledger, { simulated: true })
    const stream = { type: 'member', id: randomUUID() } as const
    await appendOne(organizationId, { stream, expectedVersion: 0 })
    const conflict = await errorOf(appendOne(organizationId, { stream, expectedVersion: 0 }))
    expect(conflict).toBeInstanceOf(VersionConflict)
    expect(sqlState(await errorOf(appendOne(randomUUID())))).toBe('42501')
    expect(sqlState(await errorOf(appendOne(organizationId, { actor: 'nobody' })))).toBe('22023')
    expect(sqlState(await errorOf(appendOne(organizationId, { events: [] })))).toBe('22023')
    expect(await eventsOf(organizationId)).toHaveLength(2)
  })

  test('to another organization’s stream begins one of its own', async () => {
    const [own, other] = [
      await openOrganization(ledger, { simulated: true }),
      await openOrganization(ledger, { simulated: true }),
    ]
    const stream = { type: 'member', id: randomUUID() } as const
    await appendOne(other, { stream })
    const [recorded] = await appendOne(own, { stream, expectedVersion: 0 })
    expect(recorded).toMatchObject({ organizationId: own, streamVersion: 1 })
    expect(await eventsOf(other)).toHaveLength(2)
  })
})

test('200 interleaved lone appends on two connections, many of them refused, leave each organization its own and no tenant behind', async () => {
  const organizations = await Promise.all(
    Array.from({ length: 5 }, () => openOrganization(ledger, { simulated: true })),
  )
  const plans = fc.array(
    fc.record({
      organization: fc.nat(organizations.length - 1),
      count: fc.integer({ min: 1, max: 3 }),
      ending: fc.constantFrom('appends', 'appends', 'conflicts', 'in a transaction that rolls back'),
    }),
    { minLength: 200, maxLength: 200 },
  )
  const expected = new Map<string, string[]>(organizations.map(id => [id, []]))
  for (const id of organizations) expected.set(id, (await eventsOf(id)).map(({ eventId }) => eventId).sort())
  await fc.assert(
    fc.asyncProperty(plans, async planned => {
      await Promise.all(
        planned.map(async ({ organization, count, ending }) => {
          const id = organizations[organization] ?? ''
          const own = Array.from({ length: count }, () => randomUUID())
          if (ending === 'in a transaction that rolls back') {
            const rolledBack = database.withOrganization(id, async transaction => {
              await transaction.execute(sql`select 1`)
              throw new Error('midway')
            })
            await expect(rolledBack).rejects.toThrow('midway')
          } else if (ending === 'conflicts') {
            const refused = appendOne(id, { events: own.map(anyEvent), expectedVersion: 7 })
            await expect(refused).rejects.toBeInstanceOf(VersionConflict)
          } else {
            await appendOne(id, { events: own.map(anyEvent) })
            expected.get(id)?.push(...own)
          }
        }),
      )
      for (const id of organizations) {
        const stored = (await eventsOf(id)).map(({ eventId }) => eventId)
        expect(stored.toSorted()).toEqual(expected.get(id)?.toSorted())
      }
      await Promise.all(organizations.map(expectNoTenant))
    }),
    { numRuns: 3 },
  )
})
