import { and, eq } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { events } from '../../db/schema/ledger.ts'
import { revokeConnection } from '../../server/connections/manage-connection.ts'
import { rejudge } from '../../server/coverage/rejudge.ts'
import { describeError } from '../../server/trpc/error-map.ts'
import { callerOf, newMember, ownerCaller } from '../support/caller.ts'
import { type Scene, seedSecondOrganization, seedSyncedOrganization, syncNow } from '../support/seed.ts'

/*
 * What people decide, from the procedure to the verdict: judged anew in the same transaction, told again for every past
 * moment, and refused with words where it must be.
 */
const day = 86_400_000
const hour = 3_600_000

const scene = await seedSyncedOrganization({ size: 60, licence: 'P2' })
await syncNow(scene, scene.connectionId, 'daily')
await adoptVersion2(scene)
const organization = scene.slug
const owner = ownerCaller(scene)
const leadUser = await newMember(scene, 'compliance_lead')
const lead = callerOf(scene.services, leadUser)
const viewer = callerOf(scene.services, await newMember(scene, 'viewer'))

const dayIn = (days: number) => new Date(scene.clock.now().getTime() + days * day).toISOString().slice(0, 10)
const control = (controlId: string, asOf?: string) =>
  owner.controls.get({ organization, controlId, ...(asOf ? { asOf } : {}) })
const percent = async (asOf?: string) =>
  (await owner.coverage.overview({ organization, ...(asOf ? { asOf } : {}) })).percent
/** An instant behind everything so far and before everything to come: events of one command stand a millisecond apart. */
const moment = () => {
  scene.clock.jump(1_000)
  const at = scene.clock.now().toISOString()
  scene.clock.jump(1_000)
  return at
}
const failing = async (controlId: string) =>
  (await control(controlId)).subjects.subjects.filter(({ verdict }) => verdict === 'fail')
const countOf = async (type: string) => {
  const { organizationId, services } = scene
  const rows = await services.database.withOrganization(organizationId, transaction =>
    transaction
      .select({ position: events.position })
      .from(events)
      .where(and(eq(events.organizationId, organizationId), eq(events.eventType, type))),
  )
  return rows.length
}
const wordsOf = async (work: Promise<unknown>) => {
  const error: unknown = await work.then(
    () => null,
    thrown => thrown,
  )
  if (error === null) return null
  const { code, userMessage, fields } = describeError(error)
  return { code, words: [userMessage, ...Object.values(fields)].join(' ') }
}

const requestFor = async (
  subjectId: string,
  more: Partial<Parameters<typeof lead.exceptions.request>[0]> = {},
) =>
  lead.exceptions.request({
    organization,
    controlId: 'AC-02',
    subjectKind: 'account',
    subjectId,
    reason: 'A terminal without a telephone.',
    ownerId: scene.userId,
    expiresOn: dayIn(30),
    ...more,
  })

