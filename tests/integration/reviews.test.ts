import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { and, eq } from 'drizzle-orm'
import postgres from 'postgres'
import { afterAll, describe, expect, test } from 'vitest'
import { evidence } from '../../db/schema/ledger.ts'
import { connection } from '../../db/schema/state.ts'
import { currentItems } from '../../server/coverage/evaluate-controls.ts'
import { guestList } from '../../server/coverage/guest-list.ts'
import { rejudge } from '../../server/coverage/rejudge.ts'
import { loadDecisions } from '../../server/coverage/source-decisions.ts'
import { standingGuests } from '../../server/coverage/standing-guests.ts'
import type { AccountFilter, ListedAccount } from '../../server/decisions/list-accounts.ts'
import { catalogue } from '../../server/domain/control/catalogue.ts'
import { sha256Hex } from '../../server/ledger/canonical.ts'
import { describeError } from '../../server/trpc/error-map.ts'
import { isOf, resealedBy } from '../support/alterations.ts'
import { AlteredArchive, newSigner } from '../support/altered-archive.ts'
import { makeArchive } from '../support/archive.ts'
import { callerOf, newMember, ownerCaller } from '../support/caller.ts'
import { rebuildWouldChange } from '../support/replay.ts'
import { seedSecondOrganization, seedSyncedOrganization, syncNow } from '../support/seed.ts'
import { findingOf, verify } from '../support/verification.ts'

/*
 * What people review, from the procedure to the verdict: changes of the policies, risky sign-ins, the list of guests.
 * Each is judged anew in its own transaction, told for every past moment, and held to by who verifies an archive.
 */
const hour = 3_600_000
const scene = await seedSyncedOrganization({ size: 80, licence: 'P2', riskySignInsPerDay: 12 })
const organization = scene.slug
const { services } = scene
const owner = ownerCaller(scene)
const lead = callerOf(services, await newMember(scene, 'compliance_lead'))
const viewer = callerOf(services, await newMember(scene, 'viewer'))
const auditorless = ownerCaller(await seedSecondOrganization(scene))
const admin = postgres(scene.db.adminUrl, { max: 1, onnotice: () => undefined })
afterAll(() => admin.end())
const directory = scene.entra.tenant(scene.spec.tenantId)

await services.ledger.command(scene.organizationId, `user:${scene.userId}`, async unit => {
  await unit.append({ type: 'organization', id: scene.organizationId }, 'any', [
    { type: 'CatalogueAdopted', payload: { version: 2 } },
  ])
  await rejudge(services, unit)
})
// Two days in which risky sign-ins come and the policies change once.
for (let passed = 1; passed <= 48; passed++) {
  scene.clock.jump(hour)
  if (passed === 24) {
    const [first, ...others] = directory.policies(scene.clock.now())
    if (!first) throw new Error('the directory has no policies')
    directory.setPolicies([{ ...first, displayName: 'Renamed' }, ...others.slice(0, -1)])
  }
  await syncNow(scene, scene.connectionId)
}

const control = (controlId: string) => owner.controls.get({ organization, controlId })
const codesOf = async (controlId: string) =>
  (await control(controlId)).sources.flatMap(({ reasons }) => reasons.map(({ code }) => code))
const wordsOf = async (work: Promise<unknown>) => {
  const error: unknown = await work.then(
    () => null,
    thrown => thrown,
  )
  if (error === null) return null
  const { code, userMessage, fields } = describeError(error)
  return { code, words: [userMessage, ...Object.values(fields)].join(' ') }
}

describe('a change of the policies', () => {
  test('is shown item by item, and waits', async () => {
    const { changes, count } = await lead.reviews.changes({ organization })
    expect(count).toBe(1)
    expect(changes[0]).toMatchObject({
      acknowledged: null,
      items: { joined: [], changed: [{ name: 'Renamed', fields: [{ field: 'displayName' }] }], left: [{}] },
    })
    expect(await codesOf('AC-12')).toEqual(['no_policy_change_due', 'policy_change_waiting'])
  })

  test('is acknowledged once, by who may, and by nobody elsewhere', async () => {
    const { changes } = await lead.reviews.changes({ organization })
    const evidenceId = changes[0]?.evidenceId ?? ''
    const before = scene.clock.now().toISOString()
    scene.clock.jump(1_000)
    expect((await wordsOf(viewer.reviews.acknowledge({ organization, evidenceId })))?.code).toBe('forbidden')
    expect((await wordsOf(auditorless.reviews.acknowledge({ organization, evidenceId })))?.code).toBe(
      'not_found',
    )
    await lead.reviews.acknowledge({ organization, evidenceId, note: 'Change\u0000 4711.\ud800' })
    await lead.reviews.acknowledge({ organization, evidenceId, note: 'Again.' })
    expect(await codesOf('AC-12')).toEqual(['policy_changes_acknowledged'])
    const now = await lead.reviews.changes({ organization })
    expect(now.changes[0]?.acknowledged).toMatchObject({ note: 'Change  4711.' })
    const then = await lead.reviews.changes({ organization, asOf: before })
    expect(then.changes[0]?.acknowledged).toBeNull()
  })

  test('is nothing that evidence of another kind brought', async () => {
    const [other] = await services.database.withOrganization(scene.organizationId, transaction =>
      transaction
        .select({ id: evidence.id })
        .from(evidence)
        .where(and(eq(evidence.organizationId, scene.organizationId), eq(evidence.kind, 'user_inventory'))),
    )
    const refused = await wordsOf(lead.reviews.acknowledge({ organization, evidenceId: other?.id ?? '' }))
    expect(refused?.code).toBe('not_found')
  })
})

