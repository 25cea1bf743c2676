import { and, asc, eq } from 'drizzle-orm'
import { beforeAll, describe, expect, test } from 'vitest'
import { evidence } from '../../db/schema/ledger.ts'
import { completeAuthorization } from '../../server/connections/complete-authorization.ts'
import { spreadOf } from '../../server/connections/schedule.ts'
import { coveredSpans } from '../../server/domain/run/feed-window.ts'
import { auditorCaller, ownerCaller } from '../support/caller.ts'
import { clientSecret } from '../support/entra.ts'
import { seedSyncedOrganization, signInToReauthorize, syncNow } from '../support/seed.ts'

const minute = 60_000
const hour = 60 * minute

const scene = await seedSyncedOrganization({ size: 20 })
const { slug: organization, connectionId, clock, services, organizationId } = scene
const tenant = scene.entra.tenant(scene.spec.tenantId)
const caller = ownerCaller(scene)

const ledger = (asOf?: string) => caller.coverage.hours({ organization, days: 2, ...(asOf ? { asOf } : {}) })
type Ledger = Awaited<ReturnType<typeof ledger>>

/** The states of a kind from an instant on, hour by hour, without an hour that has just begun and asked for nothing yet. */
function statesSince({ from, rows }: Ledger, kind: string, since: Date): string[] {
  const row = rows.find(each => each.kind === kind)
  const states = row?.states.slice(Math.floor((since.getTime() - from.getTime()) / hour)) ?? []
  return states.at(-1) === 'none' ? states.slice(0, -1) : states
}

/** Moves to this connection's own minute of the next hour. */
function toNextSlot(): void {
  const at = clock.now().getTime()
  const slot = Math.floor(at / hour) * hour + spreadOf(connectionId, 'hourly') * minute
  clock.jump((slot > at ? slot : slot + hour) - at)
}

let begun: Date
let duringOutage: string
beforeAll(async () => {
  // In another hour than the first sync, with no slot between them.
  clock.jump(hour - minute - (clock.now().getTime() % hour))
  toNextSlot()
  begun = clock.now()
  // One hour well; one in which two kinds fail; three of silence; one in which the secret has expired, and two more.
  await syncNow(scene, connectionId)
  toNextSlot()
  tenant.fault({ kind: 'throttle', retryAfter: 3_600, path: 'signIns' })
  tenant.fault({ kind: 'html-200', path: 'conditionalAccess' })
  await syncNow(scene, connectionId)
  tenant.clearFaults()
  for (let silent = 0; silent < 3; silent += 1) toNextSlot()
  clock.jump(10 * minute)
  duringOutage = (await ledger()).asOf.instant.toISOString()
  tenant.setSecret({ value: clientSecret, expiresAt: clock.now() })
  toNextSlot()
  await syncNow(scene, connectionId)
  toNextSlot()
  toNextSlot()
  clock.jump(10 * minute)
})

