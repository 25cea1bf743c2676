import { describe, expect, test } from 'vitest'
import { sweepOverdue } from '../../server/connections/sweep.ts'
import { isOf, resealedBy, resignedBy } from '../support/alterations.ts'
import { AlteredArchive, newSigner } from '../support/altered-archive.ts'
import { makeArchive } from '../support/archive.ts'
import { callerOf, newMember, ownerCaller } from '../support/caller.ts'
import { seedSyncedOrganization, syncNow } from '../support/seed.ts'
import { findingOf, verify } from '../support/verification.ts'

/*
 * Exceptions and alerts as an archive tells them: lines, OSCAL and the summary, each held to the events. Who alters one of
 * them is found, whether in the files or in the events.
 */
const hour = 3_600_000
const day = 24 * hour
const scene = await seedSyncedOrganization({ size: 60 })
const { services, slug: organization, clock } = scene
const start = clock.now().getTime()
const owner = ownerCaller(scene)
const lead = callerOf(services, await newMember(scene, 'compliance_lead'))

const { subjects } = await owner.controls.get({ organization, controlId: 'AC-02' })
const failing = subjects.subjects.filter(({ verdict }) => verdict === 'fail').map(each => each.subjectKey)
const ask = async (subjectId: string | undefined, lasting: number) => {
  const { exceptionId } = await lead.exceptions.request({
    organization,
    controlId: 'AC-02',
    subjectKind: 'account',
    subjectId: subjectId ?? '',
    reason: 'A terminal without a telephone.',
    ownerId: scene.userId,
    expiresOn: new Date(clock.now().getTime() + lasting).toISOString().slice(0, 10),
  })
  return exceptionId
}
const decide = (exceptionId: string, decision: 'approve' | 'reject') =>
  owner.exceptions.decide({ organization, exceptionId, decision, reason: 'Seen on site.' })

const shortly = await ask(failing[0], day)
await decide(shortly, 'approve')
const approved = await ask(failing[1], 60 * day)
await decide(approved, 'approve')
const rejected = await ask(failing[2], 60 * day)
await decide(rejected, 'reject')
/** Two days later: an outage that is over, a second one that is not, and an exception that waits. */
clock.jump(8 * hour)
await sweepOverdue(services)
await syncNow(scene, scene.connectionId)
clock.jump(40 * hour)
await sweepOverdue(services)
const waiting = await ask(failing[2], 60 * day)
const { archive } = await makeArchive(scene, { kind: 'organization' })

const signer = newSigner(String(archive.json('manifest.json').origin))
const resigned = resignedBy(signer)
const resealed = resealedBy(signer)
const linesOf = (from: typeof archive, path: string) =>
  from
    .text(path)
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line))

test('every exception is a line, with the decision on it and where it stands at the end', async () => {
  expect(findingOf(await verify(archive.bytes))).toMatchObject({ exitCode: 0 })
  const byId = Object.fromEntries(linesOf(archive, 'exceptions.jsonl').map(line => [line.exceptionId, line]))
  expect(byId[shortly]).toMatchObject({ decision: 'approved', state: 'expired', decidedBy: scene.userId })
  expect(byId[approved]).toMatchObject({ decision: 'approved', state: 'in_force', controlId: 'AC-02' })
  expect(byId[rejected]).toMatchObject({ decision: 'rejected', state: 'rejected' })
  expect(byId[waiting]).toMatchObject({ decision: 'requested', state: 'waiting', decidedBy: null })
})

test('every alert is a line, from its being raised to its end', () => {
  const alerts = linesOf(archive, 'alerts.jsonl').filter(({ cause }) => cause.kind === 'connection_stale')
  expect(alerts.map(({ isOpen }) => isOpen).sort()).toEqual([false, true])
  expect(alerts.find(({ isOpen }) => !isOpen)).toMatchObject({ because: 'recovered' })
})

test('a period has the alerts that were open in it, and the exceptions as they stood at its end', async () => {
  const period = async (from: number, to: number) =>
    (
      await makeArchive(scene, {
        kind: 'period',
        from: new Date(start + from * hour),
        to: new Date(start + to * hour),
      })
    ).archive
  const around = await period(7, 9)
  expect(findingOf(await verify(around.bytes))).toMatchObject({ exitCode: 0 })
  expect(
    linesOf(around, 'alerts.jsonl').filter(({ cause }) => cause.kind === 'connection_stale'),
  ).toHaveLength(1)
  expect(linesOf(around, 'exceptions.jsonl')).toHaveLength(3)
  const later = await period(10, 14)
  expect(findingOf(await verify(later.bytes))).toMatchObject({ exitCode: 0 })
  expect(linesOf(later, 'alerts.jsonl').map(({ cause }) => cause.kind)).not.toContain('connection_stale')
})

