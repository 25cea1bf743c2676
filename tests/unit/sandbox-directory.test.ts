import fc from 'fast-check'
import { expect, test } from 'vitest'
import { indexOfUserId, userIdOf } from '../../sandbox/entra/directory/hash.ts'
import { riskEventsOfHour } from '../../sandbox/entra/directory/risk.ts'
import { createTenant, type Tenant } from '../../sandbox/entra/tenant.ts'
import type { TenantSpec } from '../../sandbox/entra/types.ts'
import { standInSpec } from '../support/stand-in.ts'

const since = new Date('2026-01-05T00:00:00Z')
const days = (count: number) => new Date(since.getTime() + count * 86_400_000)
const instants = fc
  .integer({ min: 0, max: 200 * 24 })
  .map(hours => new Date(since.getTime() + hours * 3_600_000))

function tenantAt(now: Date, part: Partial<TenantSpec> = {}): Tenant {
  return createTenant(standInSpec({ size: 150, seed: 20_260_101, churn: true, ...part }), { now: () => now })
}

function everyone(tenant: Tenant, now: Date) {
  return Array.from({ length: tenant.directory.end(now) }, (_, index) =>
    tenant.directory.userAt(index, now),
  ).filter(user => user !== null)
}

test('an object id gives its position back, and no other id does', () => {
  fc.assert(
    fc.property(fc.integer(), fc.nat({ max: 2 ** 30 }), fc.uuid(), (seed, index, stranger) => {
      expect(indexOfUserId(seed, userIdOf(seed, index))).toBe(index)
      expect(indexOfUserId(seed, stranger)).toBe(-1)
    }),
  )
})

test('what a directory says about an instant does not depend on what was asked before', () => {
  fc.assert(
    fc.property(instants, fc.array(instants, { maxLength: 5 }), (asked, others) => {
      const fresh = tenantAt(asked)
      const used = tenantAt(asked)
      for (const other of others) everyone(used, other)
      expect(everyone(used, asked)).toEqual(everyone(fresh, asked))
    }),
    { numRuns: 25 },
  )
})

test('the count is the number of accounts, through joiners, leavers, additions and removals', () => {
  fc.assert(
    fc.property(instants, fc.uniqueArray(fc.nat({ max: 160 }), { maxLength: 12 }), (now, removed) => {
      const tenant = tenantAt(now, { churn: { joinerEveryDays: 2, leaverEveryDays: 3 } })
      for (const index of removed) tenant.removeUser(index)
      const { directory } = tenant
      expect(directory.count(now)).toBe(everyone(tenant, now).length)
    }),
    { numRuns: 50 },
  )
})

test('addresses do not repeat', () => {
  const tenant = tenantAt(days(30), { size: 30_000 })
  const names = everyone(tenant, days(30)).map(user => user.userPrincipalName)
  expect(new Set(names).size).toBe(names.length)
})

test('the demo-sized directory holds every kind of account and a few honest findings', () => {
  const start = tenantAt(since)
  const users = everyone(start, since)
  const kinds = ['person', 'guest', 'emergency', 'directory-sync', 'service', 'shared', 'future-hire']
  expect(new Set(users.map(user => user.class))).toEqual(new Set(kinds))
  const people = users.filter(user => user.class === 'person' && user.accountEnabled)
  expect(people.filter(user => !user.isMfaCapable)).toHaveLength(3)
  expect(users.filter(user => user.isAdmin)).toHaveLength(5)
  expect(users.filter(user => user.isAdmin).every(user => user.isMfaCapable)).toBe(true)
  expect(users.some(user => user.createdDateTime === null)).toBe(true)
  expect(users.some(user => user.userType === null)).toBe(true)
})

test('people join, register a second factor some days later, and leave', () => {
  const now = days(40)
  const tenant = tenantAt(now)
  const firstJoiner = 150
  const joined = tenant.directory.userAt(firstJoiner, days(8))
  expect(joined?.createdDateTime).toBeTruthy()
  const joinedAt = new Date(joined?.createdDateTime ?? 0)
  expect(tenant.directory.userAt(firstJoiner, new Date(joinedAt.getTime() - 2000))).toBeNull()
  expect(tenant.directory.userAt(firstJoiner, new Date(joinedAt.getTime() + 3_600_000))?.isMfaCapable).toBe(
    false,
  )
  expect(tenant.directory.userAt(firstJoiner, now)?.isMfaCapable).toBe(true)
  const enabled = (at: Date) =>
    everyone(tenant, at).filter(user => user.accountEnabled && user.index < 150).length
  expect(enabled(days(40))).toBeLessThan(enabled(days(0)))
  expect(everyone(tenant, days(40)).filter(user => user.index < 150).length).toBeLessThan(150)
})

test('a risk keeps its identity and time while its outcome settles', () => {
  const tenant = tenantAt(days(60), { size: 5000 })
  const spec = { seed: 5, size: 5000, since }
  const firstHour = Math.floor(days(10).getTime() / 3_600_000)
  const eventsAt = (now: Date) =>
    Array.from({ length: 24 * 10 }, (_, hour) =>
      riskEventsOfHour(spec, tenant.directory, firstHour + hour, now),
    ).flat()
  const early = eventsAt(days(20))
  for (const event of early) tenant.removeUser(event.user.index)
  const late = eventsAt(days(60))
  const identity = ({ id, at, level }: (typeof early)[number]) => ({ id, at, level })
  expect(early.length).toBeGreaterThan(10)
  expect(late.map(identity)).toEqual(early.map(identity))
  expect(late.every(event => event.riskState !== 'atRisk')).toBe(true)
  const before = (at: number) =>
    riskEventsOfHour(spec, tenant.directory, Math.floor(at / 3_600_000), new Date(at))
  const first = late[0]
  expect(before(first?.at ?? 0).find(event => event.id === first?.id)?.riskState).toBe('atRisk')
})

test('policies change on the days of the story, and only with churn', () => {
  const excluded = (day: number, churn: boolean) =>
    JSON.stringify(tenantAt(days(day), { churn }).policies(days(day)))
  expect(excluded(11, true)).toBe(excluded(0, true))
  expect(excluded(13, true)).not.toBe(excluded(11, true))
  expect(excluded(15, true)).not.toBe(excluded(13, true))
  expect(excluded(25, false)).toBe(excluded(0, false))
})

test('scripted changes come into force at their instant', () => {
  let now = days(0)
  const tenant = createTenant(
    standInSpec({
      script: [
        { at: days(3), change: 'set-licence', licence: 'none' },
        { at: days(1), change: 'set-user', user: 12, patch: { displayName: 'Renamed' } },
        {
          at: days(2),
          change: 'add-user',
          patch: { displayName: 'New', userPrincipalName: 'new@contoso.example' },
        },
        { at: days(2), change: 'remove-user', user: 13 },
      ],
    }),
    { now: () => now },
  )
  const look = (day: number) => {
    now = days(day)
    tenant.catchUp()
    const { directory } = tenant
    return [tenant.licence(), directory.userAt(12, now)?.displayName === 'Renamed', directory.count(now)]
  }
  expect(look(0)).toEqual(['P2', false, 60])
  expect(look(1)).toEqual(['P2', true, 60])
  expect(look(2)).toEqual(['P2', true, 60])
  expect(tenant.directory.userAt(13, now)).toBeNull()
  expect(look(4)).toEqual(['none', true, 60])
})
