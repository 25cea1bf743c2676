import { randomUUID } from 'node:crypto'
import { afterAll, describe, expect, test } from 'vitest'
import { revokeConnection } from '../../server/connections/manage-connection.ts'
import { newestCheckpoint } from '../../server/ledger/checkpoints.ts'
import { sealNow } from '../../server/ledger/seal-log.ts'
import { parseVerifierKey } from '../../server/ledger/verifier-key.ts'
import { registerOrganization } from '../../server/members/register-organization.ts'
import { createKms } from '../../server/vault/kms.ts'
import { createKmsSigner } from '../../server/vault/kms-signer.ts'
import { type Archive, makeArchive } from '../support/archive.ts'
import { jumpingClock } from '../support/entra.ts'
import { purgeItems } from '../support/purge.ts'
import {
  connectedScene,
  type Scene,
  seedSecondOrganization,
  seedSyncedOrganization,
  syncNow,
  useScene,
} from '../support/seed.ts'
import { findingOf, verify } from '../support/verification.ts'

/*
 * Archives as the product makes them, of every sort there is, to readers who know the key and readers who do not, and who
 * kept a checkpoint or did not.
 */
const hour = 3_600_000
const holds = { exitCode: 0, first: null }

const keysOf = (archive: Archive) => archive.text('keys.txt').trim().split('\n').map(parseVerifierKey)
const exportAll = async (scene: Parameters<typeof makeArchive>[0]) =>
  (await makeArchive(scene, { kind: 'organization' })).archive
const newest = async ({ services, organizationId }: Pick<Scene, 'services' | 'organizationId'>) => {
  const found = await services.database.withOrganization(organizationId, transaction =>
    newestCheckpoint(transaction, organizationId),
  )
  if (!found) throw new Error('the log has no checkpoint')
  return { name: `checkpoint-${found.size}`, note: Buffer.from(found.note) }
}

const scene = await seedSyncedOrganization({ size: 30, riskySignInsPerDay: 8 })
const other = await seedSecondOrganization(scene)
const start = scene.clock.now().getTime()
const directory = scene.entra.tenant(scene.spec.tenantId)
await sealNow(scene.services, scene.organizationId)
const kept = await newest(scene)
/** Two days: somebody comes, somebody goes, seven hours are silent, the connection is revoked and made again. */
for (let passed = 1; passed <= 48; passed++) {
  scene.clock.jump(start + passed * hour - scene.clock.now().getTime())
  if (passed === 4) directory.addUser({ displayName: 'Ann', userPrincipalName: 'ann@example.com' })
  if (passed === 20) directory.removeUser(21)
  if (passed === 30) {
    const { services, organizationId, userId, connectionId } = scene
    await revokeConnection(services, { organizationId, connectionId, userId })
  }
  if (passed === 32) scene.connectionId = await connectedScene(scene)
  const isSilent = (passed > 8 && passed < 16) || (passed >= 30 && passed < 32)
  if (!isSilent) expect(await syncNow(scene, scene.connectionId)).toBe('succeeded')
}
const whole = await exportAll(scene)
const period = (from: number, to: number) =>
  makeArchive(scene, { kind: 'period', from: new Date(start + from * hour), to: new Date(start + to * hour) })

