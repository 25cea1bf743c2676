import { describe, expect, test } from 'vitest'
import { verifyLedger } from '../../server/verification/verify-ledger.ts'
import { approvedAssessment, attachedAssessment, dayOf } from '../support/assessment.ts'
import { callerOf, newMember } from '../support/caller.ts'
import { seedSecondOrganization, seedSyncedOrganization, syncNow } from '../support/seed.ts'

const everything = ['AC-02', 'AC-03', 'AC-04', 'AC-05', 'AC-14', 'AC-16']

describe('an assessment', async () => {
  const scene = await seedSyncedOrganization()
  await syncNow(scene, scene.connectionId, 'daily')
  const { organization, assessmentId, lead, approver, attached, name } = await attachedAssessment(scene)
  const asked = { organization, assessmentId }

  test('holds what was in force at the moments that were chosen', async () => {
    const shown = await lead.assessments.get(asked)
    expect(shown.status).toBe('open')
    expect(shown.attachments).toHaveLength(attached)
    expect(new Set(shown.attachments.map(({ kind }) => kind))).toEqual(
      new Set(shown.controls.flatMap(({ kinds }) => kinds.map(({ kind }) => kind))),
    )
    expect(shown.items.gone).toBe(0)
    expect(shown.items.held).toBeGreaterThan(20)
    expect(shown.coverage.breakpoints.length).toBeGreaterThan(0)
  })

  test('takes nothing twice', async () => {
    const shown = await lead.assessments.get(asked)
    const instants = [...new Set(shown.attachments.map(({ instant }) => instant.toISOString()))]
    expect((await lead.assessments.attachCurrent({ ...asked, instants })).attached).toBe(0)
  })

  test('gives evidence back with a reason, and takes it one by one', async () => {
    const before = await lead.assessments.get(asked)
    const [one] = before.attachments
    const { attachmentId = '', evidenceId = '', instant } = one ?? {}
    await lead.assessments.detach({ ...asked, attachmentId, reason: 'By mistake.' })
    const between = await lead.assessments.get(asked)
    expect(between.attachments).toHaveLength(attached - 1)
    expect(between.history[0]?.words).toContain('By mistake.')
    await lead.assessments.attach({ ...asked, evidenceId, instant: instant?.toISOString() })
    expect((await lead.assessments.get(asked)).attachments).toHaveLength(attached)
  })

  test('is as it was at any moment', async () => {
    const [earlier] = (await lead.assessments.get(asked)).history
    const then = await lead.assessments.get({ ...asked, asOf: earlier?.asOfText })
    expect(then.attachments).toHaveLength(attached - 1)
  })

  test('is not approved by who submitted it, nor without its name', async () => {
    await lead.assessments.submit(asked)
    await expect(lead.assessments.approve({ ...asked, confirmation: name })).rejects.toThrow('You submitted')
    await expect(approver.assessments.approve({ ...asked, confirmation: 'yes' })).rejects.toMatchObject({
      cause: { fields: { confirmation: expect.stringContaining(name) } },
    })
    expect((await lead.assessments.get(asked)).status).toBe('submitted')
  })

  test('cannot be changed while it waits, and can be sent back', async () => {
    await expect(lead.assessments.rename({ ...asked, name: 'Other' })).rejects.toThrow('submitted')
    await approver.assessments.sendBack({ ...asked, reason: 'The name is too short.' })
    await lead.assessments.rename({ ...asked, name: 'First half of the year' })
    const shown = await lead.assessments.get(asked)
    expect(shown).toMatchObject({
      status: 'open',
      name: 'First half of the year',
      sentBackReason: 'The name is too short.',
    })
    await lead.assessments.submit(asked)
  })

  test('is approved by another person, held to a checkpoint that covers it, and admits nothing more', async () => {
    await approver.assessments.approve({ ...asked, confirmation: 'First half of the year' })
    const shown = await lead.assessments.get(asked)
    expect(shown.status).toBe('approved')
    expect(shown.items.held).toBeGreaterThan(20)
    const submitted = shown.history.find(({ type }) => type === 'AssessmentSubmitted')
    expect(shown.checkpoint?.size).toBeGreaterThan(submitted?.position ?? Number.POSITIVE_INFINITY)
    const { checkpoints } = await lead.ledger.checkpoints({ organization })
    expect(checkpoints.map(({ size }) => size)).toContain(shown.checkpoint?.size)
    const [one] = shown.attachments
    for (const change of [
      () => lead.assessments.rename({ ...asked, name: 'Other' }),
      () => lead.assessments.detach({ ...asked, attachmentId: one?.attachmentId ?? '', reason: 'No.' }),
      () => lead.assessments.attachCurrent({ ...asked, instants: [], windows: true }),
      () => lead.assessments.submit(asked),
      () => approver.assessments.sendBack({ ...asked, reason: 'No.' }),
      () => approver.assessments.approve({ ...asked, confirmation: shown.name }),
    ]) {
      await expect(change()).rejects.toThrow('approved and sealed')
    }
    expect(await lead.assessments.get(asked)).toEqual({ ...shown, asOf: expect.anything() })
  })
})

