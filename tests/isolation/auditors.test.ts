import { beforeEach, describe, expect, test } from 'vitest'
import { rateLimits } from '../../db/schema/accounts.ts'
import { isAllowed } from '../../server/domain/member/roles.ts'
import { newId } from '../../server/ledger/ids.ts'
import { auditorViews } from '../../server/trpc/auditor-views.ts'
import { buildExport, makeArchive } from '../support/archive.ts'
import { attachedAssessment } from '../support/assessment.ts'
import { callerOf, contextOf, newMember, ownerCaller } from '../support/caller.ts'
import { organizationProcedures, outcomeOf, validInput } from '../support/procedures.ts'
import { seedSyncedOrganization, syncNow } from '../support/seed.ts'

const queries = organizationProcedures.filter(
  ({ type, access }) => type === 'query' && isAllowed('auditor', access),
)

/** Queries that an auditor may ask and that are not recorded, and why. */
const unrecorded: Readonly<Record<string, string>> = {
  'organizations.shell': 'the frame around every page',
  'connectors.list': 'what this build can connect: nothing of the organization',
  'connectors.card': 'what a connector reads: nothing of the organization',
  'connections.runs': 'part of the page of a connection, which is recorded',
  'ledger.head': 'how far the ledger goes: nothing that it holds',
  'ledger.stops': 'moments to look back to: nothing of what was then',
  'ledger.checkpoints': 'hashes and signatures alone',
  'ledger.checkpoint': 'hashes and signatures alone',
  'ledger.consistency': 'hashes alone',
  'ledger.compareCheckpoint': 'holds what a reader kept to the log',
  'ledger.verification': 'how far verifications are',
  'subscriptions.list': 'who gets checkpoints',
}

describe('what an auditor opens', () => {
  test.each(queries)('$path is recorded, or it says here why not', ({ path }) => {
    expect(Object.hasOwn(auditorViews, path)).toBe(!Object.hasOwn(unrecorded, path))
  })
})

