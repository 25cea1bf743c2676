import { and, eq } from 'drizzle-orm'
import postgres from 'postgres'
import { afterAll, expect, test } from 'vitest'
import type { Transaction } from '../../db/client.ts'
import { projectionRebuild, verdict } from '../../db/schema/state.ts'
import { completeAuthorization } from '../../server/connections/complete-authorization.ts'
import { replaceClientSecret, revokeConnection } from '../../server/connections/manage-connection.ts'
import { newId } from '../../server/ledger/ids.ts'
import type { AsOf } from '../../server/ledger/position-at.ts'
import { holdsAt } from '../../server/projections/range.ts'
import { rebuildProjections } from '../../server/projections/rebuild/rebuild.ts'
import { erasePerson, erasureWord } from '../../server/retention/erase-person.ts'
import { purgeOrganization } from '../../server/retention/purge-organization.ts'
import { findPeople } from '../../server/retention/show-erasures.ts'
import { sampledAssessment } from '../support/assessment.ts'
import { ownerCaller } from '../support/caller.ts'
import { errorOf } from '../support/entra.ts'
import { actor, appendTo } from '../support/ledger.ts'
import { rebuildWouldChange } from '../support/replay.ts'
import {
  seedSecondOrganization,
  seedSyncedOrganization,
  signInToReauthorize,
  syncNow,
} from '../support/seed.ts'
import { workingTables } from '../support/table-classes.ts'
import { tenantTables } from '../support/tenant-tables.ts'
import { untilWaiting } from '../support/waiting.ts'

const hour = 3_600_000
const scene = await seedSyncedOrganization()
const beside = await seedSecondOrganization(scene)
const { organizationId, connectionId, clock, services } = scene
const { ledger } = services
const admin = postgres(scene.db.adminUrl, { max: 3, onnotice: () => undefined })
afterAll(() => admin.end())

const tables = await tenantTables(admin)
const liveTables = tables.filter(
  ({ name, table }) => name.startsWith('state.') && !workingTables.includes(table),
)
const rebuildTables = tables.filter(({ name }) => name.startsWith('rebuild.'))

const tenant = scene.entra.tenant(scene.spec.tenantId)
const target = { organizationId, connectionId, userId: scene.userId }
async function sync() {
  clock.jump(hour)
  return syncNow(scene, connectionId)
}

/** How many rows each projection has, and a digest over all their columns. */
async function contents(organization: string) {
  const answers = new Map<string, { rows: number; digest: string }>()
  for (const { name } of liveTables) {
    const [row] = await admin.unsafe<{ rows: number; digest: string }[]>(
      `select count(*)::int as rows, coalesce(md5(string_agg(t::text, e'\\n' order by t::text)), '') as digest
         from ${name} t where t.organization_id = '${organization}'`,
    )
    if (row) answers.set(name, { ...row })
  }
  return answers
}

async function leftOver(): Promise<number> {
  let rows = 0
  for (const { name } of rebuildTables) {
    const [row] = await admin.unsafe<{ rows: number }[]>(`select count(*)::int as rows from ${name}`)
    rows += row?.rows ?? 0
  }
  return rows
}

const lastPosition = () => ledger.query(organizationId, { kind: 'now' }, async (_, { position }) => position)

const readVerdicts = (transaction: Transaction, { position }: AsOf) =>
  transaction
    .select({ controlId: verdict.controlId, sourceId: verdict.sourceId, verdict: verdict.verdict })
    .from(verdict)
    .where(and(holdsAt(verdict, organizationId, position)))
    .orderBy(verdict.controlId, verdict.sourceId)

/** One decision by a person of each sort that a projection holds. */
async function decideOfEverySort(): Promise<void> {
  const [owner, organization, reason] = [ownerCaller(scene), scene.slug, 'Decided together.']
  const [member] = await admin<{ subject: string }[]>`
    select subject_key as subject from state.membership
     where organization_id = ${organizationId} and kind = 'user_inventory' and to_position = 9223372036854775807
     order by subject_key limit 1`
  const subject = member?.subject ?? ''
  const expiresOn = new Date(clock.now().getTime() + 30 * 24 * hour).toISOString().slice(0, 10)
  await owner.settings.setThreshold({ organization, thresholdId: 'administrators', value: 6 })
  await owner.settings.scopeControl({ organization, controlId: 'AC-05', isInScope: false, reason })
  await owner.accounts.declare({
    organization,
    subject,
    class: 'shared',
    ownerId: scene.userId,
    reason,
    expiresOn,
  })
  await owner.accounts.listAdministrator({ organization, subject, isApproved: true, reason })
  await owner.exceptions.request({
    organization,
    controlId: 'AC-02',
    subjectKind: 'account',
    subjectId: subject,
    reason,
    ownerId: scene.userId,
    expiresOn,
  })
  const { lists, asOf } = await owner.reviews.guests({ organization })
  for (const { sourceId, count, fingerprint } of lists) {
    const seen = { sourceId, count, fingerprint, position: asOf.position }
    await owner.reviews.confirmGuests({ organization, ...seen, note: reason })
  }
}

