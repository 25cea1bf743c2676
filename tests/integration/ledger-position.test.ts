import { randomUUID } from 'node:crypto'
import postgres from 'postgres'
import { afterAll, describe, expect, test } from 'vitest'
import { AppError } from '../../server/errors.ts'
import type { AsOf, AsOfRequest } from '../../server/ledger/position-at.ts'
import { errorOf, jumpingClock } from '../support/entra.ts'
import { actor, appendTo, openOrganization, useLedger } from '../support/ledger.ts'
import { closedGate, untilWaiting } from '../support/waiting.ts'

const start = new Date('2025-03-10T09:00:00.000Z')
const minute = 60_000
const clock = jumpingClock(start)
const { db, ledger } = await useLedger({ clock })
const organizationId = await openOrganization(ledger, { simulated: true })
const admin = postgres(db.adminUrl, { max: 1, onnotice: () => undefined })
afterAll(() => admin.end())

// Positions 0 at 9:00, 1 to 3 at 9:01 and the two milliseconds after it, 4 at 9:02; asked at 9:10.
clock.jump(minute)
await ledger.command(organizationId, actor, unit => appendTo(unit, randomUUID(), 'any', 3))
clock.jump(minute)
await ledger.command(organizationId, actor, unit => appendTo(unit, randomUUID()))
clock.jump(8 * minute)

const at = (milliseconds: number) => new Date(start.getTime() + milliseconds)
const resolve = (request: AsOfRequest): Promise<AsOf> =>
  ledger.query(organizationId, request, async (_, asOf) => asOf)

describe('an as-of resolves to its instant and position', () => {
  test('now is the clock and the head', async () => {
    expect(await resolve({ kind: 'now' })).toEqual({ instant: at(10 * minute), position: 4, isNow: true })
  })

  test('now is never before the newest event', async () => {
    clock.jump(-9 * minute)
    expect(await resolve({ kind: 'now' })).toEqual({ instant: at(2 * minute), position: 4, isNow: true })
    clock.jump(9 * minute)
  })

  test.each([
    [0, 0],
    [minute - 1, 0],
    [minute, 1],
    [minute + 1, 2],
    [minute + 2, 3],
    [minute + 3, 3],
    [2 * minute, 4],
    [10 * minute, 4],
  ])('the instant %i ms after the beginning has position %i', async (milliseconds, position) => {
    const instant = at(milliseconds)
    expect(await resolve({ kind: 'instant', instant })).toEqual({ instant, position, isNow: false })
    expect(await resolve({ kind: 'pair', instant, position })).toEqual({ instant, position, isNow: false })
  })

  test('a position has its own recorded time', async () => {
    expect(await resolve({ kind: 'position', position: 2 })).toEqual({
      instant: at(minute + 1),
      position: 2,
      isNow: false,
    })
  })

  test('resolving a resolved pair changes nothing', async () => {
    for (const request of [
      { kind: 'position', position: 3 },
      { kind: 'instant', instant: at(5 * minute) },
    ] as const) {
      const asOf = await resolve(request)
      expect(await resolve({ kind: 'pair', instant: asOf.instant, position: asOf.position })).toEqual(asOf)
    }
  })
})

describe('what cannot be asked is refused with words', () => {
  test.each<[string, AsOfRequest, RegExp]>([
    [
      'an instant before the beginning',
      { kind: 'instant', instant: at(-1) },
      /before the organization’s first event/,
    ],
    ['an instant in the future', { kind: 'instant', instant: at(10 * minute + 1) }, /in the future/],
    ['a pair in the future', { kind: 'pair', instant: at(60 * minute), position: 4 }, /in the future/],
    ['a position that does not exist yet', { kind: 'position', position: 5 }, /no position 5 in this ledger/],
    ['a position below the first', { kind: 'position', position: -1 }, /no position -1/],
    [
      'a pair that does not belong together',
      { kind: 'pair', instant: at(minute), position: 2 },
      /do not belong together/,
    ],
    [
      'a pair before the beginning',
      { kind: 'pair', instant: at(-1), position: 0 },
      /before the organization’s first event/,
    ],
  ])('%s', async (_, request, words) => {
    const error = await errorOf(resolve(request))
    expect(error).toBeInstanceOf(AppError)
    expect(error).toMatchObject({ code: 'bad_input', userMessage: expect.stringMatching(words) })
  })

  test('an organization without a ledger is not found', async () => {
    const query = ledger.query(randomUUID(), { kind: 'now' }, async (_, asOf) => asOf)
    await expect(query).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('an append in flight', () => {
  test('holds back a young instant, which then counts it', async () => {
    const flight = await appendInFlight()
    const instant = clock.now()
    const young = resolve({ kind: 'instant', instant })
    await untilWaiting(admin)
    flight.land()
    const recorded = await flight.recorded
    expect(await young).toMatchObject({ instant, position: recorded.at(-1)?.position })
  })

  test('holds back neither an instant older than the longest command, nor a position, nor now', async () => {
    const flight = await appendInFlight()
    const { position } = await resolve({ kind: 'now' })
    expect(await resolve({ kind: 'instant', instant: at(9 * minute) })).toMatchObject({ position: 4 })
    expect(await resolve({ kind: 'position', position: 2 })).toMatchObject({ position: 2 })
    flight.land()
    expect((await flight.recorded).at(0)?.position).toBe(position + 1)
  })
})

/** An append whose transaction stays open until it is told to land. */
async function appendInFlight() {
  const isAppended = closedGate()
  const mayLand = closedGate()
  const recorded = ledger.command(organizationId, actor, async unit => {
    const events = await appendTo(unit, randomUUID())
    isAppended.open()
    await mayLand.opened
    return events
  })
  await isAppended.opened
  return { land: mayLand.open, recorded }
}