describe('an auditor who is bound to an assessment', async () => {
  const scene = await seedSyncedOrganization()
  const { services, slug: organization, clock, connectionId, userId } = scene
  const owner = ownerCaller(scene)
  const own = await attachedAssessment(scene, 'Own')
  const end = (await owner.assessments.get({ organization, assessmentId: own.assessmentId })).periodTo
  clock.jump(3 * 86_400_000)
  await syncNow(scene, connectionId)
  const other = await attachedAssessment(scene, 'Other')
  const otherSample = await sampleOf(other.assessmentId)
  const ownSample = await sampleOf(own.assessmentId)
  const user = await newMember(scene, 'auditor', { from: new Date(0), to: clock.now() }, [own.assessmentId])
  const auditor = callerOf(services, user)
  const context = contextOf(services, user)
  const foreign = await makeArchive(scene, { kind: 'assessment', assessmentId: other.assessmentId })
  const whole = await makeArchive(scene, { kind: 'organization' })

  beforeEach(() => services.database.outsideTenant.delete(rateLimits))

  async function sampleOf(assessmentId: string) {
    const { attachments } = await owner.assessments.get({ organization, assessmentId })
    const { attachmentId = '', evidenceId = '' } =
      attachments.find(({ kind }) => kind === 'user_inventory') ?? {}
    const asked = { organization, assessmentId, controlId: 'AC-02', attachmentId, size: 2, seed: 's' }
    return { attachmentId, evidenceId, ...(await owner.assessments.drawSample(asked)) }
  }

  test('sees that assessment and no other, as it is now', async () => {
    const { assessments, asOf } = await auditor.assessments.list({ organization })
    expect(assessments.map(({ assessmentId }) => assessmentId)).toEqual([own.assessmentId])
    expect(asOf.isNow).toBe(true)
    const shown = await auditor.assessments.get({ organization, assessmentId: own.assessmentId })
    expect(shown.attachments).toHaveLength(own.attached)
  })

  test('has the assessment’s period, however the period of the grant was, and follows a correction', async () => {
    const { asOf } = await auditor.organizations.shell({ organization })
    expect(asOf).toMatchObject({ isNow: false, instant: end })
    const { grant } = await auditor.exports.list({ organization })
    expect(grant?.to).toEqual(end)
  })

  test.each([
    ['assessments.get', { assessmentId: 0 }],
    ['assessments.sample', { assessmentId: 0, sampleId: 1 }],
    ['assessments.sampleCsv', { assessmentId: 0, sampleId: 1 }],
    ['assessments.populationCsv', { assessmentId: 0, controlId: 'AC-02', attachmentId: 2 }],
    ['assessments.drawSample', { assessmentId: 0, controlId: 'AC-02', attachmentId: 2, size: 1, seed: '' }],
    ['exports.request', { scope: 'assessment', assessmentId: 0 }],
  ])('%s of another assessment is like one that nobody has', async (path, input) => {
    const ids = [other.assessmentId, otherSample.sampleId, otherSample.attachmentId]
    const filled = (values: readonly string[]) =>
      Object.fromEntries(
        Object.entries(input).map(([name, value]) => [
          name,
          typeof value === 'number' && name !== 'size' ? values[value] : value,
        ]),
      )
    const there = await outcomeOf(context, path, { organization, ...filled(ids) })
    const nowhere = await outcomeOf(context, path, { organization, ...filled([newId(), newId(), newId()]) })
    expect(there.code).toBe('not_found')
    expect(there).toEqual(nowhere)
  })

  test('a sample of another assessment is not found beside the own one', async () => {
    const asked = { organization, assessmentId: own.assessmentId, sampleId: otherSample.sampleId }
    expect((await outcomeOf(context, 'assessments.sample', asked)).code).toBe('not_found')
  })

  test.each([
    ['of another assessment', foreign.exportId],
    ['of the whole organization', whole.exportId],
  ])('an export %s is in no list and not found', async (_, exportId) => {
    const { exports } = await auditor.exports.list({ organization })
    expect(exports.map(each => each.exportId)).not.toContain(exportId)
    for (const path of ['exports.get', 'exports.download']) {
      expect((await outcomeOf(context, path, { organization, exportId })).code).toBe('not_found')
    }
  })

  const known = {
    organization,
    connector: 'entra',
    kind: 'user_inventory',
    controlId: 'AC-02',
    position: 1,
    assessmentId: own.assessmentId,
    sampleId: ownSample.sampleId,
    connectionId,
    userId,
    exportId: whole.exportId,
    id: ownSample.evidenceId,
    subject: newId(),
    against: 'now',
  }

  test.each(queries.filter(({ fields }) => 'asOf' in fields))(
    '$path of a moment outside the period is not found',
    async procedure => {
      for (const asOf of [new Date(end.getTime() + 60_000), new Date(end.getTime() - 400 * 86_400_000)]) {
        const input = { ...validInput(procedure, known), asOf: asOf.toISOString() }
        expect((await outcomeOf(context, procedure.path, input)).code).toBe('not_found')
      }
    },
  )

  test('draws, takes along and exports what is theirs, and each of it is an event', async () => {
    const asked = { organization, assessmentId: own.assessmentId }
    await auditor.assessments.sampleCsv({ ...asked, sampleId: ownSample.sampleId })
    const { pieces } = await auditor.assessments.populationCsv({
      ...asked,
      controlId: 'AC-02',
      attachmentId: ownSample.attachmentId,
    })
    let text = ''
    for await (const piece of pieces) text += piece
    expect(text).toContain('# Root over the keys of those in it')
    expect(text).toMatch(/\r\nno,"?(The account is disabled|A guest)/)
    const { exportId } = await auditor.exports.request({ ...asked, scope: 'assessment' })
    expect(await buildExport(scene, exportId)).toBe('ready')
    await auditor.exports.download({ organization, exportId })
    const { events } = await owner.ledger.events({ organization, actor: `user:${user.id}` })
    const types = events.map(({ type }) => type)
    expect(types.filter(type => type === 'PopulationDownloaded')).toHaveLength(2)
    expect(types).toContain('ExportDownloaded')
  })

  test('is recorded once an hour for each thing that was opened, and again in the next hour', async () => {
    const asked = { organization, assessmentId: own.assessmentId }
    const views = async () => {
      const { events } = await owner.ledger.events({
        organization,
        type: 'AuditorViewed',
        actor: `user:${user.id}`,
      })
      return events.filter(({ payload }) => payload.includes('"assessments.get"')).length
    }
    clock.jump(3_600_000)
    const before = await views()
    await Promise.all([auditor.assessments.get(asked), auditor.assessments.get(asked)])
    await auditor.assessments.get(asked)
    expect(await views()).toBe(before + 1)
    clock.jump(3_600_000)
    await auditor.assessments.get(asked)
    expect(await views()).toBe(before + 2)
  })
})
