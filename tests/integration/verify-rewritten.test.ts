import { afterEach, describe, expect, test } from 'vitest'
import { canonicalText, sha256Hex } from '../../server/ledger/canonical.ts'
import { newestCheckpoint } from '../../server/ledger/checkpoints.ts'
import { envelopeText } from '../../server/ledger/envelope.ts'
import { leafHash } from '../../server/ledger/merkle.ts'
import { parseVerifierKey } from '../../server/ledger/verifier-key.ts'
import type { Report } from '../../server/verifier/report.ts'
import { makeArchive } from '../support/archive.ts'
import { intruderIn } from '../support/intruder.ts'
import { seedSealedHistory } from '../support/sealed-history.ts'
import { findingOf, verify } from '../support/verification.ts'

/*
 * Somebody holds the database itself: triggers off, constraints gone, and the product signs what they left behind with its
 * own key. A reader who kept a checkpoint is not to be deceived about the log; what the log binds is not to be deceived about
 * at all.
 */
const scene = await seedSealedHistory()
const { admin, organizationId, services } = scene
const intruder = await intruderIn(admin, organizationId)
const own = `organization_id = '${organizationId}'`
const kept = await services.database.withOrganization(organizationId, transaction =>
  newestCheckpoint(transaction, organizationId),
)
if (!kept) throw new Error('the log has no checkpoint')
const checkpoint = { name: 'kept', note: Buffer.from(kept.note) }

afterEach(() => intruder.undo())

interface Stored {
  position: number
  stream_id: string
  stream_version: number
  event_id: string
  event_type: string
  schema_version: number
  recorded_at: Date
  actor: string
  payload: string
}

/** An event with what is to be different, its leaf made to follow: the statement that puts it in its place. */
async function rewritten(position: number, changes: Partial<Omit<Stored, 'position'>>): Promise<string> {
  const [row] = await admin<Stored[]>`
    select position::int, stream_id, stream_version::int, event_id, event_type, schema_version, recorded_at, actor, payload
      from ledger.events where organization_id = ${organizationId} and position = ${position}`
  if (!row) throw new Error(`there is no event ${position}`)
  const event = { ...row, ...changes }
  const leaf = envelopeText({
    actor: event.actor,
    recordedAt: event.recorded_at,
    eventId: event.event_id,
    organizationId,
    payloadSha256: sha256Hex(event.payload),
    schemaVersion: event.schema_version,
    position,
    streamId: event.stream_id,
    type: event.event_type,
    streamVersion: event.stream_version,
  })
  const text = (value: string) => `'${value.replaceAll("'", "''")}'`
  return `update ledger.events
     set stream_id = ${text(event.stream_id)}, stream_version = ${event.stream_version}, event_id = ${text(event.event_id)},
         event_type = ${text(event.event_type)}, recorded_at = ${text(event.recorded_at.toISOString())},
         actor = ${text(event.actor)}, payload = ${text(event.payload)},
         leaf_hash = '\\x${leafHash(Buffer.from(leaf)).toString('hex')}'
   where ${own} and position = ${position}`
}

/** Nothing is left that was signed or sealed: the product starts over from what it finds. */
const unsealed = [`delete from ledger.checkpoint where ${own}`, `delete from ledger.tile where ${own}`]

/** What a reader is told who knows the product's key, and kept a checkpoint or none. */
async function reported(options: { isCheckpointKept: boolean }): Promise<Report> {
  const { archive } = await makeArchive(scene, { kind: 'organization' })
  const keys = archive.text('keys.txt').trim().split('\n').map(parseVerifierKey)
  const checkpoints = options.isCheckpointKept ? [checkpoint] : []
  return verify(archive.bytes, { keys, checkpoints })
}

const exported = async (options: { isCheckpointKept: boolean }) => findingOf(await reported(options))

test('a ledger that nobody touched holds', async () => {
  expect(await exported({ isCheckpointKept: true })).toMatchObject({ exitCode: 0, first: null })
})

