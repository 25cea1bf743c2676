import { randomUUID } from 'node:crypto'
import { afterAll, expect, test } from 'vitest'
import { beginConnection, beginReauthorization } from '../../server/connections/begin-authorization.ts'
import { completeAuthorization } from '../../server/connections/complete-authorization.ts'
import { revokeConnection } from '../../server/connections/manage-connection.ts'
import { createConnectorRegistry } from '../../server/connectors/registry.ts'
import { newId } from '../../server/ledger/ids.ts'
import { registerOrganization } from '../../server/members/register-organization.ts'
import { callerOf } from '../support/caller.ts'
import { dispatchDue } from '../support/dispatch.ts'
import { jumpingClock } from '../support/entra.ts'
import { createRosterConnector, type Person, rosterSecret, startRoster } from '../support/roster.ts'
import { useServices } from '../support/services.ts'

/*
 * Another source than the first, by the contract alone: from the form to coverage and back, through the product's own
 * procedures. Whatever knew the first source by name would show here.
 */
const hour = 3_600_000
const clock = jumpingClock()
const person = (index: number, changes: Partial<Person> = {}): Person => ({
  id: randomUUID(),
  name: `Worker ${String(index).padStart(2, '0')}`,
  mail: `worker${index}@roster.example`,
  isActive: true,
  hasKey: true,
  isAdmin: index === 0,
  lastSeen: new Date(clock.now().getTime() - index * 24 * hour).toISOString(),
  ...changes,
})
const roster = await startRoster(Array.from({ length: 16 }, (_, index) => person(index)))
afterAll(() => roster.stop())

const composed = await useServices({ clock, entraOrigin: () => 'http://127.0.0.1:9' })
const services = {
  ...composed.services,
  connectors: createConnectorRegistry([createRosterConnector(roster.origin)]),
}
const dispatch = () => dispatchDue({ services, jobs: composed.jobs })

const { id: userId } = await services.auth.createVerifiedUser({
  name: 'Ada Owner',
  email: `owner-${newId()}@example.com`,
  password: 'not a password that is used',
})
const { organizationId, slug: organization } = await registerOrganization(services, {
  userId,
  name: 'Roster House',
  simulated: true,
})
const browser = { organizationId, userId, sessionId: newId() }
const caller = callerOf(services, { id: userId, name: 'Ada Owner', email: 'ada@example.com' })

const fields = {
  externalTenantId: randomUUID(),
  clientId: randomUUID(),
  clientSecret: rosterSecret,
  secretExpiresOn: new Date(clock.now().getTime() + 90 * 24 * hour).toISOString().slice(0, 10),
  cloud: 'only',
}

async function signIn(authorizeUrl: string) {
  const response = await fetch(authorizeUrl, { redirect: 'manual' })
  return completeAuthorization(
    services,
    browser,
    new URL(response.headers.get('location') ?? '').searchParams,
  )
}

let connectionId = ''

test('its card is its own: words, one permission, and what it reads', async () => {
  const card = await caller.connectors.card({ organization, connector: 'roster' })
  expect(card).toMatchObject({ name: 'Staff Roster', signIn: 'the roster', scopes: ['people:list'] })
  expect(card.redirectUri).toBe('http://localhost:3000/api/integrations/roster/callback')
  expect(card.reads.map(({ title, cadence }) => [title, cadence])).toEqual([
    ['Users', 'hourly'],
    ['MFA registration', 'hourly'],
    ['Sign-in activity', 'daily'],
  ])
  expect(JSON.stringify(card)).not.toMatch(/entra|microsoft|graph/i)
  expect(await caller.connectors.list({ organization })).toMatchObject([{ id: 'roster', kinds: 3 }])
})

test('a form that cannot be right is refused in its words, and a wrong secret by the source itself', async () => {
  const refused = beginConnection(services, browser, {
    connector: 'roster',
    fields: { ...fields, clientId: 'x' },
  })
  await expect(refused).rejects.toMatchObject({
    fields: { clientId: expect.stringContaining('client number') },
  })
  const wrong = { ...fields, clientSecret: 'another-secret-than-that' }
  const { authorizeUrl } = await beginConnection(services, browser, { connector: 'roster', fields: wrong })
  expect(await signIn(authorizeUrl)).toMatchObject({
    outcome: 'refused',
    title: 'The roster refuses',
    field: 'clientSecret',
  })
})

test('it connects, and its hourly and its daily kinds are synced by jobs of their own', async () => {
  const { authorizeUrl } = await beginConnection(services, browser, { connector: 'roster', fields })
  const outcome = await signIn(authorizeUrl)
  expect(outcome.outcome).toBe('connected')
  connectionId = 'connectionId' in outcome ? outcome.connectionId : ''
  expect(await dispatch()).toEqual(['succeeded', 'succeeded'])
  const { connection, scopes, daily } = await caller.connections.get({ organization, connectionId })
  expect(connection).toMatchObject({
    status: 'connected',
    freshness: 'fresh',
    connector: { name: 'Staff Roster' },
  })
  expect(connection.kinds.map(({ kind, state }) => [kind, state])).toEqual([
    ['user_inventory', 'collected'],
    ['mfa_registration', 'collected'],
    ['sign_in_activity', 'collected'],
  ])
  expect(scopes).toMatchObject([{ scope: 'people:list', state: 'granted' }])
  expect(daily?.titles).toEqual(['Sign-in activity'])
})

