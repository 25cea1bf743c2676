import { and, asc, eq, sql } from 'drizzle-orm'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { evidence, itemBody } from '../../db/schema/ledger.ts'
import { membership, syncSchedule } from '../../db/schema/state.ts'
import { signIns } from '../../sandbox/entra/directory/sign-ins.ts'
import {
  normaliseRiskySignIn,
  riskySignInRowSchema,
} from '../../server/connectors/entra/normalise/risky-sign-in.ts'
import { coveredSpans, wholeWindow } from '../../server/domain/run/feed-window.ts'
import { startRun } from '../../server/evidence/start-run.ts'
import { isOpen } from '../../server/projections/range.ts'
import { rebuildWouldChange } from '../support/replay.ts'
import { seedSecondOrganization, syncNow, useScene } from '../support/seed.ts'

const hour = 3_600_000
const day = 24 * hour
const kind = 'risky_sign_ins'

const scene = await useScene({ size: 12, lateArrivals: true, riskySignInsPerDay: 10 })
const { clock, entra, services } = scene
const tenant = entra.tenant(scene.spec.tenantId)

/** How far this deployment's clock is ahead of the directory's. */
let ahead = 0

/** Sets our clock alone: the directory's stays as it was. */
function jump(milliseconds: number): void {
  ahead += milliseconds
  clock.jump(milliseconds)
  entra.skewClock(-ahead)
}

type Office = Awaited<ReturnType<typeof seedSecondOrganization>>

/** A run as it may go: well, without the feed, or ended by the death of its process. */
const ways = {
  reads: (office: Office) => syncNow(office, office.connectionId),
  fails: async (office: Office) => {
    tenant.fault({ kind: 'html-200', path: '/auditLogs/signIns' })
    const result = await syncNow(office, office.connectionId)
    tenant.clearFaults()
    return result
  },
  dies: async ({ organizationId, connectionId }: Office) => {
    await startRun(services, { organizationId, connectionId, trigger: 'manual', dueAt: null })
    await services.database.withOrganization(organizationId, transaction =>
      transaction
        .update(syncSchedule)
        .set({ leaseUntil: sql`statement_timestamp() - interval '1 second'` })
        .where(
          and(eq(syncSchedule.organizationId, organizationId), eq(syncSchedule.connectionId, connectionId)),
        ),
    )
    return 'died'
  },
}

const schedule = fc.array(
  fc.record({
    passes: fc.oneof(
      { weight: 4, arbitrary: fc.integer({ min: hour / 2, max: 2 * hour }) },
      fc.integer({ min: 2 * hour, max: 40 * hour }),
    ),
    jumps: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: -2 * day, max: 2 * day })),
    way: fc.constantFrom<keyof typeof ways>('reads', 'reads', 'reads', 'fails', 'dies'),
  }),
  { minLength: 6, maxLength: 10 },
)

test('over any schedule what the directory lists in a covered span is held once, with its latest outcome', async () => {
  await fc.assert(
    fc.asyncProperty(schedule, async steps => {
      const office = await seedSecondOrganization(scene)
      for (const { passes, jumps, way } of steps) {
        clock.jump(passes)
        jump(jumps)
        await ways[way](office)
      }
      jump(-ahead)
      clock.jump(day)
      expect(await ways.reads(office)).toBe('succeeded')

      const windows = await windowsOf(office)
      for (const { to } of windows) expect(to.getTime()).toBeLessThanOrEqual(entra.now().getTime())
      const spans = coveredSpans(windows)
      const listed = listedNow().filter(({ at }) => spans.some(({ from, to }) => from <= at && at < to))
      expect(listed.length).toBeGreaterThan(100)
      const held = await heldOf(office)
      const expected = listed.map(({ body }) => body)
      expect(held.filter(body => expected.some(each => each.id === body.id))).toEqual(expected)
      expect(new Set(held.map(({ id }) => id)).size).toBe(held.length)

      expect(await rebuildWouldChange(scene.services, office.organizationId)).toEqual({})
    }),
    { numRuns: 2 },
  )
})

test('a directory that refuses the combined filter is read state by state, at every run', async () => {
  const office = await seedSecondOrganization(scene)
  tenant.fault({ kind: 'status', status: 400, path: / or |%20or%20/ })
  clock.jump(day)
  expect(await ways.reads(office)).toBe('succeeded')
  tenant.clearFaults()
  const expected = listedNow().map(({ body }) => body)
  const held = await heldOf(office)
  expect(held.filter(({ id }) => expected.some(each => each.id === id))).toEqual(expected)
})

/** The windows of the feed that are recorded, as they were read. */
async function windowsOf({ organizationId }: Office) {
  const rows = await services.database.withOrganization(organizationId, transaction =>
    transaction
      .select({ from: evidence.windowFrom, to: evidence.windowTo })
      .from(evidence)
      .where(and(eq(evidence.organizationId, organizationId), eq(evidence.kind, kind)))
      .orderBy(asc(evidence.position)),
  )
  return rows.flatMap(({ from, to }) => (from && to ? [{ from, to }] : []))
}

/** What is held of the feed now, by id. */
async function heldOf({ organizationId }: Office) {
  const rows = await services.database.withOrganization(organizationId, transaction =>
    transaction
      .select({ body: itemBody.body })
      .from(membership)
      .innerJoin(
        itemBody,
        and(eq(itemBody.organizationId, organizationId), eq(itemBody.hash, membership.itemHash)),
      )
      .where(and(isOpen(membership, organizationId), eq(membership.kind, kind))),
  )
  return byId(rows.map(({ body }) => JSON.parse(body)))
}

/** What the directory lists by now, in the form in which it is held. */
function listedNow() {
  const now = entra.now()
  const range = {
    from: new Date(now.getTime() - wholeWindow),
    to: now,
    riskStates: ['atRisk', 'confirmedCompromised', 'remediated', 'dismissed', 'confirmedSafe'],
    hasRiskLevels: true,
    lateArrivals: true,
    tenantId: tenant.id,
  }
  const rows = [...signIns({ ...tenant.spec, since: tenant.since }, tenant.directory, range, now)]
  const listed = rows.map(row => {
    const checked = riskySignInRowSchema.parse(row)
    // As it is stored: JSON, in which what is undefined is absent.
    const body: { id: string } = JSON.parse(JSON.stringify(normaliseRiskySignIn(checked).item))
    return { at: new Date(checked.createdDateTime), body }
  })
  return listed.sort((a, b) => (a.body.id < b.body.id ? -1 : 1))
}

const byId = <Body extends { id: string }>(bodies: Body[]): Body[] =>
  bodies.sort((a, b) => (a.id < b.id ? -1 : 1))
