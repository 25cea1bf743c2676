import { randomUUID } from 'node:crypto'
import { asc, eq, sql } from 'drizzle-orm'
import fc from 'fast-check'
import postgres from 'postgres'
import { afterAll, describe, expect, test } from 'vitest'
import type { Transaction } from '../../db/client.ts'
import { events, head } from '../../db/schema/ledger.ts'
import { sqlState } from '../../db/sql-state.ts'
import { systemClock } from '../../server/clock.ts'
import { append, VersionConflict } from '../../server/ledger/append.ts'
import { canonicalText, sha256Hex } from '../../server/ledger/canonical.ts'
import { createLedger } from '../../server/ledger/ledger.ts'
import { leafHash } from '../../server/ledger/merkle.ts'
import { readStream, replay } from '../../server/ledger/read.ts'
import type { NewEvent } from '../../server/ledger/recorded-event.ts'
import { project } from '../../server/projections/project.ts'
import { errorOf, jumpingClock } from '../support/entra.ts'
import { actor, anyEvent, appendTo, openOrganization, useLedger } from '../support/ledger.ts'
import { closedGate } from '../support/waiting.ts'

const clock = jumpingClock()
const { db, ledger } = await useLedger({ clock, max: 16 })
const { database } = db
const organizationId = await openOrganization(ledger, { simulated: true })
const admin = postgres(db.adminUrl, { max: 1, onnotice: () => undefined })
afterAll(() => admin.end())

const allEvents = (id = organizationId) =>
  database.withOrganization(id, transaction =>
    transaction.select().from(events).where(eq(events.organizationId, id)).orderBy(asc(events.position)),
  )
async function headOf(id: string) {
  const [row] = await database.withOrganization(id, transaction =>
    transaction
      .select({ size: head.size, lastAt: head.lastAt })
      .from(head)
      .where(eq(head.organizationId, id)),
  )
  return row
}
const appendOne = (transaction: Transaction, changes: Partial<Parameters<typeof append>[1]> = {}) =>
  append(transaction, {
    organizationId,
    stream: { type: 'member', id: randomUUID() },
    expectedVersion: 'any',
    events: [anyEvent()],
    actor,
    at: clock.now(),
    ...changes,
  })

describe('order and time', () => {
  test('16 writers, a quarter of them rolled back, leave gapless positions and rising times', async () => {
    const id = await openOrganization(ledger, { simulated: true })
    const streams = Array.from({ length: 16 }, () => randomUUID())
    const acknowledged: number[] = [0]
    await Promise.all(
      streams.map(async (stream, writer) => {
        for (let round = 0; round < 20; round++) {
          const rollsBack = (writer + round) % 4 === 0
          const written = await ledger
            .command(id, actor, async unit => {
              const recorded = await appendTo(unit, stream, 'any', 1 + (round % 3))
              if (rollsBack) throw new Error('rolled back')
              return recorded
            })
            .catch(() => [])
          acknowledged.push(...written.map(event => event.position))
        }
      }),
    )
    const rows = await allEvents(id)
    expect(rows.map(row => row.position)).toEqual(rows.map((_, index) => index))
    expect(acknowledged.toSorted((a, b) => a - b)).toEqual(rows.map(row => row.position))
    for (const [index, row] of rows.entries()) {
      expect(row.recordedAt.getTime()).toBeGreaterThan(rows[index - 1]?.recordedAt.getTime() ?? 0)
    }
    for (const stream of streams) {
      const versions = rows.filter(row => row.streamId === stream).map(row => row.streamVersion)
      expect(versions).toEqual(versions.map((_, index) => index + 1))
    }
    expect(await headOf(id)).toEqual({ size: rows.length, lastAt: rows.at(-1)?.recordedAt })
  })

  test('a batch steps by one millisecond, and a clock that stands still or falls back is passed', async () => {
    clock.jump(60_000)
    const at = clock.now().getTime()
    const first = await ledger.command(organizationId, actor, unit => appendTo(unit, randomUUID(), 'any', 3))
    expect(first.map(event => event.recordedAt.getTime() - at)).toEqual([0, 1, 2])
    const second = await ledger.command(organizationId, actor, unit => appendTo(unit, randomUUID(), 'any', 2))
    expect(second.map(event => event.recordedAt.getTime() - at)).toEqual([3, 4])
    clock.jump(-30_000)
    const third = await ledger.command(organizationId, actor, unit => appendTo(unit, randomUUID()))
    expect(third.map(event => event.recordedAt.getTime() - at)).toEqual([5])
    clock.jump(30_000)
  })

  test('what append answers is what is stored', async () => {
    const stream = randomUUID()
    const recorded = await ledger.command(organizationId, actor, unit => appendTo(unit, stream, 0, 4))
    const [read, replayed] = await database.withOrganization(organizationId, async transaction => {
      const last = recorded.at(-1)?.position ?? 0
      const pages = []
      for await (const page of replay(transaction, organizationId, { after: last - 4, upTo: last }))
        pages.push(...page)
      return [await readStream(transaction, organizationId, stream), pages] as const
    })
    expect(read).toEqual(recorded)
    expect(replayed).toEqual(recorded)
  })

  test('a time more than 5 s off the server’s is refused, unless the organization is simulated', async () => {
    const real = await openOrganization(createLedger({ database, clock: systemClock, project }), {
      simulated: false,
    })
    const appendAt = (offset: number) =>
      database.withOrganization(real, transaction =>
        appendOne(transaction, { organizationId: real, at: new Date(Date.now() + offset) }),
      )
    for (const offset of [-6_500, 6_500, -365 * 86_400_000]) {
      expect(sqlState(await errorOf(appendAt(offset)))).toBe('22008')
    }
    expect(await appendAt(-3_000)).toHaveLength(1)
    expect(await headOf(real)).toMatchObject({ size: 2 })
  })
})

