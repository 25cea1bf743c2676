import { asc, eq } from 'drizzle-orm'
import { afterAll, expect, test } from 'vitest'
import { organizationSlug } from '../../db/schema/accounts.ts'
import { events } from '../../db/schema/ledger.ts'
import { member } from '../../db/schema/state.ts'
import { demoOrganizations } from '../../sandbox/demo-people.ts'
import { demoDirectories, demoTenants } from '../../sandbox/demo-tenants.ts'
import { startEntra } from '../../sandbox/entra/start-entra.ts'
import { playHistory } from '../../sandbox/history.ts'
import { systemClock } from '../../server/clock.ts'
import { storedLog } from '../support/log.ts'
import { patience } from '../support/patience.ts'
import { appOrigin, useServices } from '../support/services.ts'

const day = 86_400_000

const entra = await startEntra({
  tenants: demoTenants(new Date(Date.now() - 40 * day), `${appOrigin}/api/integrations/entra/callback`),
})
afterAll(() => entra.stop())
const { services, smtp, jobs } = await useServices({ clock: systemClock, entraOrigin: () => entra.origin })

test('a played week is a ledger like any other: hourly syncs, an outage, a standstill, a secret and a sign-in renewed', {
  timeout: patience(180_000),
}, async () => {
  const [organization] = demoOrganizations
  if (!organization) throw new Error('no demo organization')
  const days: number[] = []
  const { slug, runs } = await playHistory({
    services,
    entra,
    smtp,
    organization,
    directory: demoDirectories.contoso,
    days: 7,
    onDay: played => days.push(played),
  })
  expect(days).toEqual([1, 2, 3, 4, 5, 6, 7].slice(0, days.length))
  expect(runs).toBeGreaterThan(100)

  const all = await eventsOf(slug)
  const count = (type: string) => all.filter(event => event.type === type).length
  expect(all.map(event => event.position)).toEqual(all.map((_, index) => index))
  expect(count('SyncStarted')).toBe(runs)
  expect(count('SyncSucceeded') + count('SyncPartlySucceeded') + count('SyncFailed')).toBe(runs)
  expect(count('SyncFailed')).toBeGreaterThan(5)
  expect(count('ReauthorizationRequired')).toBe(2)
  expect(count('ClientSecretReplaced')).toBe(1)
  expect(count('ConnectionReauthorized')).toBe(1)
  // The standstill leaves no run for more than a day.
  const starts = all.filter(event => event.type === 'SyncStarted').map(event => event.at.getTime())
  const longest = Math.max(...starts.slice(1).map((at, index) => at - (starts[index] ?? at)))
  expect(longest).toBeGreaterThan(day)
  // Each day was sealed on its own time.
  const sealed = await storedLog(services, await organizationOf(slug)).checkpoints()
  expect(sealed.length).toBeGreaterThanOrEqual(days.length)
  expect(sealed.at(-1)?.size).toBe(all.length)
  for (const { note } of sealed) expect(note).toContain('\nsimulated\n')
  // An approval seals as well, before the day's own seal at the same moment.
  const moments = [...new Set(sealed.map(({ signedAt }) => signedAt.getTime()))]
  expect(moments.length).toBeGreaterThanOrEqual(days.length)
  for (const [index, moment] of moments.entries()) {
    expect(moment).toBeGreaterThan((moments[index - 1] ?? 0) + day / 2)
  }
  // A grant counts whole days, as one that a form gave: what a page offers to the minute lies within it.
  const grants = (await membersOf(slug)).flatMap(({ periodFrom }) => (periodFrom ? [periodFrom] : []))
  expect(grants.map(from => from.getTime() % day)).toEqual([0, 0])
  // What comes after the played past is the real queue's.
  expect(jobs.at(-1)?.payload).toMatchObject({ trigger: 'schedule' })
  expect(jobs.at(-1)?.startAfter?.getTime()).toBeGreaterThan(Date.now() - 3_600_000)
})

async function organizationOf(slug: string) {
  const [row] = await services.database.outsideTenant
    .select({ organizationId: organizationSlug.organizationId })
    .from(organizationSlug)
    .where(eq(organizationSlug.slug, slug))
  return row?.organizationId ?? ''
}

async function membersOf(slug: string) {
  const organizationId = await organizationOf(slug)
  return services.database.withOrganization(organizationId, transaction =>
    transaction
      .select({ periodFrom: member.periodFrom })
      .from(member)
      .where(eq(member.organizationId, organizationId)),
  )
}

async function eventsOf(slug: string) {
  const organizationId = await organizationOf(slug)
  return services.database.withOrganization(organizationId, transaction =>
    transaction
      .select({ position: events.position, type: events.eventType, at: events.recordedAt })
      .from(events)
      .where(eq(events.organizationId, organizationId))
      .orderBy(asc(events.position)),
  )
}