test('a history with changes, failures, a new sign-in and an end comes about', async () => {
  expect(await sync()).toBe('succeeded')
  tenant.setUser(5, { displayName: 'Renamed Person', accountEnabled: false })
  tenant.removeUser(6)
  tenant.addUser({ displayName: 'New Person' })
  expect(await sync()).toBe('succeeded')
  tenant.setLicence('none')
  await sync()
  await sync()
  tenant.setLicence('P2')
  expect(await sync()).toBe('succeeded')

  tenant.fault({ path: '/identity/conditionalAccess/policies', kind: 'html-200' })
  expect(await sync()).toBe('partly')
  tenant.clearFaults()
  clock.jump(60 * hour)
  expect(await sync()).toBe('succeeded')

  tenant.revokeSessions()
  expect(await sync()).toBe('refused')
  const back = await signInToReauthorize(scene, connectionId)
  await completeAuthorization(services, scene.browser, back.searchParams)
  expect(await sync()).toBe('succeeded')

  tenant.setSecret({ value: 'another~secret.value' })
  expect(await sync()).toBe('refused')
  const secretExpiresOn = new Date(clock.now().getTime() + 90 * 24 * hour).toISOString().slice(0, 10)
  await replaceClientSecret(services, target, { clientSecret: 'another~secret.value', secretExpiresOn })
  expect(await sync()).toBe('succeeded')
  await sampledAssessment(scene)
  await decideOfEverySort()
  const [renamed] = await services.database.withOrganization(organizationId, transaction =>
    findPeople(transaction, organizationId, 'renamed'),
  )
  const subjectKey = renamed?.subjectKey ?? ''
  const confirmation = erasureWord(subjectKey)
  await erasePerson(services, scene, { subjectKey, reason: 'Asked for by letter.', confirmation })
  await purgeOrganization(services, organizationId, new AbortController().signal)
  await revokeConnection(services, target)
})

test('what every projection holds is, row by row, what the events lead to', async () => {
  const before = await contents(organizationId)
  for (const [name, { rows }] of before) expect([name, rows]).not.toEqual([name, 0])
  const besideBefore = await contents(beside.organizationId)
  const outcome = await rebuildProjections(services, { organizationId, isCheck: false })
  expect(outcome).toEqual({ position: await lastPosition(), differences: {} })
  expect(await contents(organizationId)).toEqual(before)
  expect(await contents(beside.organizationId)).toEqual(besideBefore)
  expect(await leftOver()).toBe(0)
})

/** What may go wrong with a row, and how it is named. */
const damages: [projection: string, damage: string, named: RegExp][] = [
  [
    'organizationProfile',
    `update state.organization_profile set name = 'Elsewhere' where from_position = 0`,
    /^from_position 0: differs in name$/,
  ],
  ['member', `update state.member set role = 'viewer'`, /^user_id .+, from_position \d+: differs in role$/],
  [
    'connection',
    `update state.connection set to_position = to_position + 1 where to_position < 9223372036854775807`,
    /^id .+, from_position \d+: differs in to_position$/,
  ],
  ['run', `update state.run set kinds = '{}'`, /^id .+: differs in kinds$/],
  [
    'run',
    `update state.run set outcome = 'failed', explanation = 'Nothing came.'`,
    /differs in outcome, explanation$/,
  ],
  ['kindStatus', 'delete from state.kind_status', /^source_id .+, kind .+, from_position \d+: is missing$/],
  [
    'successChain',
    `update state.success_chain set first_at = last_at where first_at < last_at`,
    /^source_id .+, kind .+, first_at .+: (is missing|follows from no event)$/,
  ],
  [
    'membership',
    `update state.membership set label = 'somebody else' where kind = 'user_inventory'`,
    /^source_id .+, kind user_inventory, subject_key .+, from_position \d+: differs in label$/,
  ],
  [
    'membership',
    `delete from state.membership where kind = 'mfa_registration'`,
    /mfa_registration.+: is missing$/,
  ],
  [
    'verdict',
    `insert into state.verdict
     select organization_id, 'AC-99', source_id, from_position, to_position, connection_id, at, to_at, verdict, reasons,
            population, changes, inputs, catalogue_version
       from state.verdict`,
    /^control_id AC-99, source_id .+: follows from no event$/,
  ],
]