describe('a risky sign-in', () => {
  test('is settled with an outcome, a reason and a time, once', async () => {
    const { signIns } = await lead.reviews.signIns({ organization })
    expect(signIns.length).toBeGreaterThan(0)
    const [first, ...others] = signIns
    if (!first) throw new Error('no risky sign-in came')
    const subject = first.subjectKey
    const settle = (more: object) =>
      wordsOf(
        lead.reviews.settle({
          organization,
          subject,
          outcome: 'benign',
          reason: 'A drill.',
          settledAt: '',
          ...more,
        }),
      )
    expect((await settle({ reason: ' ' }))?.words).toContain('Say why')
    expect((await settle({ outcome: 'handled_elsewhere' }))?.words).toContain('Say when')
    expect((await settle({ outcome: 'handled_elsewhere', settledAt: '2000-01-01T00:00' }))?.words).toContain(
      'before the sign-in',
    )
    expect((await settle({ outcome: 'handled_elsewhere', settledAt: '2100-01-01T00:00' }))?.words).toContain(
      'in the future',
    )
    expect((await settle({ subject: '7d3e6c0a-6f0e-4c1a-9a55-2f6d3f5f2b11' }))?.code).toBe('not_found')
    const minute = new Date(first.at.getTime() + 60_000).toISOString().slice(0, 16)
    expect(await settle({ outcome: 'handled_elsewhere', settledAt: minute })).toBeNull()
    expect((await settle({}))?.words).toContain('settled already')
    for (const { subjectKey } of others) expect(await settle({ subject: subjectKey })).toBeNull()
    const codes = await codesOf('AC-15')
    expect(codes).not.toContain('sign_in_not_settled')
    expect(codes).not.toContain('sign_in_waiting')
  })
})

describe('what was said of a sign-in', () => {
  test('is corrected by a further event, which the verdict follows; what was said before stays', async () => {
    const high = async (asOf?: string) =>
      (await lead.reviews.signIns({ organization, ...(asOf ? { asOf } : {}) })).signIns.find(
        ({ level, deadline }) => level === 'high' && deadline < scene.clock.now(),
      )
    const subject = (await high())?.subjectKey ?? ''
    const shown = async (asOf?: string) =>
      (await lead.reviews.signIns({ organization, ...(asOf ? { asOf } : {}) })).signIns.find(
        ({ subjectKey }) => subjectKey === subject,
      )
    const said = await shown()
    scene.clock.jump(1_000)
    const before = scene.clock.now().toISOString()
    const codes = await codesOf('AC-15')
    scene.clock.jump(1_000)
    const correct = (more: object, by = lead) =>
      wordsOf(by.reviews.correct({ organization, subject, outcome: 'reopened', reason: 'A slip.', ...more }))
    expect((await correct({ reason: ' ' }))?.words).toContain('Say why')
    expect((await correct({}, viewer))?.code).toBe('forbidden')
    expect(
      (
        await wordsOf(
          auditorless.reviews.correct({ organization, subject, outcome: 'reopened', reason: 'A slip.' }),
        )
      )?.code,
    ).toBe('not_found')
    const same = { outcome: 'benign', reason: said?.said?.note ?? '' }
    expect((await correct(same))?.words).toContain('already')
    expect((await correct({ ...same, outcome: 'handled_elsewhere' }))?.words).toContain('Say when')
    const later = { outcome: 'handled_elsewhere', settledAt: '2100-01-01T00:00' }
    expect((await correct(later))?.words).toMatch(/It cannot have been settled in the future/)

    expect(await correct({})).toBeNull()
    expect(await codesOf('AC-15')).toContain('sign_in_not_settled')
    expect(await shown()).toMatchObject({
      said: { isSettled: false, note: 'A slip.' },
      earlier: [{ isSettled: true, outcome: said?.said?.outcome }],
    })
    expect((await correct({}))?.words).toContain('open again already')
    const settledAgain = lead.reviews.settle({ organization, subject, outcome: 'benign', reason: 'Anew.' })
    expect((await wordsOf(settledAgain))?.words).toContain('correct it')

    expect(await correct({ outcome: 'compromise_handled', reason: 'The password was reset.' })).toBeNull()
    expect(await codesOf('AC-15')).not.toContain('sign_in_not_settled')
    expect(await codesOf('AC-15')).toContain('sign_in_settled_late')
    expect((await shown())?.earlier).toHaveLength(2)
    // What was known then is told as it was.
    expect(await shown(before)).toMatchObject({ said: { isSettled: true }, earlier: [] })
    const then = await owner.controls.get({ organization, controlId: 'AC-15', asOf: before })
    expect(then.sources.flatMap(({ reasons }) => reasons.map(({ code }) => code))).toEqual(codes)
  })

  test('is nothing to correct where nobody said anything', async () => {
    const subject = '7d3e6c0a-6f0e-4c1a-9a55-2f6d3f5f2b11'
    const refused = lead.reviews.correct({ organization, subject, outcome: 'benign', reason: 'Why.' })
    expect((await wordsOf(refused))?.code).toBe('not_found')
  })
})

