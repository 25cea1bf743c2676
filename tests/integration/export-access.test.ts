import { beforeEach, describe, expect, test } from 'vitest'
import { loader } from '../../app/routes/o.$organization.audit.exports.$export.archive[.]zip.ts'
import { rateLimits } from '../../db/schema/accounts.ts'
import { createCaller } from '../../server/trpc/router.ts'
import { Archive, buildExport, makeArchive } from '../support/archive.ts'
import { auditorCaller, contextOf, ownerCaller } from '../support/caller.ts'
import { seedSecondOrganization, seedSyncedOrganization, syncNow } from '../support/seed.ts'

const hour = 3_600_000
const scene = await seedSyncedOrganization()
const other = await seedSecondOrganization(scene)
const start = scene.clock.now().getTime()
for (let passed = 0; passed < 4; passed++) {
  scene.clock.jump(hour)
  await syncNow(scene, scene.connectionId)
}
const { services, slug: organization } = scene
const after = (hours: number) => new Date(start + hours * hour)
const owner = ownerCaller(scene)
const auditor = await auditorCaller(scene, { from: after(1), to: after(3) })
beforeEach(() => services.database.outsideTenant.delete(rateLimits))

const text = (at: Date) => at.toISOString()
const periodOf = (from: number, to: number) => ({
  organization,
  scope: 'period' as const,
  from: text(after(from)),
  to: text(after(to)),
})

describe('an auditor', () => {
  test('exports inside the grant, and downloads it', async () => {
    const { exportId } = await auditor.exports.request(periodOf(1, 2.5))
    expect(await buildExport(scene, exportId)).toBe('ready')
    const { bytes } = await auditor.exports.download({ organization, exportId })
    expect(bytes).toBeGreaterThan(10_000)
  })

  test.each([
    ['the whole organization', { organization, scope: 'organization' as const }],
    ['a period that begins before it', periodOf(0.5, 2)],
    ['a period that ends after it', periodOf(2, 3.5)],
  ])('is refused %s, and told what the grant covers', async (_, asked) => {
    await expect(auditor.exports.request(asked)).rejects.toMatchObject({
      cause: { code: 'not_found', userMessage: expect.stringContaining('Your access covers') },
    })
  })

  test('gets the end of the grant where no end is named, once it is over', async () => {
    const { exportId } = await auditor.exports.request({
      organization,
      scope: 'period',
      from: text(after(2)),
    })
    expect(await auditor.exports.get({ organization, exportId })).toMatchObject({
      period: { from: after(2), to: after(3) },
    })
  })

  test('sees of what others exported only what lies within the grant', async () => {
    const { exportId: whole } = await makeArchive(scene, { kind: 'organization' })
    const { exportId: wider } = await makeArchive(scene, { kind: 'period', from: after(0), to: after(2) })
    const { exportId: inside } = await makeArchive(scene, { kind: 'period', from: after(1.5), to: after(2) })
    const seen = (await auditor.exports.list({ organization })).exports.map(each => each.exportId)
    expect(seen).toContain(inside)
    for (const exportId of [whole, wider]) {
      expect(seen).not.toContain(exportId)
      await expect(auditor.exports.get({ organization, exportId })).rejects.toMatchObject({
        cause: { code: 'not_found' },
      })
      await expect(auditor.exports.download({ organization, exportId })).rejects.toMatchObject({
        cause: { code: 'not_found' },
      })
    }
  })
})

describe('asking for an export', () => {
  test('needs a sign-in of the last 15 minutes', async () => {
    const context = contextOf(services, { id: scene.userId, name: 'Ada Owner', email: 'ada@example.com' })
    const { signedIn } = context
    if (!signedIn) throw new Error('nobody is signed in')
    const session = { ...signedIn.session, createdAt: new Date(Date.now() - 16 * 60_000) }
    const caller = createCaller({ ...context, signedIn: { ...signedIn, session } })
    await expect(caller.exports.request({ organization, scope: 'organization' })).rejects.toMatchObject({
      cause: { code: 'fresh_sign_in_required' },
    })
  })

  test('is possible so often an hour and no more', async () => {
    const ask = () => owner.exports.request({ organization, scope: 'organization' })
    for (let times = 0; times < 20; times++) await ask()
    await expect(ask()).rejects.toMatchObject({ cause: { code: 'too_many_requests' } })
  })

  test('of a period without a beginning is refused at its field', async () => {
    const asked = owner.exports.request({ organization, scope: 'period', from: '', to: '' })
    await expect(asked).rejects.toMatchObject({
      cause: { code: 'bad_input', fields: { from: 'Say when the period begins.' } },
    })
  })
})

describe('the download', () => {
  const download = (caller: typeof owner, exportId: string) =>
    loader({
      request: new Request(`http://localhost/o/${organization}/audit/exports/${exportId}/archive.zip`),
      params: { organization, export: exportId },
      context: { caller, cspNonce: '', requestId: '', isSecure: false, now: new Date() },
    })

  test('is an attachment of known length that runs nothing, sent while it is read', async () => {
    const { exportId, archive } = await makeArchive(scene, { kind: 'organization' })
    const response = await download(owner, exportId)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/zip',
      'content-length': String(archive.bytes.length),
      'content-disposition': expect.stringMatching(/^attachment; filename="[\w.-]+\.zip"$/),
      'content-security-policy': expect.stringContaining('sandbox'),
      etag: `"${archive.sha256}"`,
    })
    const received = new Archive(Buffer.from(await response.arrayBuffer()))
    expect(received.sha256).toBe(archive.sha256)
  })

  test('of another organization’s archive is not found', async () => {
    const { exportId } = await makeArchive(other, { kind: 'organization' })
    const refused = await download(owner, exportId).catch((error: unknown) => error)
    expect(refused).toMatchObject({ init: { status: 404 } })
  })
})