describe('the gap ledger', () => {
  test('says of every hour of each kind what came, and why nothing did', async () => {
    const answer = await ledger()
    expect(answer.rows.every(({ states }) => states.length === 48)).toBe(true)
    const expected = ['failed', 'missing', 'missing', 'missing', 'failed', 'missing', 'missing']
    expect(statesSince(answer, 'conditional_access_policies', begun)).toEqual(['reaffirmed', ...expected])
    expect(statesSince(answer, 'user_inventory', begun)).toEqual([
      'reaffirmed',
      'reaffirmed',
      ...expected.slice(1),
    ])
    const told = answer.gaps.map(({ kinds, hours, state, why }) => [kinds.length, hours, state, why])
    expect(told).toEqual([
      [
        6,
        2,
        'missing',
        expect.stringMatching(/waited for a person\. The client secret .* is past its expiry date/),
      ],
      [6, 1, 'failed', expect.stringContaining('is past its expiry date')],
      [6, 3, 'missing', 'No sync began in this hour.'],
      [1, 1, 'failed', expect.stringContaining('Something other than data came back')],
      [1, 1, 'failed', expect.stringContaining('slowed the reading of the sign-ins with risk down')],
    ])
    expect(answer.gaps.map(({ runId }) => runId === null)).toEqual([true, false, true, false, false])
  })

  test('is told as it was known then, where one looks back', async () => {
    const then = await ledger(duringOutage)
    expect(then.gaps.map(({ state }) => state)).toEqual(['missing', 'failed', 'failed'])
    expect(then.gaps[0]).toMatchObject({ hours: 3, why: 'No sync began in this hour.' })
  })

  test('knows what a later window of the feed has brought, and no hour of a state', async () => {
    tenant.setSecret({ value: clientSecret })
    const back = await signInToReauthorize(scene, connectionId)
    await completeAuthorization(services, scene.browser, back.searchParams)
    toNextSlot()
    expect(await syncNow(scene, connectionId)).toBe('succeeded')
    const answer = await ledger()
    expect(statesSince(answer, 'risky_sign_ins', begun)).toEqual([
      'collected',
      ...Array<string>(7).fill('caught_up'),
      'collected',
    ])
    expect(statesSince(answer, 'user_inventory', begun)).not.toContain('caught_up')
    expect((await ledger(duringOutage)).gaps.map(({ state }) => state)).not.toContain('caught_up')

    const row = answer.rows.find(({ kind }) => kind === 'risky_sign_ins')
    const spans = coveredSpans(await windows())
    for (const [index, state] of (row?.states ?? []).entries()) {
      const from = new Date(answer.from.getTime() + index * hour)
      const to = new Date(from.getTime() + hour)
      const isCovered = spans.some(span => span.from <= from && span.to >= to)
      if (state === 'caught_up') expect(isCovered).toBe(true)
      if (state === 'failed' || state === 'missing') expect(isCovered).toBe(false)
    }
  })

  test('is a file with a line for every hour, and stands on the overview', async () => {
    const { body, filename } = await caller.coverage.hoursCsv({ organization, days: 2 })
    expect(filename).toMatch(/^hours-[\w-]+\.csv$/)
    const lines = body.trimEnd().split('\r\n')
    expect(lines[3]).toBe('from,until,source,evidence,outcome,why,run')
    const { rows, gaps } = await ledger()
    expect(lines.length - 4).toBe(rows.length * 48)
    expect(lines.filter(line => line.includes('No sync began in this hour.')).length).toBeGreaterThan(15)
    const overview = await caller.coverage.overview({ organization })
    expect(overview.gaps.slice(0, gaps.length)).toEqual(gaps)
  })

  test('begins for an auditor with the period', async () => {
    const from = new Date(begun.getTime() + 5 * hour)
    const auditor = await auditorCaller(scene, { from, to: new Date(from.getTime() + 30 * 24 * hour) })
    const answer = await auditor.coverage.hours({ organization, days: 2 })
    const known = answer.rows.flatMap(({ states }) =>
      states.flatMap((state, index) =>
        state === 'none' ? [] : [answer.from.getTime() + (index + 1) * hour],
      ),
    )
    expect(known.length).toBeGreaterThan(0)
    expect(Math.min(...known)).toBeGreaterThan(from.getTime())
    const { body } = await auditor.coverage.hoursCsv({ organization, days: 2 })
    const early = body
      .split('\r\n')
      .filter(line => /^\d{4}-/.test(line) && new Date(line.split(',')[1] ?? '') <= from)
    expect(early.length).toBeGreaterThan(0)
    for (const line of early) expect(line).toMatch(/,not due,,$/)
    await expect(
      auditor.coverage.hours({ organization, asOf: new Date(from.getTime() - hour).toISOString() }),
    ).rejects.toThrow()
  })
})

/** The recorded windows of the feed, in the order in which they were read. */
async function windows() {
  const rows = await services.database.withOrganization(organizationId, transaction =>
    transaction
      .select({ from: evidence.windowFrom, to: evidence.windowTo })
      .from(evidence)
      .where(and(eq(evidence.organizationId, organizationId), eq(evidence.kind, 'risky_sign_ins')))
      .orderBy(asc(evidence.position)),
  )
  return rows.flatMap(({ from, to }) => (from && to ? [{ from, to }] : []))
}
