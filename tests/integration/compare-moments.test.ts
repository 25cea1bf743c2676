import { expect, test } from 'vitest'
import { revokeConnection } from '../../server/connections/manage-connection.ts'
import { sweepOverdue } from '../../server/connections/sweep.ts'
import { auditorCaller, newMember, ownerCaller } from '../support/caller.ts'
import { seedSyncedOrganization, syncNow } from '../support/seed.ts'

const hour = 3_600_000
const scene = await seedSyncedOrganization()
const { clock, connectionId, organizationId, slug, services, userId } = scene
const tenant = scene.entra.tenant(scene.spec.tenantId)
const owner = ownerCaller(scene)

const start = await momentNow()
clock.jump(hour)
tenant.setUser(5, { displayName: 'Renamed Person' })
tenant.removeUser(6)
tenant.addUser({ displayName: 'New Person' })
await newMember(scene, 'compliance_lead')
await syncNow(scene, connectionId)
const middle = await momentNow()
clock.jump(8 * hour)
const { subjects } = await owner.controls.get({ organization: slug, controlId: 'AC-02' })
const { exceptionId } = await owner.exceptions.request({
  organization: slug,
  controlId: 'AC-02',
  subjectKind: 'account',
  subjectId: subjects.subjects.find(({ verdict }) => verdict === 'fail')?.subjectKey ?? '',
  reason: 'Keys are on their way.',
  ownerId: userId,
  expiresOn: new Date(clock.now().getTime() + 50 * 24 * hour).toISOString().slice(0, 10),
})
await sweepOverdue(services)
await revokeConnection(services, { organizationId, connectionId, userId })
const end = await momentNow()

const compare = (asOf: string, against: string, caller = owner) =>
  caller.ledger.compare({ organization: slug, asOf, against })

test('accounts that joined, changed and left are told by name, and of what changed which field', async () => {
  const { populations } = await compare(middle, start)
  const users = populations.find(({ kind }) => kind === 'user_inventory')
  expect(users?.joined.items.map(({ name }) => name)).toEqual(['New Person'])
  expect(users?.left.count).toBe(1)
  expect(users?.changed.items).toMatchObject([
    { name: 'Renamed Person', fields: [{ field: 'displayName', after: 'Renamed Person' }] },
  ])
  expect(users?.countAfter).toBe(users?.countBefore)
})

test('members who joined are named with their role', async () => {
  const { members } = await compare(middle, start)
  expect(members).toMatchObject([{ before: null, after: 'Compliance lead' }])
})

test('revoking shows in the connection, in every control and in coverage', async () => {
  const { coverage, controls, connections } = await compare(end, middle)
  expect(connections).toMatchObject([{ before: { status: 'connected' }, after: { status: 'revoked' } }])
  expect(coverage.after.percent).toBe(0)
  expect(coverage.before.percent).toBeGreaterThan(0)
  const judged = controls.filter(({ before }) => before?.state !== 'no_data')
  for (const { after } of judged) expect(after?.state).toBe('no_data')
  expect(judged.length).toBeGreaterThan(0)
})

test('exceptions that were asked for or ran out are told, some by time alone; so are alerts', async () => {
  const { exceptions, alerts } = await compare(end, middle)
  expect(exceptions.items).toMatchObject([{ exceptionId, before: null, after: 'waiting' }])
  expect(alerts.items.map(({ title, wasOpen, ended }) => [title, wasOpen, ended?.words])).toContainEqual([
    expect.stringMatching(/has not been read for more than 6 hours/),
    false,
    'The connection was revoked.',
  ])
  expect(alerts.count).toBe(alerts.items.length)
  const same = await compare(end, end)
  expect([same.exceptions, same.alerts]).toEqual([
    { count: 0, items: [] },
    { count: 0, items: [] },
  ])
})

test('whichever moment is asked first, the earlier one stands before the later', async () => {
  const { before, after, against, asOf, ...one } = await compare(end, start)
  const { before: _, after: __, against: ___, asOf: ____, ...other } = await compare(start, end)
  expect(other).toEqual(one)
  expect(before.text).toBe(start)
  expect(after.text).toBe(end)
})

test('a moment differs in nothing from itself', async () => {
  const { populations, controls, connections, members, sameControls } = await compare(middle, middle)
  expect({ populations, controls, connections, members }).toEqual({
    populations: [],
    controls: [],
    connections: [],
    members: [],
  })
  expect(sameControls).toBe(13)
})

test('time alone shows: with no event in between, evidence that became stale lowers coverage', async () => {
  const at = new Date(middle.split('@')[0] ?? '')
  const later = new Date(at.getTime() + 7 * hour).toISOString()
  const { before, after, coverage, populations } = await compare(middle, later)
  expect(after.position).toBe(before.position)
  expect(coverage.after.percent).toBeLessThan(coverage.before.percent)
  expect(populations).toEqual([])
})

test.each([
  ['in the future', '2200-01-01T00:00Z', /in the future/],
  ['before the beginning', '1999-01-01T00:00Z', /before the organization/],
  ['that is no position', '999999', /no position/],
  ['that is no moment', 'yesterday', /no instant/],
])('a moment %s is refused in words', async (_, against, words) => {
  await expect(compare(middle, against)).rejects.toMatchObject({
    code: 'BAD_REQUEST',
    cause: { userMessage: expect.stringMatching(words) },
  })
})

test('an auditor compares moments of the period alone', async () => {
  const [from] = start.split('@')
  const [to] = middle.split('@')
  const auditor = await auditorCaller(scene, { from: new Date(from ?? ''), to: new Date(to ?? '') })
  await expect(compare(middle, start, auditor)).resolves.toMatchObject({ before: { text: start } })
  await expect(compare(middle, end, auditor)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(compare(middle, '0', auditor)).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

/** The pair that stands for what is known right now. */
async function momentNow(): Promise<string> {
  const { newestAt, newestPosition } = await owner.ledger.head({ organization: slug })
  return `${newestAt.toISOString()}@${newestPosition}`
}