test.each(damages)(
  'a row of %s that is not what the events lead to is named and mended: %s',
  async (name, damage, named) => {
    const before = await contents(organizationId)
    const isInsert = damage.startsWith('insert')
    const own = `organization_id = '${organizationId}'`
    await admin.unsafe(`${damage} ${damage.includes(' where ') && !isInsert ? 'and' : 'where'} ${own}`)
    const damaged = await contents(organizationId)
    expect(damaged).not.toEqual(before)

    const check = await rebuildProjections(services, { organizationId, isCheck: true })
    expect(Object.keys(check.differences)).toEqual([name])
    expect(check.differences[name]?.named[0]).toMatch(named)
    expect(await contents(organizationId)).toEqual(damaged)

    const rebuild = await rebuildProjections(services, { organizationId, isCheck: false })
    expect(rebuild.differences).toEqual(check.differences)
    expect(await contents(organizationId)).toEqual(before)
    expect(await rebuildWouldChange(services, organizationId)).toEqual({})
  },
)

test('it says of every one that was done what it found', async () => {
  const rows = await services.database.withOrganization(organizationId, transaction =>
    transaction
      .select()
      .from(projectionRebuild)
      .where(eq(projectionRebuild.organizationId, organizationId))
      .orderBy(projectionRebuild.id),
  )
  const statuses = rows.map(row => row.status)
  expect(statuses.slice(0, 4)).toEqual(['rebuilt', 'checked', 'rebuilt', 'checked'])
  expect(rows[1]?.differences).toMatchObject({ organizationProfile: { missing: 1, surplus: 1 } })
})

test('two at once: the second is refused in plain words, and the first goes on', async () => {
  let second: unknown
  const first = await rebuildProjections(services, {
    organizationId,
    isCheck: false,
    onProgress: async () => {
      second ??= await errorOf(rebuildProjections(services, { organizationId, isCheck: true }))
    },
  })
  expect(first.differences).toEqual({})
  expect(second).toMatchObject({
    code: 'conflict',
    userMessage: expect.stringMatching(/^A rebuild of this organization is under way/),
  })
})

test('while the last step runs, readers see what was and are not stopped; an append waits, and is not lost', async () => {
  await admin`update state.verdict set verdict = 'no_data' where organization_id = ${organizationId}`
  const read = () => ledger.query(organizationId, { kind: 'instant', instant: clock.now() }, readVerdicts)
  const before = await read()
  const holder = await admin.reserve()
  await holder`begin`
  await holder`select from state.verdict where organization_id = ${organizationId} for update`
  const rebuilding = rebuildProjections(services, { organizationId, isCheck: false })
  await untilWaiting(admin)
  const appending = ledger.command(organizationId, actor, unit => appendTo(unit, newId()))
  await untilWaiting(admin, 2)
  expect(await read()).toEqual(before)

  const [during, after] = await ledger.query(organizationId, { kind: 'now' }, async (transaction, asOf) => {
    const during = await readVerdicts(transaction, asOf)
    await holder`commit`
    await rebuilding
    return [during, await readVerdicts(transaction, asOf)]
  })
  holder.release()
  expect(after).toEqual(during)
  expect(during).toEqual(before)
  expect(await read()).not.toEqual(before)
  const [appended] = await appending
  expect(appended?.position).toBe((await rebuilding).position + 1)
  expect(await rebuildWouldChange(services, organizationId)).toEqual({})
})

test('an attachment of many subjects is replayed by stretches of it, and gone on with inside of it', async () => {
  const places: (string | null)[] = []
  const stopping = new AbortController()
  const options = { organizationId, isCheck: true, deltasPerStep: 7 }
  const stopped = rebuildProjections(services, {
    ...options,
    signal: stopping.signal,
    onProgress: ({ within }) => {
      places.push(within)
      if (places.filter(place => place !== null).length === 3) stopping.abort(new Error('enough'))
    },
  })
  await expect(stopped).rejects.toThrow('enough')
  const [last] = places.slice(-1)
  const after: (string | null)[] = []
  const { differences } = await rebuildProjections(services, {
    ...options,
    onProgress: ({ within }) => void after.push(within),
  })
  expect(differences).toEqual({})
  // It goes on behind what was replayed, and begins no attachment anew.
  expect(last && after[0] && after[0] > last).toBe(true)
  expect(after.filter(place => place !== null).length).toBeGreaterThan(5)
  expect(await leftOver()).toBe(0)
})
