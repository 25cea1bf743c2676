import { Ajv } from 'ajv'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { type Archive, makeArchive } from '../support/archive.ts'
import { approvedAssessment } from '../support/assessment.ts'
import { callerOf, newMember, ownerCaller } from '../support/caller.ts'
import { describeReference, readReference } from '../support/reference-data.ts'
import { seedSyncedOrganization, syncNow, useScene } from '../support/seed.ts'

const schemaFile = 'oscal/assessment-results-1.2.1.schema.json'
const hour = 3_600_000

const property = z.object({ name: z.string(), value: z.string() })
const observation = z.object({
  uuid: z.string(),
  title: z.string(),
  props: z.array(property),
  collected: z.string(),
  expires: z.string().optional(),
})
const finding = z.object({
  target: z.object({
    'target-id': z.string(),
    status: z.object({ state: z.string(), reason: z.string() }),
  }),
  props: z.array(property),
  'related-observations': z.array(z.object({ 'observation-uuid': z.string() })),
})
const document = z.object({
  'assessment-results': z.object({
    results: z.tuple([
      z.object({ observations: z.array(observation), findings: z.array(finding).default([]) }),
    ]),
  }),
})

function resultOf(archive: Archive) {
  const { results } = document.parse(archive.json('oscal/assessment-results.json'))['assessment-results']
  return results[0]
}

const prop = (of: { props: z.infer<typeof property>[] }, name: string) =>
  of.props.find(each => each.name === name)?.value