describe('an exception', () => {
  test('counts from its approval by another person until its last day, and is named as such', async () => {
    const before = await failing('AC-02')
    const subject = before[0]?.subjectKey ?? ''
    const { exceptionId } = await requestFor(subject)
    expect((await failing('AC-02')).length).toBe(before.length)

    const own = await wordsOf(
      lead.exceptions.decide({ organization, exceptionId, decision: 'approve', reason: 'Fine.' }),
    )
    expect(own).toMatchObject({ code: 'precondition_failed' })
    expect(own?.words).toContain('Another person must approve')
    expect(await countOf('ExceptionApproved')).toBe(0)

    const evaluated = await countOf('ControlEvaluated')
    const unapproved = moment()
    await owner.exceptions.decide({ organization, exceptionId, decision: 'approve', reason: 'Seen on site.' })
    expect(await countOf('ControlEvaluated')).toBe(evaluated + 1)
    const after = await control('AC-02')
    expect(after.subjects.subjects.filter(({ verdict }) => verdict === 'fail').length).toBe(before.length - 1)
    expect(after.sources[0]?.reasons.find(({ code }) => code === 'excepted')?.count).toBe(1)
    expect(
      (await control('AC-02', unapproved)).sources[0]?.reasons.some(({ code }) => code === 'excepted'),
    ).toBe(false)

    const { exceptions } = await owner.exceptions.list({ organization, controlId: 'AC-02' })
    expect(exceptions).toMatchObject([{ state: 'in_force', decided: { reason: 'Seen on site.' } }])
    scene.clock.jump(40 * day)
    const later = await control('AC-02')
    expect(later.subjects.subjects.filter(({ verdict }) => verdict === 'fail').length).toBe(before.length)
    const { exceptions: ended } = await owner.exceptions.list({ organization, controlId: 'AC-02' })
    expect(ended[0]?.state).toBe('expired')
    // Nothing but time: no event was needed for it.
    expect(await countOf('ControlEvaluated')).toBe(evaluated + 1)
    await syncNow(scene, scene.connectionId)
    await syncNow(scene, scene.connectionId, 'daily')
  })

  test('is refused with words, and nothing is stored, where something is amiss', async () => {
    const subject = (await failing('AC-02'))[0]?.subjectKey ?? ''
    const requested = await countOf('ExceptionRequested')
    const refusals = [
      await wordsOf(requestFor(subject, { reason: ' ' })),
      await wordsOf(requestFor(subject, { expiresOn: '' })),
      await wordsOf(requestFor(subject, { expiresOn: dayIn(-2) })),
      await wordsOf(requestFor(subject, { expiresOn: dayIn(500) })),
      await wordsOf(requestFor('no_such_reason', { subjectKind: 'reason' })),
    ]
    expect(refusals.map(refusal => refusal?.code)).toEqual(refusals.map(() => 'bad_input'))
    for (const refusal of refusals) expect(refusal?.words.length).toBeGreaterThan(20)
    expect((await wordsOf(requestFor('4f1f6c1e-0000-4000-8000-000000000000')))?.code).toBe('not_found')
    expect((await wordsOf(requestFor(subject, { controlId: 'AC-99' })))?.code).toBe('not_found')
    expect(await countOf('ExceptionRequested')).toBe(requested)
  })

  test('can be rejected, and withdrawn by who approved it', async () => {
    const subject = (await failing('AC-02'))[0]?.subjectKey ?? ''
    const { exceptionId } = await requestFor(subject)
    await owner.exceptions.decide({
      organization,
      exceptionId,
      decision: 'reject',
      reason: 'A key would do.',
    })
    const again = { organization, exceptionId, decision: 'approve', reason: 'After all.' } as const
    expect((await wordsOf(owner.exceptions.decide(again)))?.code).toBe('precondition_failed')
    const second = await requestFor(subject)
    const decide = { organization, exceptionId: second.exceptionId, reason: 'For now.' }
    await owner.exceptions.decide({ ...decide, decision: 'approve' })
    const excepted = await failing('AC-02')
    await owner.exceptions.decide({ ...decide, decision: 'withdraw' })
    expect((await failing('AC-02')).length).toBe(excepted.length + 1)
  })

  test('of another organization is not found', async () => {
    const other = await seedSecondOrganization(scene)
    const subject = (await failing('AC-02'))[0]?.subjectKey ?? ''
    const { exceptionId } = await requestFor(subject)
    const foreign = ownerCaller(other)
    const decide = { organization: other.slug, exceptionId, decision: 'approve', reason: 'Mine.' } as const
    expect((await wordsOf(foreign.exceptions.decide(decide)))?.code).toBe('not_found')
    expect((await foreign.exceptions.list({ organization: other.slug })).exceptions).toEqual([])
  })
})

describe('the class of an account', () => {
  const listed = async (filter: 'declared' | 'open' | 'emergency' | 'all', search = '') =>
    owner.accounts.list({ organization, filter, search })

  test('is declared with an owner, a reason and a last day, judged by at once, and told for the past', async () => {
    const { accounts } = await listed('all', 'breakglass')
    const subject = accounts[0]?.subjectKey ?? ''
    const before = moment()
    const declaration = {
      organization,
      subject,
      class: 'emergency',
      ownerId: scene.userId,
      reason: 'In the safe.',
    } as const
    expect((await wordsOf(owner.accounts.declare({ ...declaration, expiresOn: '' })))?.code).toBe('bad_input')
    await owner.accounts.declare({ ...declaration, expiresOn: dayIn(60) })
    expect((await listed('emergency')).accounts.map(({ subjectKey }) => subjectKey)).toEqual([subject])
    const shown = await owner.accounts.get({ organization, subject })
    expect(shown).toMatchObject({
      class: 'emergency',
      by: 'declaration',
      declaration: { reason: 'In the safe.' },
    })
    expect(shown.history).toHaveLength(1)
    expect((await owner.accounts.get({ organization, subject, asOf: before })).by).toBe('directory')
    expect((await failing('AC-08')).map(({ subjectKey }) => subjectKey)).not.toContain(subject)

    await owner.accounts.withdraw({ organization, subject, reason: 'It is a person’s now.' })
    expect((await owner.accounts.get({ organization, subject })).by).toBe('directory')
    expect((await wordsOf(owner.accounts.withdraw({ organization, subject, reason: 'Again.' })))?.code).toBe(
      'precondition_failed',
    )
  })

  test('runs out by time alone: the account is without a class from there on', async () => {
    const { accounts } = await listed('all', 'svc-')
    const subject = accounts[0]?.subjectKey ?? ''
    await owner.accounts.declare({
      organization,
      subject,
      class: 'service',
      ownerId: scene.userId,
      reason: 'Makes the backups.',
      expiresOn: dayIn(3),
    })
    scene.clock.jump(5 * day)
    expect((await listed('open')).accounts.map(({ subjectKey }) => subjectKey)).toContain(subject)
    const [change] = (await failing('AC-01')).filter(({ subjectKey }) => subjectKey === subject)
    expect(change).toBeUndefined()
    scene.clock.jump(8 * day)
    expect((await failing('AC-01')).map(({ subjectKey }) => subjectKey)).toContain(subject)
    await syncNow(scene, scene.connectionId)
    await syncNow(scene, scene.connectionId, 'daily')
  })

  test('is no viewer’s to declare, nor of an account that nobody lists', async () => {
    const subject = '4f1f6c1e-0000-4000-8000-000000000000'
    const declaration = {
      organization,
      subject,
      class: 'person',
      ownerId: scene.userId,
      reason: 'x',
    } as const
    expect((await wordsOf(owner.accounts.declare(declaration)))?.code).toBe('not_found')
    expect((await wordsOf(viewer.accounts.declare(declaration)))?.code).toBe('forbidden')
  })
})