describe('versions and repetition', () => {
  test('an event id is appended once', async () => {
    const id = randomUUID()
    const write = () =>
      database.withOrganization(organizationId, t => appendOne(t, { events: [anyEvent(id)] }))
    await write()
    const size = (await headOf(organizationId))?.size
    expect(sqlState(await errorOf(write()))).toBe('23505')
    expect((await headOf(organizationId))?.size).toBe(size)
  })

  test('another version than expected is a conflict that says what is there', async () => {
    const stream = { type: 'member', id: randomUUID() } as const
    const write = (expectedVersion: number) =>
      database.withOrganization(organizationId, t => appendOne(t, { stream, expectedVersion }))
    await write(0)
    await write(1)
    for (const wrong of [0, 1, 3]) {
      const error = await errorOf(write(wrong))
      expect(error).toBeInstanceOf(VersionConflict)
      expect(detailOf(error)).toEqual({ stream: stream.id, expected: wrong, actual: 2 })
    }
  })

  test('a command that lost a race is run again from the start', async () => {
    const stream = randomUUID()
    const bothLoaded = closedGate()
    let loads = 0
    const command = () =>
      ledger.command(organizationId, actor, async unit => {
        const version = (await unit.load(stream)).length
        if (++loads === 2) bothLoaded.open()
        await bothLoaded.opened
        await appendTo(unit, stream, version)
        return version
      })
    const versions = await Promise.all([command(), command()])
    expect(versions.toSorted()).toEqual([0, 1])
    expect(loads).toBe(3)
  })
})