test('OSCAL has a risk for what counts and for what waits, and for nothing else', () => {
  const { results } = Object(archive.json('oscal/assessment-results.json')['assessment-results'])
  const [{ risks, findings }] = results
  expect(risks.map(({ status }: { status: string }) => status).sort()).toEqual([
    'deviation-approved',
    'deviation-requested',
  ])
  const finding = findings.find(
    (each: { target: Record<string, string> }) => each.target['target-id'] === 'AC-02',
  )
  expect(finding['related-risks']).toHaveLength(2)
})

test('the summary shows both to people', () => {
  const summary = archive.text('summary.html')
  for (const words of [
    'Counts until',
    'Expired',
    'Rejected',
    'Waits for a second person',
    'Everything comes again.',
  ]) {
    expect(summary).toContain(words)
  }
})

describe('who alters', () => {
  const inFile = (path: string, alter: (line: Record<string, unknown>) => void) =>
    resigned(altered =>
      altered.editText(path, text => {
        const lines = text.split('\n').filter(line => line !== '')
        const edited = lines.map((line, index) => {
          if (index > 0) return line
          const value = JSON.parse(line)
          alter(value)
          return JSON.stringify(value)
        })
        return `${edited.join('\n')}\n`
      }),
    )

  test.each<[string, ReturnType<typeof inFile>, string]>([
    ['an approver', inFile('exceptions.jsonl', line => (line.decidedBy = approved)), 'exceptions.jsonl'],
    [
      'a last day',
      inFile('exceptions.jsonl', line => (line.expiresAt = '2099-01-01T00:00:00.000Z')),
      'exceptions.jsonl',
    ],
    ['a reason', inFile('exceptions.jsonl', line => (line.reason = 'Because.')), 'exceptions.jsonl'],
    [
      'when an alert was raised',
      inFile('alerts.jsonl', line => (line.raisedAt = line.since)),
      'alerts.jsonl',
    ],
    [
      'that an alert is over',
      inFile('alerts.jsonl', line => (line.isOpen = line.isOpen === false)),
      'alerts.jsonl',
    ],
    [
      'the list of alerts by leaving one out',
      resigned(altered => altered.editText('alerts.jsonl', text => text.split('\n').slice(1).join('\n'))),
      'alerts.jsonl',
    ],
    [
      'a risk’s deadline',
      resigned(altered =>
        altered.editText('oscal/assessment-results.json', text =>
          text.replace(/("deadline": ")\d{4}/, '$12099'),
        ),
      ),
      'oscal/assessment-results.json',
    ],
    [
      'a risk’s status',
      resigned(altered =>
        altered.editText('oscal/assessment-results.json', text =>
          text.replace('deviation-requested', 'deviation-approved'),
        ),
      ),
      'oscal/assessment-results.json',
    ],
  ])('%s is found, and the file is named', async (_, alter, path) => {
    const finding = findingOf(await verify(alter(new AlteredArchive(archive)).bytes()))
    expect(finding).toMatchObject({ first: 'documents', exitCode: 1, place: { path } })
  })

  test.each<[string, Parameters<typeof resealed>[0]]>([
    [
      'who approved an exception',
      altered =>
        altered.editRecord('events', isOf('ExceptionApproved'), event => {
          event.data.decidedBy = shortly
        }),
    ],
    [
      'until when an exception was asked for',
      altered =>
        altered.editRecord('events', isOf('ExceptionRequested'), event => {
          event.data.expiresAt = '2099-01-01T00:00:00.000Z'
        }),
    ],
    [
      'why an exception was asked for',
      altered =>
        altered.editRecord('events', isOf('ExceptionRequested'), event => {
          event.data.reason = 'Because.'
        }),
    ],
    [
      'since when an alert is open',
      altered =>
        altered.editRecord('events', isOf('AlertRaised'), event => {
          event.data.since = '2020-01-01T00:00:00.000Z'
        }),
    ],
  ])('%s in the events, and seals them by another key, is found by what follows', async (_, alter) => {
    const finding = findingOf(await verify(resealed(alter)(new AlteredArchive(archive)).bytes()))
    expect(finding.exitCode).toBe(1)
    expect(finding.failed.join()).toMatch(/documents|verdicts/)
  })
})