describe('administrators', () => {
  test('pass once each of them is on the approved list', async () => {
    const named = await failing('AC-10')
    expect(named.length).toBeGreaterThan(0)
    for (const { subjectKey: subject } of named)
      await owner.accounts.listAdministrator({ organization, subject, isApproved: true, reason: 'On call.' })
    expect((await control('AC-10')).verdict).toBe('pass')
    const { administrators } = await owner.accounts.administrators({ organization })
    expect(administrators).toHaveLength(named.length)
    const [first] = named
    const subject = first?.subjectKey ?? ''
    await owner.accounts.listAdministrator({
      organization,
      subject,
      isApproved: false,
      reason: 'Changed teams.',
    })
    expect((await failing('AC-10')).map(({ subjectKey }) => subjectKey)).toEqual([subject])
    await owner.accounts.listAdministrator({ organization, subject, isApproved: true, reason: 'Came back.' })
  })
})

describe('a threshold', () => {
  test('is set within its range, counts from then on and re-judges at once', async () => {
    const before = moment()
    const set = (value: number) =>
      lead.settings.setThreshold({ organization, thresholdId: 'administrators', value })
    expect(await wordsOf(set(51))).toMatchObject({ code: 'precondition_failed' })
    expect((await wordsOf(set(0)))?.words).toContain('1 to 50 accounts')
    expect(await countOf('ThresholdChanged')).toBe(0)
    await set(1)
    expect((await control('AC-10')).verdict).toBe('fail')
    expect((await control('AC-10', before)).verdict).toBe('pass')
    const { thresholds } = await owner.settings.get({ organization })
    expect(thresholds.find(({ id }) => id === 'administrators')).toMatchObject({ value: 1, default: 5 })
    await set(5)
    expect((await control('AC-10')).verdict).toBe('pass')
    expect(
      (await wordsOf(viewer.settings.setThreshold({ organization, thresholdId: 'administrators', value: 2 })))
        ?.code,
    ).toBe('forbidden')
  })
})

describe('scope', () => {
  test('a control out of scope counts for nothing, is judged all the same, and its past stays', async () => {
    const before = moment()
    const all = await percent()
    const scope = { organization, controlId: 'AC-02', reason: 'Judged by the identity provider.' }
    expect((await wordsOf(lead.settings.scopeControl({ ...scope, isInScope: false })))?.code).toBe(
      'forbidden',
    )
    expect(
      (await wordsOf(owner.settings.scopeControl({ ...scope, reason: '', isInScope: false })))?.code,
    ).toBe('bad_input')
    await owner.settings.scopeControl({ ...scope, isInScope: false })
    expect(await percent()).toBeGreaterThan(all)
    expect(await percent(before)).toBe(all)
    expect((await control('AC-02')).outOfScope?.reason).toBe('Judged by the identity provider.')
    const { coverage } = await explained()
    expect(coverage).toBe(true)
    await owner.settings.scopeControl({ ...scope, isInScope: true })
    expect(await percent()).toBe(all)
  })

  test('a revoked directory is no data until it is taken out of scope', async () => {
    const { services, organizationId, userId, connectionId } = scene
    scene.clock.jump(hour)
    await revokeConnection(services, { organizationId, connectionId, userId })
    expect(await percent()).toBe(0)
    const { sources } = await owner.settings.get({ organization })
    const [source] = sources
    expect(source?.isRevoked).toBe(true)
    const sourceId = source?.id ?? ''
    const reason = 'The tenant is closed.'
    await owner.settings.scopeSource({ organization, sourceId, isInScope: false, reason })
    const overview = await owner.coverage.overview({ organization })
    expect(overview.needs.filter(({ key }) => key.startsWith(sourceId))).toEqual([])
    expect((await explained()).coverage).toBe(true)
  })
})

/** Whether the fold over the events comes to what the tables say. */
async function explained() {
  const explanation = await owner.coverage.explain({ organization })
  expect(explanation.differing).toEqual([])
  return { coverage: explanation.agrees }
}

/** As the settings do, whichever version is the newest one. */
async function adoptVersion2({ services, organizationId, userId }: Scene) {
  await services.ledger.command(organizationId, `user:${userId}`, async unit => {
    const version = 2
    await unit.append({ type: 'organization', id: organizationId }, 'any', [
      { type: 'CatalogueAdopted', payload: { version } },
    ])
    await rejudge(services, unit)
  })
}
