import { randomUUID } from 'node:crypto'
import postgres from 'postgres'
import { afterAll, describe, expect, test } from 'vitest'
import { approvedAssessment, attachedAssessment } from '../support/assessment.ts'
import { appendPlain } from '../support/every-table.ts'
import { purgeItems } from '../support/purge.ts'
import { seedSyncedOrganization } from '../support/seed.ts'
import { closedGate, untilWaiting } from '../support/waiting.ts'

const scene = await seedSyncedOrganization()
const { db, organizationId } = scene
const { assessmentId } = await approvedAssessment(scene)
const connect = (url: string) => postgres(url, { max: 1, onnotice: () => undefined })
const admin = connect(db.adminUrl)
const roles = {
  'the app': connect(db.appUrl),
  'the tables’ owner': connect(db.ownerUrl),
  'the retention role': connect(db.url('retention')),
  'a superuser': admin,
  'a superuser as replica': admin,
}
afterAll(() => Promise.all(new Set(Object.values(roles).map(client => client.end()))))

type RoleName = keyof typeof roles
const roleNames: RoleName[] = [
  'the app',
  'the tables’ owner',
  'the retention role',
  'a superuser',
  'a superuser as replica',
]

/** The SQLSTATE a statement is refused with, or how many rows it touched; taken back in any case. */
async function attempt(role: RoleName, work: (transaction: postgres.TransactionSql) => Promise<unknown>) {
  let answer: unknown = 'nothing'
  const takeBack = new Error('taken back')
  await roles[role]
    .begin(async transaction => {
      if (role === 'a superuser as replica') await transaction`set local session_replication_role = replica`
      await transaction.unsafe(`set local app.organization_id = '${organizationId}'`)
      answer = await work(transaction)
      throw takeBack
    })
    .catch((error: unknown) => {
      if (error === takeBack) return
      if (!(error instanceof postgres.PostgresError)) throw error
      answer = error.code
    })
  return answer
}

const refused = '42501'
const own = `organization_id = '${organizationId}'`
const attachedEvidence = `select a.evidence_id from state.assessment_evidence a where a.${own} and a.assessment_id = '${assessmentId}'`
const sealedBodies = `${own} and sealed_by = '${assessmentId}'`

/** Everything that an approval seals, and what may be tried on it. */
const attempts: [what: string, statement: string][] = [
  ['rename it', `update state.assessment set name = 'Other' where ${own} and id = '${assessmentId}'`],
  ['open it again', `update state.assessment set status = 'open' where ${own} and id = '${assessmentId}'`],
  ['delete it', `delete from state.assessment where ${own} and id = '${assessmentId}'`],
  [
    'put a row beside it',
    `insert into state.assessment select organization_id, id, 0, 1, 'Other', period_from, period_to, controls,
       catalogue_version, status, opened_by, opened_at from state.assessment where ${own} and id = '${assessmentId}' limit 1`,
  ],
  [
    'give it to another organization’s row',
    `update state.assessment set id = '${randomUUID()}' where ${own} and id = '${assessmentId}'`,
  ],
  ['empty the assessments', 'truncate state.assessment cascade'],
  [
    'end an attachment',
    `update state.assessment_evidence set to_position = from_position + 1 where ${own} and assessment_id = '${assessmentId}'`,
  ],
  [
    'swap attached evidence',
    `update state.assessment_evidence set fingerprint = sha256('x') where ${own} and assessment_id = '${assessmentId}'`,
  ],
  [
    'detach evidence',
    `delete from state.assessment_evidence where ${own} and assessment_id = '${assessmentId}'`,
  ],
  [
    'attach evidence',
    `insert into state.assessment_evidence select organization_id, assessment_id, '${randomUUID()}', from_position, to_position,
       evidence_id, source_id, kind, fingerprint, item_count, instant, at_position
       from state.assessment_evidence where ${own} and assessment_id = '${assessmentId}' limit 1`,
  ],
  ['empty the attachments', 'truncate state.assessment_evidence cascade'],
  [
    'change the evidence',
    `update ledger.evidence set item_count = 0 where ${own} and id in (${attachedEvidence})`,
  ],
  ['delete the evidence', `delete from ledger.evidence where ${own} and id in (${attachedEvidence})`],
  [
    'change the deltas',
    `update ledger.evidence_delta set item_hash = null where ${own} and evidence_id in (${attachedEvidence})`,
  ],
  [
    'delete the deltas',
    `delete from ledger.evidence_delta where ${own} and evidence_id in (${attachedEvidence})`,
  ],
  [
    'delete the items',
    `delete from ledger.item where ${own} and hash in (select b.hash from ledger.item_body b where b.${sealedBodies})`,
  ],
  ['rewrite the contents', `update ledger.item_body set body = '{}' where ${sealedBodies}`],
  ['delete the contents', `delete from ledger.item_body where ${sealedBodies}`],
  ['take the seal off the contents', `update ledger.item_body set sealed_by = null where ${sealedBodies}`],
  [
    'mark the contents for a purge',
    `update ledger.item_body set purged_at_position = 1 where ${sealedBodies}`,
  ],
  [
    'seal the contents for another',
    `update ledger.item_body set sealed_by = '${randomUUID()}' where ${sealedBodies}`,
  ],
  [
    'end the seal sooner than it may',
    `update ledger.item_body set sealed_until = now() + interval '11 months' where ${sealedBodies}`,
  ],
  ['open the stream', `delete from ledger.sealed_stream where ${own} and stream_id = '${assessmentId}'`],
  ['move the seal', `update ledger.sealed_stream set stream_id = '${randomUUID()}' where ${own}`],
  ['empty the seals', 'truncate ledger.sealed_stream cascade'],
  [
    'rewrite its events',
    `update ledger.events set payload = '{}' where ${own} and stream_id = '${assessmentId}'`,
  ],
  ['delete its events', `delete from ledger.events where ${own} and stream_id = '${assessmentId}'`],
]