describe('an archive', () => {
  test('of a whole organization holds, to who knows the key and to who does not', async () => {
    const report = await verify(whole.bytes, { keys: keysOf(whole) })
    expect(findingOf(report)).toMatchObject(holds)
    expect(report).toMatchObject({ origin: 'checked', signedBy: whole.text('keys.txt').trim() })
    expect(report.notices.join()).not.toContain('No key was given')
    const unknowing = await verify(whole.bytes)
    expect(findingOf(unknowing)).toMatchObject(holds)
    expect(unknowing.origin).toBe('not_checked')
    expect(unknowing.notices[0]).toContain(whole.text('keys.txt').trim())
    expect(unknowing.notices.join()).toContain('simulated')
  })

  test.each([
    ['in the middle of work', 2.5, 40.5],
    ['that begins in silence', 10, 26],
    ['that ends in silence', 1.5, 14],
    ['around a revocation', 28.5, 33.5],
    ['without a connection, without an event', 30.5, 31.5],
    ['from before the organization was there', -100, 5.5],
  ])('of a period %s holds', async (_, from, to) => {
    const { archive } = await period(from, to)
    const report = await verify(archive.bytes, { keys: keysOf(archive) })
    expect(report.steps.filter(({ status }) => status !== 'holds')).toEqual([])
  })

  test('with purged bodies holds, and names the verdicts that rest on them', async () => {
    const { position } = await purgeItems(other, 3)
    const archive = await exportAll(other)
    const report = await verify(archive.bytes)
    expect(findingOf(report)).toMatchObject(holds)
    expect(report.notices.join()).toMatch(/verdicts? rests? on content that was purged/)
    expect(report.steps.find(({ step }) => step === 'evidence')?.words).toContain('3 of them purged')
    expect(archive.records('evidence/purged.jsonl.gz').every(line => line.position === position)).toBe(true)
  })

  test('of a period before a purge holds, and says what rests on the signature', async () => {
    const { archive } = await makeArchive(other, {
      kind: 'period',
      from: new Date(start - hour),
      to: new Date(start + 47 * hour),
    })
    const report = await verify(archive.bytes)
    expect(report.steps.filter(({ status }) => status !== 'holds')).toEqual([])
    expect(report.notices.join()).toMatch(/3 items were purged by events that lie outside/)
  })

  test('of an organization that has done nothing yet holds', async () => {
    const { services } = scene
    const founded = await registerOrganization(services, {
      userId: scene.userId,
      name: 'Empty Street',
      simulated: true,
    })
    const archive = await exportAll({ services, userId: scene.userId, ...founded })
    expect(findingOf(await verify(archive.bytes, { keys: keysOf(archive) }))).toMatchObject(holds)
  })

  test('signed by an ECDSA key holds', async () => {
    const { archive } = await exportSignedBy('ECC_NIST_P256')
    expect(keysOf(archive).map(({ algorithm }) => algorithm)).toEqual(['ecdsa-p256'])
    expect(findingOf(await verify(archive.bytes, { keys: keysOf(archive) }))).toMatchObject(holds)
  })

  test('over a change of keys holds to who knows both, and to nobody who knows one', async () => {
    const { archive, founded, sign } = await exportSignedBy('ECC_NIST_EDWARDS25519')
    await sealNow(sign.services, founded.organizationId)
    const second = { ...sign.services, signer: signerOf('ECC_NIST_EDWARDS25519') }
    const both = await exportAll({ services: second, userId: scene.userId, ...founded })
    const [first, ...others] = keysOf(both)
    expect(others).toHaveLength(1)
    expect(first).toEqual(keysOf(archive)[0])
    expect(findingOf(await verify(both.bytes, { keys: keysOf(both) }))).toMatchObject(holds)
    for (const key of keysOf(both).slice(0, 1)) {
      const finding = findingOf(await verify(both.bytes, { keys: [key] }))
      expect(finding).toMatchObject({
        exitCode: 1,
        words: expect.stringMatching(/not the key that was given/),
      })
    }
  })
})