describe('an event rewritten, leaf hash and all, and everything sealed anew', async () => {
  const [first] = await admin<{ payload: string }[]>`
    select payload from ledger.events where organization_id = ${organizationId} and event_type = 'MemberJoined'`
  const [joined] = await admin<{ position: number }[]>`
    select position::int from ledger.events where organization_id = ${organizationId} and event_type = 'MemberJoined'`
  const position = joined?.position ?? -1
  const payload = canonicalText({ ...JSON.parse(first?.payload ?? ''), role: 'auditor', grant: null })

  test.each([
    ['in its payload', { payload }],
    ['in its actor', { actor: 'user:somebody-else' }],
    ['in its id', { event_id: '01900000-0000-7000-8000-000000000000' }],
  ])('%s is exposed by a checkpoint kept from before', async (_, changes) => {
    await intruder.change(await rewritten(position, changes), ...unsealed)
    // The signature is the product's own, and the archive is sound in itself: only the kept checkpoint tells.
    expect(await exported({ isCheckpointKept: false })).toMatchObject({ exitCode: 0 })
    expect(await exported({ isCheckpointKept: true })).toMatchObject({
      exitCode: 1,
      first: 'history',
      words: expect.stringMatching(/The log was rewritten: its first \d+ events/),
      failed: ['history'],
    })
  })

  test('in its time is exposed by a checkpoint kept from before', async () => {
    const [row] = await admin<{ recorded_at: Date }[]>`
      select recorded_at from ledger.events where organization_id = ${organizationId} and position = 0`
    const before = new Date((row?.recorded_at.getTime() ?? 0) - 86_400_000)
    await intruder.change(await rewritten(0, { recorded_at: before }), ...unsealed)
    expect(await exported({ isCheckpointKept: true })).toMatchObject({
      exitCode: 1,
      failed: expect.arrayContaining(['history']),
    })
  })

  test('in its place: two events that changed it are out of order to everybody', async () => {
    const swap = (one: number, other: number) =>
      `update ledger.events set position = ${other} where ${own} and position = ${one}`
    await intruder.change(
      swap(position, -1),
      swap(position + 1, position),
      swap(-1, position + 1),
      ...unsealed,
    )
    const finding = await exported({ isCheckpointKept: true })
    expect(finding).toMatchObject({
      exitCode: 1,
      first: 'events',
      failed: expect.arrayContaining(['history']),
    })
  })
})

test('events taken from the end are missing to who kept a checkpoint of them', async () => {
  const size = kept.size - 100
  await intruder.change(
    `delete from ledger.purged_item where ${own} and position >= ${size}`,
    `delete from ledger.events where ${own} and position >= ${size}`,
    `update ledger.head set size = ${size} where ${own}`,
    ...unsealed,
  )
  const { steps } = await reported({ isCheckpointKept: true })
  expect(steps.find(({ step }) => step === 'history')).toMatchObject({
    status: 'unchecked',
    words: expect.stringMatching(/events are missing from the log/),
  })
})

describe('what hangs on the events', () => {
  const one = (table: string, where = 'true') =>
    `${own} and ctid = (select ctid from ledger.${table} where ${own} and ${where} order by 1 limit 1)`

  test.each([
    [
      'an evidence row',
      `update ledger.evidence set item_count = item_count + 1 where ${one('evidence')}`,
      /itemCount is not what its event says/,
    ],
    [
      'an evidence row’s provenance',
      `update ledger.evidence set provenance = '{}' where ${one('evidence')}`,
      /provenance is not the one whose hash/,
    ],
    [
      'what a row changed',
      `update ledger.evidence_delta set item_hash = (select hash from ledger.item where ${own} order by hash desc limit 1) where ${one('evidence_delta')}`,
      /does not lead to the fingerprint/,
    ],
    ['a change taken out', `delete from ledger.evidence_delta where ${one('evidence_delta')}`, /adds up to/],
    [
      'a body that is gone',
      `delete from ledger.item_body where ${one('item_body')}`,
      /no event says that it was purged/,
    ],
    [
      'a body that is another',
      `update ledger.item_body set body = replace(body, 'true', 'false') where ${one('item_body', "body like '%true%'")}`,
      /not the one that its hash was made of/,
    ],
  ])('%s is found in the next export', async (_, statement, words) => {
    await intruder.change(statement)
    expect(await exported({ isCheckpointKept: false })).toMatchObject({
      exitCode: 1,
      failed: expect.arrayContaining(['evidence']),
      first: 'evidence',
      words: expect.stringMatching(words),
    })
  })
})

describe('what is shown', () => {
  test('verdicts that were altered in the tables are not those of the events', async () => {
    await admin`update state.verdict set verdict = 'pass' where organization_id = ${organizationId}`
    const finding = await exported({ isCheckpointKept: false })
    expect(finding).toMatchObject({
      exitCode: 1,
      first: 'coverage',
      words: expect.stringMatching(/and should be/),
    })
    expect(finding.failed).not.toContain('evidence')
  })

  test('somebody who was taken off a population is missed', async () => {
    await admin`
      delete from state.membership m where organization_id = ${organizationId} and kind = 'user_inventory'
         and subject_key = (select min(subject_key::text)::uuid from state.membership
                             where organization_id = ${organizationId} and kind = 'user_inventory')`
    const finding = await exported({ isCheckpointKept: false })
    expect(finding).toMatchObject({
      exitCode: 1,
      first: 'populations',
      words: expect.stringMatching(/and should be/),
    })
  })
})