/** Accounts that are guests by one sign each, or by none though they have a part of one. */
const guestSigns = [
  { userType: 'Guest' },
  { userType: 'Guest', accountEnabled: false },
  { userType: 'Member', userPrincipalName: 'anna_else.example#Ext#@contoso.example' },
  { userType: null, creationType: 'Invitation' },
  { userType: 'Member', creationType: 'Invitation' },
  { userType: null, creationType: 'EmailVerified' },
  { userType: 'Member', displayName: '"userType":"Guest" #EXT#' },
  { userType: 'Member', userPrincipalName: 'Sync_DC01_0a1b@contoso.example' },
  { userType: 'Member', employeeHireDate: '2099-01-01T00:00:00Z' },
  { userType: null, displayName: '"userType":"Member"' },
] as const

const declare = (subject: string, as: 'guest' | 'shared') =>
  owner.accounts.declare({
    organization,
    subject,
    class: as,
    ownerId: scene.userId,
    reason: 'As the office says.',
    expiresOn: new Date(scene.clock.now().getTime() + 30 * 24 * hour).toISOString().slice(0, 10),
  })

async function accountsUnder(filter: AccountFilter) {
  const accounts: ListedAccount[] = []
  let cursor: string | undefined
  do {
    const page = await lead.accounts.list({ organization, filter, cursor })
    accounts.push(...page.accounts)
    cursor = page.next ?? undefined
  } while (cursor !== undefined)
  return accounts
}

/** The list as the rule judges it. */
async function guestsOfAll() {
  const { organizationId } = scene
  return services.database.withOrganization(organizationId, async transaction => {
    const [source] = await transaction
      .select({ sourceId: connection.sourceId })
      .from(connection)
      .where(eq(connection.organizationId, organizationId))
    const sourceId = source?.sourceId ?? ''
    const decisions = await loadDecisions(transaction, organizationId, { catalogue: catalogue(2), sourceId })
    return guestList(currentItems({ transaction, organizationId }, sourceId), decisions, scene.clock.now())
  })
}

const toldGuests = () =>
  admin`select subject_key, from_position, is_listed_guest from state.membership order by 1, 2, kind`

const fill = readFileSync(
  new URL('../../db/migrations/0037_tell-who-is-a-guest.sql', import.meta.url),
  'utf8',
).match(/^update .*?;/ms)

