import { expect, test } from 'vitest'
import { exitCodeOf } from '../../server/verifier/report.ts'
import { type Alteration, describeAlterations, isOf, resealedBy, resignedBy } from '../support/alterations.ts'
import { type AlteredArchive, newSigner } from '../support/altered-archive.ts'
import { makeArchive } from '../support/archive.ts'
import { approvedAssessment, attachedAssessment } from '../support/assessment.ts'
import { purgeItems } from '../support/purge.ts'
import { seedSyncedOrganization } from '../support/seed.ts'
import { verify } from '../support/verification.ts'

/*
 * An archive of an assessment: of its period, with the assessment's own events from after it. Whoever alters it signs it
 * with a key of their own.
 */
const scene = await seedSyncedOrganization({ size: 30 })
const made = await approvedAssessment(scene)
const { organization, assessmentId, lead } = made
const asked = { organization, assessmentId }
const { attachments } = await lead.assessments.get(asked)
const users = attachments.filter(({ kind }) => kind === 'user_inventory')
for (const [index, { attachmentId }] of users.entries()) {
  await lead.assessments.drawSample({
    ...asked,
    controlId: 'AC-02',
    attachmentId,
    size: 4,
    seed: `seed-${index}`,
  })
  await lead.assessments.drawSample({ ...asked, controlId: 'AC-04', attachmentId, size: 2, seed: 'admins' })
}
const windows = attachments.filter(({ kind }) => kind === 'risky_sign_ins')
for (const { attachmentId, itemCount } of windows) {
  if (itemCount > 0) {
    await lead.assessments.drawSample({ ...asked, controlId: 'AC-14', attachmentId, size: 2, seed: 'feed' })
  }
}
const { archive } = await makeArchive(scene, { kind: 'assessment', assessmentId })
const signer = newSigner(String(archive.json('manifest.json').origin))
const resigned = resignedBy(signer)
const resealed = resealedBy(signer)
const events = 'assessment/events.jsonl.gz'
const leaves = 'assessment/leaves.jsonl.gz'
const document = 'assessment/assessment.json'

test('a sound archive of an assessment holds in every step, and says what the assessment is', async () => {
  const report = await verify(archive.bytes)
  expect(report.steps.filter(({ status }) => status !== 'holds')).toEqual([])
  expect(exitCodeOf(report)).toBe(0)
  const { words } = report.steps.find(({ step }) => step === 'assessment') ?? {}
  expect(words).toContain(`${attachments.length} attached rows in force at their moments`)
  expect(words).toContain('approved by another person')
  expect(words).toMatch(/[456] samples drawn again$/)
  expect(report.notices.join(' ')).toContain('The archive is of an assessment')
})

test('it holds leaf hashes alone of what lies outside, but for the assessment’s own events', () => {
  const manifest = archive.json('manifest.json')
  expect(manifest.scope).toMatchObject({ kind: 'period' })
  expect(manifest.assessment).toMatchObject({ id: assessmentId })
  const outside = archive.records(events).map(({ type }) => type)
  expect(outside).toContain('AssessmentApproved')
  expect(outside).toContain('SampleDrawn')
  const { asOf } = manifest as { asOf: { position: number } }
  for (const { sequence } of archive.records('events'))
    expect(Number(sequence)).toBeLessThanOrEqual(asOf.position)
})

test('OSCAL has an observation for each attached row', () => {
  const text = archive.text('oscal/assessment-results.json')
  for (const { attachmentId, fingerprint } of attachments) {
    expect(text).toContain(attachmentId)
    expect(text).toContain(fingerprint)
  }
})

const without = (path: string, index: number) => (altered: AlteredArchive) =>
  altered.editLines(path, lines => lines.filter((_, at) => at !== index))
const first = archive.records(events).findIndex(({ type }) => type === 'AssessmentEvidenceAttached')
const submitted = archive.records(events).find(({ type }) => type === 'AssessmentSubmitted')
const submittedBy = /"submittedBy":"([^"]+)"/.exec(JSON.stringify(submitted))?.[1] ?? ''
const edited = (edit: (record: Record<string, never>) => void) => (altered: AlteredArchive) => {
  const record = JSON.parse(altered.text(document))
  edit(record)
  return altered.setText(document, JSON.stringify(record))
}