describe('what append refuses', () => {
  test('an organization other than the tenant that is set', async () => {
    const other = await openOrganization(ledger, { simulated: true })
    const error = await errorOf(
      database.withOrganization(organizationId, t => appendOne(t, { organizationId: other })),
    )
    expect(sqlState(error)).toBe('42501')
    expect(await headOf(other)).toMatchObject({ size: 1 })
  })

  test('an organization that was never opened', async () => {
    const unknown = randomUUID()
    const error = await errorOf(
      database.withOrganization(unknown, t => appendOne(t, { organizationId: unknown })),
    )
    expect(sqlState(error)).toBe('42501')
  })

  test('a stream that is sealed, and no other', async () => {
    const stream = { type: 'member', id: randomUUID() } as const
    await database.withOrganization(organizationId, async transaction => {
      await appendOne(transaction, { stream })
      await transaction.execute(sql`
        insert into ledger.sealed_stream (organization_id, stream_id) values (${organizationId}, ${stream.id})`)
    })
    const write = (to: typeof stream) =>
      database.withOrganization(organizationId, t => appendOne(t, { stream: to }))
    expect(sqlState(await errorOf(write(stream)))).toBe('42501')
    expect(await write({ ...stream, id: randomUUID() })).toHaveLength(1)
  })

  test('an actor without a kind, and arrays that differ in length', async () => {
    for (const wrong of ['', 'ada', 'user:', 'User:ada', 'user:ada lovelace', 'user:a\nsystem:b']) {
      const error = await errorOf(
        database.withOrganization(organizationId, t => appendOne(t, { actor: wrong })),
      )
      expect(sqlState(error)).toBe('22023')
    }
    for (const [ids, types, payloads] of [
      [[], [], []],
      [[randomUUID()], ['A', 'B'], ['{}']],
      [[randomUUID(), randomUUID()], ['A'], ['{}']],
    ]) {
      const call = admin`
        select * from ledger.append(${organizationId}, ${randomUUID()}, 'member', -1, ${ids ?? []}::uuid[],
          ${types ?? []}::text[], ${[1]}::int[], ${payloads ?? []}::text[], ${actor}, ${clock.now()})`
      await expect(call).rejects.toMatchObject({ code: '22023' })
    }
  })

  test('a payload that its type does not allow, before anything is sent', async () => {
    const wrong: NewEvent = { type: 'InvitationWithdrawn', payload: { invitationId: 'no UUID' } }
    await expect(
      database.withOrganization(organizationId, t => appendOne(t, { events: [wrong] })),
    ).rejects.toThrow(/UUID/)
  })
})

describe('the leaf', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({
      unit: fc.constantFrom(
        '\0',
        '\x01',
        '\x1f',
        '\x7f',
        '"',
        '\\',
        '{',
        '}',
        ',',
        'NULL',
        '\u2028',
        '😀',
        'é',
      ),
    }),
  )

  test('is the hash of the canonical envelope, whatever the payload', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 3 }), async texts => {
        clock.jump(7)
        const stream = { type: 'run', id: randomUUID() } as const
        const ids = { connectionId: randomUUID(), sourceId: randomUUID(), runId: stream.id }
        const recorded = await database.withOrganization(organizationId, transaction =>
          appendOne(transaction, {
            stream,
            events: texts.map(([cause, explanation]) => ({
              type: 'SyncFailed',
              payload: { ...ids, cause, explanation, kinds: [] },
            })),
          }),
        )
        const stored = (await allEvents()).slice(-texts.length)
        for (const [index, row] of stored.entries()) {
          expect(row.payload).toBe(canonicalText(recorded[index]?.payload))
          expect(row.leafHash).toEqual(leafHash(Buffer.from(envelopeOf(row))))
        }
      }),
      { numRuns: 60 },
    )
  })

  test('a lone surrogate has no canonical form and is refused before anything is sent', async () => {
    const ids = { connectionId: randomUUID(), sourceId: randomUUID(), runId: randomUUID() }
    const failed: NewEvent = {
      type: 'SyncFailed',
      payload: { ...ids, cause: '\ud800', explanation: '', kinds: [] },
    }
    await expect(
      database.withOrganization(organizationId, t => appendOne(t, { events: [failed] })),
    ).rejects.toThrow()
  })
})

/** The envelope as ledger.md writes it down, canonical by the library and not by the database. */
const envelopeOf = (row: typeof events.$inferSelect) =>
  canonicalText({
    actor: row.actor,
    at: row.recordedAt.toISOString(),
    event: row.eventId,
    org: row.organizationId,
    payloadSha256: sha256Hex(row.payload),
    schema: row.schemaVersion,
    seq: row.position,
    stream: row.streamId,
    type: row.eventType,
    version: row.streamVersion,
  })

function detailOf(error: unknown): unknown {
  if (error instanceof postgres.PostgresError) return JSON.parse(error.detail ?? 'null')
  return error instanceof Error ? detailOf(error.cause) : null
}