describe.each(roleNames.map(role => [role] as const))('%s', role => {
  test.each(attempts)('cannot %s', async (_, statement) => {
    expect(await attempt(role, async transaction => (await transaction.unsafe(statement)).count)).toBe(
      refused,
    )
  })

  test('cannot append to it', async () => {
    const answer = await attempt(role, transaction =>
      appendPlain(transaction, organizationId, assessmentId, 'AssessmentRenamed'),
    )
    expect(answer).toBe(refused)
  })
})

test('what is tried on is there', async () => {
  const [counts] = await admin.unsafe<{ bodies: number; attachments: number; rows: number }[]>(`
    select (select count(*)::int from ledger.item_body where ${sealedBodies}) as bodies,
           (select count(*)::int from state.assessment_evidence where ${own} and assessment_id = '${assessmentId}') as attachments,
           (select count(*)::int from state.assessment where ${own} and id = '${assessmentId}') as rows`)
  expect(counts?.bodies).toBeGreaterThan(20)
  expect(counts?.attachments).toBeGreaterThan(5)
  expect(counts?.rows).toBe(3)
})

test('an open assessment is guarded by none of this', async () => {
  const open = await attachedAssessment(scene, 'Another')
  const answer = await attempt(
    'the app',
    async transaction =>
      (
        await transaction.unsafe(
          `delete from state.assessment_evidence where ${own} and assessment_id = '${open.assessmentId}'`,
        )
      ).count,
  )
  expect(answer).toBe(open.attached)
})

describe('a purge and an approval at once', async () => {
  const other = await seedSyncedOrganization()
  const client = connect(other.db.url('retention'))
  const app = connect(other.db.adminUrl)
  afterAll(() => Promise.all([client.end(), app.end()]))

  test('the approval waits for the purge, seals what is left and says what was gone', async () => {
    const made = await attachedAssessment(other)
    const { organization, lead, approver, name } = made
    await lead.assessments.submit({ organization, assessmentId: made.assessmentId })
    const { hashes } = await purgeItems(other, 2)
    const isMarked = closedGate()
    const mayEnd = closedGate()
    const purging = client.begin(async transaction => {
      await transaction.unsafe(`set local app.organization_id = '${other.organizationId}'`)
      const [row] = await transaction<{ hash: Buffer }[]>`
        select hash from ledger.item_body where organization_id = ${other.organizationId} and body like '%accountEnabled%' limit 1`
      const hash = row?.hash ?? Buffer.alloc(0)
      const position = await appendPlain(transaction, other.organizationId, other.connectionId, 'ItemsPurged')
      await transaction`
        insert into ledger.purged_item (organization_id, hash, position) values (${other.organizationId}, ${hash}, ${position})`
      await transaction`
        update ledger.item_body set purged_at_position = ${position}
         where organization_id = ${other.organizationId} and hash = ${hash}`
      isMarked.open()
      await mayEnd.opened
      await transaction`
        delete from ledger.item_body where organization_id = ${other.organizationId} and hash = ${hash}`
    })
    await isMarked.opened
    const approving = approver.assessments.approve({
      organization,
      assessmentId: made.assessmentId,
      confirmation: name,
    })
    await untilWaiting(app)
    mayEnd.open()
    await Promise.all([purging, approving])
    const shown = await lead.assessments.get({ organization, assessmentId: made.assessmentId })
    expect(shown.status).toBe('approved')
    expect(shown.items.gone).toBe(hashes.length + 1)
  })
})