const alterations: Alteration[] = [
  [
    'a removed attachment',
    resigned(altered => {
      without(events, first)(altered)
      without(leaves, first)(altered)
    }),
    { step: 'assessment', words: /an event of the assessment is missing/ },
  ],
  [
    'another period in the event that opened it',
    resigned(altered =>
      altered.editRecord(events, isOf('AssessmentOpened'), event => {
        event.data.periodFrom = '2020-01-01T00:00:00.000Z'
      }),
    ),
    { step: 'assessment', words: /./ },
  ],
  [
    'an attached row exchanged before the approval',
    resealed(altered =>
      altered.editRecord(events, isOf('AssessmentEvidenceAttached'), event => {
        event.data.fingerprint = 'f'.repeat(64)
      }),
    ),
    { step: 'assessment', words: /checkpoint that the approval names/ },
  ],
  [
    'another approver',
    resealed(altered =>
      altered.editRecord(events, isOf('AssessmentApproved'), event => {
        event.data.approvedBy = '0199a0b0-0000-7000-8000-000000000001'
      }),
    ),
    { step: 'assessment', words: /names somebody else than who did it/ },
  ],
  [
    'an approval by who submitted it',
    resealed(altered =>
      altered.editRecord(events, isOf('AssessmentApproved'), event => {
        event.data.approvedBy = submittedBy
        event.actor = `user:${submittedBy}`
      }),
    ),
    { step: 'assessment', words: /is who submitted it/ },
  ],
  [
    'a sample of another population',
    resealed(altered =>
      altered.editRecord(events, isOf('SampleDrawn'), event => {
        event.data.population.count += 1
      }),
    ),
    { step: 'assessment', words: /The population of AC-0\d has \d+ subjects/ },
  ],
  [
    'a sample with another seed, and the rows of the first',
    resealed(altered =>
      altered.editRecord(events, isOf('SampleDrawn'), event => {
        event.data.seed = 'one-that-pleases'
      }),
    ),
    { step: 'assessment', words: /its samples is not what the events lead to/ },
  ],
  [
    'another row in a sample',
    resigned(
      edited((record: Record<string, never>) => {
        const [sample] = record.samples as unknown as { drawn: { subjectKey: string }[] }[]
        if (sample?.drawn[0]) sample.drawn[0].subjectKey = '0199a0b0-0000-7000-8000-000000000001'
      }),
    ),
    { step: 'assessment', words: /its samples is not/ },
  ],
  [
    'an attachment that the document leaves out',
    resigned(edited(record => (record.attachments as unknown as unknown[]).pop())),
    { step: 'assessment', words: /its attachments is not/ },
  ],
  [
    'another name in the document',
    resigned(edited(record => Object.assign(record, { name: 'Somebody else’s' }))),
    { step: 'assessment', words: /its name is not/ },
  ],
  [
    'the document gone',
    resigned(altered => altered.remove(document)),
    { step: 'files', words: /should have this file/ },
  ],
  [
    'another assessment in the manifest',
    resigned(altered =>
      altered.editManifest(manifest => {
        manifest.assessment.id = '0199a0b0-0000-7000-8000-000000000001'
      }),
    ),
    { step: 'assessment', words: /not of the assessment that the manifest names/ },
  ],
]
const foreign = archive
describeAlterations('of the assessment', { archive, foreign, signer }, alterations)

test('an assessment that still runs is exported as far as it is', async () => {
  const open = await attachedAssessment(scene, 'Second')
  const { archive } = await makeArchive(scene, { kind: 'assessment', assessmentId: open.assessmentId })
  const report = await verify(archive.bytes)
  expect(report.steps.filter(({ status }) => status !== 'holds')).toEqual([])
  expect(report.steps.find(({ step }) => step === 'assessment')?.words).toContain(', open,')
})

test('a sample whose population was purged since is believed, and said to be', async () => {
  const other = await seedSyncedOrganization({ size: 30 })
  const open = await attachedAssessment(other)
  const { attachments } = await open.lead.assessments.get({
    organization: open.organization,
    assessmentId: open.assessmentId,
  })
  const { attachmentId = '' } = attachments.find(({ kind }) => kind === 'user_inventory') ?? {}
  const { sampleId } = await open.lead.assessments.drawSample({
    organization: open.organization,
    assessmentId: open.assessmentId,
    controlId: 'AC-02',
    attachmentId,
    size: 3,
    seed: '',
  })
  await purgeItems(other, 30)
  const sample = await open.lead.assessments.sample({
    organization: open.organization,
    assessmentId: open.assessmentId,
    sampleId,
  })
  expect(sample.rows).toBeNull()
  const { archive } = await makeArchive(other, { kind: 'assessment', assessmentId: open.assessmentId })
  const report = await verify(archive.bytes)
  expect(report.steps.filter(({ status }) => status !== 'holds')).toEqual([])
  expect(report.steps.find(({ step }) => step === 'assessment')?.words).toContain(
    'contents that were purged since',
  )
})