describe('the list of guests', () => {
  test('is what all accounts make of it, and is read from the few that may be on it', async () => {
    const before = scene.clock.now()
    for (const patch of guestSigns) directory.addUser(patch)
    const member = directory.addUser({ userType: 'Member' }).id
    const disabled = directory.addUser({ userType: 'Member', accountEnabled: false }).id
    const guest = directory.addUser({ userType: 'Guest' }).id
    scene.clock.jump(hour)
    await syncNow(scene, scene.connectionId)
    await declare(member, 'guest')
    await declare(disabled, 'guest')
    await declare(guest, 'shared')
    const { subjectKeys, fingerprint } = await guestsOfAll()
    const shown = async () => (await lead.reviews.guests({ organization })).lists[0]
    const ofAll = { fingerprint, count: subjectKeys.length }
    expect(subjectKeys).toContain(member)
    expect(subjectKeys).not.toContain(guest)
    expect(await shown()).toMatchObject(ofAll)
    // As a build leaves it that does not know the column, and as the migration fills it.
    const told = await toldGuests()
    await admin`update state.membership set is_listed_guest = null`
    expect(await shown()).toMatchObject(ofAll)
    await admin`update state.membership set is_listed_guest = false`
    await admin.unsafe(fill?.[0] ?? '')
    expect(await toldGuests()).toEqual(told)
    expect(await rebuildWouldChange(services, scene.organizationId)).toEqual({})
    const { lists } = await lead.reviews.guests({ organization, asOf: before.toISOString() })
    // One of each sign, two declared to be guests of which one is disabled, one declared to be none.
    expect(lists[0]?.count).toBe(subjectKeys.length - 4)
  })

  test('of a directory in which there is nobody is the empty list', async () => {
    const { organizationId } = scene
    const asOf = { instant: scene.clock.now(), position: 0, isNow: true }
    const none = await services.database.withOrganization(organizationId, transaction =>
      standingGuests(
        transaction,
        { organizationId, sourceId: randomUUID(), asOf },
        { classes: new Map() },
        5,
      ),
    )
    expect(none).toMatchObject({ count: 0, fingerprint: sha256Hex('[]'), first: [] })
  })

  test.each(['open', 'guest', 'directory_sync', 'future_hire', 'shared'] as const)(
    'and the accounts under %s are those that all accounts together have so',
    async filter => {
      const wanted = (await accountsUnder('all')).filter(account =>
        filter === 'open' ? account.openSince : account.class === filter && !account.openSince,
      )
      expect(wanted.length).toBeGreaterThan(0)
      expect(await accountsUnder(filter)).toEqual(wanted)
    },
  )

  test('is confirmed as it was seen, and only so', async () => {
    expect(await codesOf('AC-11')).toContain('guest_review_missing')
    const { lists, asOf } = await lead.reviews.guests({ organization })
    const [list] = lists
    if (!list) throw new Error('there is no list')
    expect(list.count).toBeGreaterThan(0)
    const { sourceId, count, fingerprint } = list
    const seen = { organization, sourceId, position: asOf.position, count, fingerprint }
    const other = await wordsOf(lead.reviews.confirmGuests({ ...seen, count: count + 1 }))
    expect(other?.words).toContain('changed since you looked')
    await lead.reviews.confirmGuests({ ...seen, note: 'Quarterly.' })
    expect(await codesOf('AC-11')).toContain('guests_reviewed')
    expect((await lead.reviews.guests({ organization })).lists[0]?.reviewed).toMatchObject({
      count,
      isSame: true,
      note: 'Quarterly.',
    })
  })
})

describe('an archive', () => {
  test('holds, and who alters what was reviewed is found', async () => {
    const { archive } = await makeArchive(scene, { kind: 'organization' })
    const report = await verify(new AlteredArchive(archive).bytes())
    expect(report.steps.filter(({ status }) => status === 'fails')).toEqual([])
    const resealed = resealedBy(newSigner(String(archive.json('manifest.json').origin)))
    const earlier = resealed(altered =>
      altered.editRecord('events', isOf('SignInSettled'), event => {
        event.data.settledAt = '2020-01-01T00:00:00.000Z'
      }),
    )
    expect(findingOf(await verify(earlier(new AlteredArchive(archive)).bytes()))).toMatchObject({
      words: expect.stringMatching(/What the verdict says it was judged on/),
    })
    const uncorrected = resealed(altered =>
      altered.editRecord('events', isOf('SettlementCorrected'), event => {
        event.data.outcome = 'benign'
        event.data.settledAt = event.time
      }),
    )
    expect(findingOf(await verify(uncorrected(new AlteredArchive(archive)).bytes()))).toMatchObject({
      words: expect.stringMatching(/What the verdict says it was judged on/),
    })
    const another = resealed(altered =>
      altered.editRecord('events', isOf('PolicyChangeAcknowledged'), event => {
        event.data.evidenceId = event.data.sourceId
      }),
    )
    expect(findingOf(await verify(another(new AlteredArchive(archive)).bytes()))).toMatchObject({
      words: expect.stringMatching(/What the verdict says it was judged on/),
    })
    const fewer = resealed(altered =>
      altered.editRecord('events', isOf('GuestsReviewed'), event => {
        event.data.count = 1
      }),
    )
    expect(findingOf(await verify(fewer(new AlteredArchive(archive)).bytes()))).toMatchObject({
      words: expect.stringMatching(/review of guests is of another list/),
    })
  })

  test('of a period in the middle holds, with what it looks back to', async () => {
    const to = scene.clock.now()
    const { archive } = await makeArchive(scene, {
      kind: 'period',
      from: new Date(to.getTime() - 12 * hour),
      to,
    })
    const report = await verify(new AlteredArchive(archive).bytes())
    expect(report.steps.filter(({ status }) => status === 'fails')).toEqual([])
  })
})