describeReference('an export’s OSCAL assessment results', schemaFile, async () => {
  const ajv = new Ajv({ strict: false, unicodeRegExp: true, allErrors: true, logger: false })
  const validate = ajv.compile(z.record(z.string(), z.unknown()).parse(readReference(schemaFile)))
  const conforms = (archive: Archive) => {
    validate(archive.json('oscal/assessment-results.json'))
    return validate.errors ?? []
  }
  const synced = await seedSyncedOrganization({ licence: 'P1' })
  await syncNow(synced, synced.connectionId, 'daily')
  const verdicts = (archive: Archive) =>
    z
      .array(z.object({ controlId: z.string(), verdict: z.string(), freshness: z.string() }))
      .parse(archive.json('coverage.json').controls)

  test('conform to the schema of OSCAL 1.2.1, with a finding for every control that came to a conclusion', async () => {
    const { archive } = await makeArchive(synced, { kind: 'organization' })
    expect(conforms(archive)).toEqual([])
    const { findings } = resultOf(archive)
    const states = Object.fromEntries(
      findings.map(({ target }) => [target['target-id'], `${target.status.state} ${target.status.reason}`]),
    )
    const expected = verdicts(archive).flatMap(({ controlId, verdict }) =>
      verdict === 'pass'
        ? [[controlId, 'satisfied pass']]
        : verdict === 'fail'
          ? [[controlId, 'not-satisfied fail']]
          : [],
    )
    expect(states).toEqual(Object.fromEntries(expected))
    expect(Object.values(states)).toContain('not-satisfied fail')
    expect(Object.values(states)).toContain('satisfied pass')
  })

  test('give a control that cannot be tested no state at all, and say why', async () => {
    const { archive } = await makeArchive(synced, { kind: 'organization' })
    const untested = verdicts(archive).filter(({ verdict }) => verdict === 'not_testable')
    expect(untested.length).toBeGreaterThan(0)
    const { findings, observations } = resultOf(archive)
    for (const { controlId } of untested) {
      expect(findings.map(each => each.target['target-id'])).not.toContain(controlId)
      const said = observations.find(each => prop(each, 'control-id') === controlId)
      expect(said && prop(said, 'verdict')).toBe('not_testable')
      expect(said?.title).toContain('no conclusion')
    }
  })

  test('say of each observation when it was collected and when it no longer counts', async () => {
    const { archive } = await makeArchive(synced, { kind: 'organization' })
    const { observations, findings } = resultOf(archive)
    const ofEvidence = observations.filter(each => prop(each, 'fingerprint'))
    expect(ofEvidence.length).toBeGreaterThan(3)
    for (const { collected, expires } of ofEvidence) {
      expect(Date.parse(expires ?? '')).toBeGreaterThan(Date.parse(collected))
    }
    const known = new Set(observations.map(each => each.uuid))
    for (const each of findings) {
      for (const related of each['related-observations']) {
        expect(known).toContain(related['observation-uuid'])
      }
    }
  })

  test('have a risk for each exception that counts or waits; those of an assessment conform as well', async () => {
    const { slug: organization } = synced
    const owner = ownerCaller(synced)
    const lead = callerOf(synced.services, await newMember(synced, 'compliance_lead'))
    const ask = async (subjectKind: 'account' | 'device_filter', subjectId: string) => {
      const { exceptionId } = await lead.exceptions.request({
        organization,
        controlId: subjectKind === 'account' ? 'AC-02' : 'AC-03',
        subjectKind,
        subjectId,
        reason: 'Two lines\nof “reason” & <more>.',
        ownerId: synced.userId,
        expiresOn: new Date(synced.clock.now().getTime() + 90 * 24 * hour).toISOString().slice(0, 10),
      })
      return exceptionId
    }
    const { subjects } = await owner.controls.get({ organization, controlId: 'AC-02' })
    const failing = subjects.subjects.filter(({ verdict }) => verdict === 'fail')
    const exceptionId = await ask('account', failing[0]?.subjectKey ?? '')
    await owner.exceptions.decide({ organization, exceptionId, decision: 'approve', reason: 'Seen.' })
    await ask('account', failing[1]?.subjectKey ?? '')
    const { archive: whole } = await makeArchive(synced, { kind: 'organization' })
    expect(conforms(whole)).toEqual([])
    const risks = z.array(z.object({ status: z.string(), deadline: z.string() }))
    const told = risks.parse(
      Object(whole.json('oscal/assessment-results.json')['assessment-results']).results[0].risks,
    )
    expect(told.map(({ status }) => status).sort()).toEqual(['deviation-approved', 'deviation-requested'])
    const { assessmentId } = await approvedAssessment(synced)
    const { archive } = await makeArchive(synced, { kind: 'assessment', assessmentId })
    expect(conforms(archive)).toEqual([])
  })

  test('call a pass on evidence that has expired no longer satisfied', async () => {
    synced.clock.jump(90 * hour)
    const { archive } = await makeArchive(synced, { kind: 'organization' })
    expect(conforms(archive)).toEqual([])
    const passed = verdicts(archive).filter(({ verdict }) => verdict === 'pass')
    expect(passed.map(({ freshness }) => freshness)).toContain('expired')
    expect(resultOf(archive).findings.map(each => each.target.status.state)).not.toContain('satisfied')
  })

  test('name nobody of the directory', async () => {
    const { archive } = await makeArchive(synced, { kind: 'organization' })
    const text = archive.text('oscal/assessment-results.json')
    const directory = archive.text(archive.paths.find(path => path.includes('user_inventory-')) ?? '')
    const people = directory
      .split('\r\n')
      .map(line => line.split(','))
      .filter(cells => cells[1]?.includes('@'))
    expect(people.length).toBeGreaterThan(20)
    for (const [name = '', login = ''] of people) {
      expect(text).not.toContain(name)
      expect(text).not.toContain(login)
    }
  })

  test('conform as well where nothing was ever connected, and conclude nothing', async () => {
    const empty = await useScene()
    const { archive } = await makeArchive(empty, { kind: 'organization' })
    expect(conforms(archive)).toEqual([])
    const { findings, observations } = resultOf(archive)
    expect(findings).toEqual([])
    expect(new Set(observations.map(each => prop(each, 'verdict')))).toEqual(new Set(['no_data']))
  })
})