test('its evidence is shown by name, with where it came from', async () => {
  const { sources } = await caller.evidence.list({ organization })
  expect(sources).toMatchObject([{ connectorName: 'Staff Roster' }])
  expect(sources[0]?.kinds.map(({ kind }) => kind)).toEqual([
    'user_inventory',
    'mfa_registration',
    'sign_in_activity',
  ])
  const people = await caller.evidence.population({ organization, kind: 'sign_in_activity' })
  expect(people.rows.map(({ name }) => name)).toEqual(roster.people.map(({ name }) => name))
  const { history } = await caller.evidence.kind({ organization, kind: 'user_inventory' })
  const { evidence } = await caller.evidence.get({ organization, id: history.rows[0]?.id ?? '' })
  expect(evidence.provenance).toMatchObject({
    request: 'GET /people',
    pages: 3,
    rows: 16,
    collectorVersion: 'roster 1',
  })
})

test('coverage judges what it brings, and calls not testable what it does not offer', async () => {
  const { criteria } = await caller.controls.list({ organization })
  const controls = criteria.flatMap(criterion => criterion.controls)
  expect(Object.fromEntries(controls.map(({ id, words }) => [id, words]))).toEqual({
    'AC-01': 'Pass',
    'AC-02': 'Pass',
    'AC-03': 'Not testable: not offered here',
    'AC-04': 'Pass',
    'AC-05': 'Not testable: not offered here',
    'AC-08': 'Pass',
    // Nobody has put its administrator on the list yet.
    'AC-10': 'Fail',
    'AC-11': 'Pass',
    'AC-12': 'Not testable: not offered here',
    'AC-13': 'Not testable: not offered here',
    'AC-14': 'Not testable: not offered here',
    'AC-15': 'Not testable: not offered here',
    'AC-16': 'Pass',
  })
  const { percent, strip, needs, sources } = await caller.coverage.overview({ organization })
  expect(percent).toBe(46.2)
  expect(sources).toMatchObject([{ state: 'fresh' }])
  expect(strip.rows.map(({ kind }) => kind)).toEqual([
    'user_inventory',
    'mfa_registration',
    'sign_in_activity',
  ])
  expect(JSON.stringify(needs)).not.toMatch(/entra|microsoft|cloud/i)
})

test('a change there is a change here, and a kind that fails fails alone', async () => {
  roster.people = roster.people.map((each, index) => (index === 3 ? { ...each, hasKey: false } : each))
  roster.failing.set('/people', 503)
  clock.jump(hour + 30 * 60_000)
  expect(await dispatch()).toContain('partly')
  const detail = await caller.controls.get({ organization, controlId: 'AC-02' })
  expect(detail.sources[0]).toMatchObject({ verdict: 'fail' })
  expect(detail.subjects.subjects.map(({ name }) => name)).toEqual(['Worker 03'])
  const users = await caller.evidence.population({ organization, kind: 'user_inventory' })
  expect(users.total).toBe(16)
  roster.failing.clear()
})

test('a permission too many is drift, and a sign-in that ended asks for a person once', async () => {
  roster.scopes = ['people:list', 'people:photos']
  clock.jump(hour + 30 * 60_000)
  expect(await dispatch()).toContain('succeeded')
  const { scopes } = await caller.connections.get({ organization, connectionId })
  expect(scopes.at(-1)).toEqual({ scope: 'people:photos', state: 'excess', kinds: [] })

  roster.isSignInValid = false
  clock.jump(hour + 30 * 60_000)
  expect(await dispatch()).toContain('refused')
  const asked = roster.requests.length
  clock.jump(6 * hour)
  await dispatch()
  expect(roster.requests).toHaveLength(asked)
  const { connection } = await caller.connections.get({ organization, connectionId })
  expect(connection.attention).toMatchObject({
    remedy: 'reauthorize',
    explanation: expect.stringContaining('roster'),
  })

  roster.isSignInValid = true
  const { authorizeUrl } = await beginReauthorization(services, browser, connectionId)
  expect(await signIn(authorizeUrl)).toMatchObject({ outcome: 'reauthorized' })
  expect(await dispatch()).toContain('succeeded')
})

test('revoking destroys its credential and keeps what it brought', async () => {
  await revokeConnection(services, { organizationId, connectionId, userId })
  expect((await caller.coverage.overview({ organization })).percent).toBe(0)
  const users = await caller.evidence.population({ organization, kind: 'user_inventory' })
  expect(users.total).toBe(16)
  clock.jump(2 * hour)
  expect((await dispatch()).every(result => result === 'nothing_to_do')).toBe(true)
})