describe('a checkpoint that a reader kept', () => {
  const keys = keysOf(whole)

  test('is what the log goes on from', async () => {
    const report = await verify(whole.bytes, { keys, checkpoints: [kept, await newest(scene)].slice(0, 1) })
    expect(findingOf(report)).toMatchObject(holds)
    expect(report.steps.find(({ step }) => step === 'history')?.words).toMatch(
      /goes on from what was signed at \d+ events/,
    )
  })

  test('of another organization is named as such', async () => {
    const foreign = await newest(other)
    const finding = findingOf(
      await verify(whole.bytes, {
        keys: [...keys, ...keysOf(await exportAll(other))],
        checkpoints: [foreign],
      }),
    )
    expect(finding).toMatchObject({
      exitCode: 1,
      first: 'history',
      words: expect.stringMatching(/of another log, .*\/ledger\//),
      place: { path: foreign.name },
    })
  })

  test('that is newer than the archive is not taken for a proof', async () => {
    scene.clock.jump(hour)
    await syncNow(scene, scene.connectionId)
    await sealNow(scene.services, scene.organizationId)
    const finding = findingOf(await verify(whole.bytes, { keys, checkpoints: [kept, await newest(scene)] }))
    expect(finding).toMatchObject({
      exitCode: 2,
      first: 'history',
      words: expect.stringMatching(/only a newer export/),
    })
  })

  test('that was forged, or is none, is refused', async () => {
    const forged = { ...kept, note: Buffer.from(kept.note.toString().replace(/\n[0-9]+\n/, '\n7\n')) }
    const none = { name: 'notes.txt', note: Buffer.from('remember the milk') }
    for (const [checkpoint, exitCode] of [
      [forged, 1],
      [none, 2],
    ] as const) {
      const finding = findingOf(await verify(whole.bytes, { keys, checkpoints: [checkpoint] }))
      expect(finding).toMatchObject({ exitCode, first: 'history', place: { path: checkpoint.name } })
    }
  })
})

test('coverage is told at any instant of the archive, and at none that it does not reach', async () => {
  const at = (hours: number) => start + hours * hour
  const report = await verify(whole.bytes, { instants: [at(-1), at(15.5), at(3), at(30.5), at(1000)] })
  expect(report.answers.map(({ at: instant }) => Date.parse(instant))).toEqual(
    [-1, 3, 15.5, 30.5, 1000].map(at),
  )
  const [before, early, stale, revoked, beyond] = report.answers.map(({ coverage }) => coverage)
  expect([before, beyond]).toEqual([null, null])
  expect(early?.parts.passFresh).toBeGreaterThan(0)
  // More than six hours after the last sync.
  expect(stale?.parts).toMatchObject({ passFresh: 0, passStale: early?.parts.passFresh })
  expect(revoked?.parts).toMatchObject({ noData: 13 })
})

test('an archive of an organization whose time is real holds, and is not called simulated', async () => {
  const clock = { ...jumpingClock(), now: () => new Date() }
  const real = await useScene({ size: 20, since: new Date(Date.now() - 90 * 24 * hour) }, { clock })
  const { organizationId, slug } = await registerOrganization(real.services, {
    userId: real.userId,
    name: 'Quay Street',
    simulated: false,
  })
  const browser = { ...real.browser, organizationId }
  const office = { ...real, organizationId, slug, browser }
  const connectionId = await connectedScene(office)
  expect(await syncNow(office, connectionId)).toBe('succeeded')
  const archive = await exportAll(office)
  const report = await verify(archive.bytes, { keys: keysOf(archive) })
  expect(findingOf(report)).toMatchObject(holds)
  expect(report.manifest?.simulated).toBe(false)
  expect(report.notices.join()).not.toContain('simulated')
})

const kmsClient = createKms({
  endpoint: scene.kms.origin,
  region: 'eu-central-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
})
afterAll(() => kmsClient.close())

function signerOf(spec: 'ECC_NIST_P256' | 'ECC_NIST_EDWARDS25519') {
  const { id } = scene.kms.createKey({ spec, alias: randomUUID() })
  return createKmsSigner({ kms: kmsClient, kmsKeyId: id, clock: scene.clock })
}

async function exportSignedBy(spec: Parameters<typeof signerOf>[0]) {
  const services = { ...scene.services, signer: signerOf(spec) }
  const { userId } = scene
  const founded = await registerOrganization(services, { userId, name: 'Signed Street', simulated: true })
  return { archive: await exportAll({ services, userId, ...founded }), founded, sign: { services } }
}