describe('what is no assessment', async () => {
  const scene = await seedSyncedOrganization()
  const made = await attachedAssessment(scene)
  const { organization, assessmentId, lead, second } = made
  const asked = { organization, assessmentId }
  const today = dayOf(scene.clock.now())
  const good = {
    organization,
    name: 'A',
    periodFrom: '2025-01-01',
    periodTo: '2025-06-30',
    controls: everything,
  }
  const before = (await lead.ledger.head({ organization })).asOf.position

  test.each([
    [
      'a period that ends before it begins',
      { ...good, periodTo: '2024-12-31' },
      { periodTo: /before it begins/ },
    ],
    ['a day that is none', { ...good, periodFrom: '2025-02-30' }, { periodFrom: /first day/ }],
    ['no controls', { ...good, controls: [] }, { controls: /at least one/ }],
    ['no name', { ...good, name: ' ' }, { name: /name/ }],
  ])('%s is refused by field', async (_, input, fields) => {
    const error: unknown = await lead.assessments.open(input).catch((error: unknown) => error)
    for (const [field, words] of Object.entries(fields)) {
      expect(JSON.stringify(fieldsOf(error)[field])).toMatch(words)
    }
  })

  test.each([
    [
      'a period that lies far in the future',
      { ...good, periodFrom: '2090-01-01', periodTo: '2090-02-01' },
      'more than a year from now',
    ],
    ['a period that never ends', { ...good, periodFrom: '2001-01-01' }, 'three years'],
    ['a control that nobody knows', { ...good, controls: ['AC-99'] }, 'AC-99'],
  ])('%s is refused in words', async (_, input, words) => {
    await expect(lead.assessments.open(input)).rejects.toThrow(words)
  })

  test('evidence from outside the period is refused', async () => {
    await expect(
      lead.assessments.attachCurrent({ ...asked, instants: [scene.clock.now().toISOString()] }),
    ).rejects.toThrow('outside the period')
  })

  test('another organization’s evidence is not found', async () => {
    const foreign = await seedSecondOrganization(scene)
    const theirs = callerOf(scene.services, await newMember(foreign, 'admin'))
    const { sources } = await theirs.evidence.list({ organization: foreign.slug })
    const evidenceId = sources[0]?.kinds[0]?.evidence?.id ?? ''
    await expect(lead.assessments.attach({ ...asked, evidenceId })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
  })

  test('evidence is not attached as of a moment at which it was not in force', async () => {
    const { attachments } = await lead.assessments.get(asked)
    const evidenceId = attachments[0]?.evidenceId ?? ''
    const instant = new Date(second.getTime() - 30 * 86_400_000).toISOString()
    await expect(lead.assessments.attach({ ...asked, evidenceId, instant })).rejects.toMatchObject({
      cause: { fields: { instant: expect.stringContaining('not in force') } },
    })
  })

  test('without evidence, or while its period runs, it is not submitted', async () => {
    const empty = await lead.assessments.open({ ...good, periodTo: '2025-01-31' })
    await expect(lead.assessments.submit({ organization, ...empty })).rejects.toThrow(
      'No evidence is attached',
    )
    const running = await lead.assessments.open({ ...good, periodFrom: today, periodTo: today })
    await expect(lead.assessments.submit({ organization, ...running })).rejects.toThrow('runs until')
  })

  test('of all that nothing was stored but what was right', async () => {
    const { asOf } = await lead.ledger.head({ organization })
    const { events } = await lead.ledger.events({ organization, streamType: 'assessment' })
    expect(events.filter(({ position }) => position > before).map(({ type }) => type)).toEqual([
      'AssessmentOpened',
      'AssessmentOpened',
    ])
    expect(asOf.position).toBeGreaterThan(before)
  })
})

test('of two approvals at once one is recorded, and the other is told that it came second', async () => {
  const scene = await seedSyncedOrganization()
  const { organization, assessmentId, lead, approver, name } = await attachedAssessment(scene)
  const other = callerOf(scene.services, await newMember(scene, 'owner'))
  await lead.assessments.submit({ organization, assessmentId })
  const approve = (caller: typeof lead) =>
    caller.assessments.approve({ organization, assessmentId, confirmation: name }).then(
      () => 'approved',
      (error: unknown) => String(error),
    )
  const answers = (await Promise.all([approve(approver), approve(other)])).sort()
  expect(answers).toEqual(
    [expect.stringContaining('sealed'), 'approved'].sort(one => (one === 'approved' ? 1 : -1)),
  )
  const { history } = await lead.assessments.get({ organization, assessmentId })
  expect(history.filter(({ type }) => type === 'AssessmentApproved')).toHaveLength(1)
})

test('attaching that races a submission is in it, or is refused', async () => {
  const scene = await seedSyncedOrganization()
  const { organization, assessmentId, lead, attached } = await attachedAssessment(scene)
  const { attachments } = await lead.assessments.get({ organization, assessmentId })
  const [one] = attachments
  const asked = { organization, assessmentId }
  await lead.assessments.detach({ ...asked, attachmentId: one?.attachmentId ?? '', reason: 'To try.' })
  const [attaching] = await Promise.allSettled([
    lead.assessments.attach({
      ...asked,
      evidenceId: one?.evidenceId ?? '',
      instant: one?.instant.toISOString(),
    }),
    lead.assessments.submit(asked),
  ])
  const shown = await lead.assessments.get(asked)
  expect(shown.status).toBe('submitted')
  const submitted = shown.history.find(({ type }) => type === 'AssessmentSubmitted')
  expect(JSON.parse(submitted?.payload ?? '{}').attachments).toBe(shown.attachments.length)
  expect(shown.attachments).toHaveLength(attaching.status === 'fulfilled' ? attached : attached - 1)
})

test('an approved assessment is listed as such', async () => {
  const scene = await seedSyncedOrganization()
  const { organization, assessmentId, lead } = await approvedAssessment(scene)
  expect((await lead.assessments.list({ organization })).assessments).toMatchObject([
    { assessmentId, status: 'approved' },
  ])
})

function fieldsOf(error: unknown): Record<string, unknown> {
  const cause = error instanceof Error ? error.cause : null
  if (typeof cause === 'object' && cause !== null && 'fields' in cause) return { ...(cause.fields ?? {}) }
  if (typeof cause === 'object' && cause !== null && 'issues' in cause && Array.isArray(cause.issues)) {
    return Object.fromEntries(cause.issues.map(issue => [issue.path.join('.'), issue.message]))
  }
  return {}
}

test('a verification knows which event sealed what', async () => {
  const { services, organizationId, ...scene } = await seedSyncedOrganization()
  await approvedAssessment({ services, organizationId, ...scene })
  const { problems } = await verifyLedger({
    database: services.database,
    organizationId,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  })
  expect(problems).toEqual([])
})
