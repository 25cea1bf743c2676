import { and, eq } from 'drizzle-orm'
import postgres from 'postgres'
import { afterAll, describe, expect, test } from 'vitest'
import { events } from '../../db/schema/ledger.ts'
import { exportArchive, exportChunk } from '../../db/schema/state.ts'
import { buildArchive } from '../../server/export/build-archive.ts'
import { requestExport } from '../../server/export/request-export.ts'
import { sweepExports } from '../../server/export/sweep-exports.ts'
import { sealNow } from '../../server/ledger/seal-log.ts'
import type { Services } from '../../server/services.ts'
import { Archive, buildExport, makeArchive, ownerAccess, storedBytes } from '../support/archive.ts'
import { ownerCaller } from '../support/caller.ts'
import { asOnEveryNode } from '../support/intruder.ts'
import { seedSyncedOrganization, useScene } from '../support/seed.ts'

const scene = await seedSyncedOrganization()
const { services, organizationId, clock, slug: organization } = scene
const owner = ownerCaller(scene)
const admin = postgres(scene.db.adminUrl, { max: 1, onnotice: () => undefined })
afterAll(() => admin.end())
const day = 86_400_000

const request = () => requestExport(services, ownerAccess(scene), { kind: 'organization' })
const get = (exportId: string) => owner.exports.get({ organization, exportId })
const download = (exportId: string) => owner.exports.download({ organization, exportId })

const chunks = (exportId: string) =>
  services.database.withOrganization(organizationId, transaction =>
    transaction
      .select({ file: exportChunk.file, chunk: exportChunk.chunk })
      .from(exportChunk)
      .where(and(eq(exportChunk.organizationId, organizationId), eq(exportChunk.exportId, exportId))),
  )

const story = (exportId: string) =>
  services.database.withOrganization(organizationId, async transaction => {
    const rows = await transaction
      .select({ type: events.eventType, actor: events.actor, payload: events.payload })
      .from(events)
      .where(and(eq(events.organizationId, organizationId), eq(events.streamId, exportId)))
      .orderBy(events.streamVersion)
    return rows.map(({ type, actor, payload }) => ({ type, actor, ...JSON.parse(payload) }))
  })

/** Services whose process dies at a certain step. */
const died = new Error('the process died here')
const dyingAtPopulations: Services = {
  ...services,
  connectors: {
    ...services.connectors,
    get: () => {
      throw died
    },
  },
}
const dyingAtTheVeryEnd: Services = {
  ...services,
  ledger: { ...services.ledger, command: () => Promise.reject(died) },
}
const build = (of: Services, exportId: string) =>
  buildArchive(of, { organizationId, exportId }, new AbortController().signal)

describe('an export', () => {
  test('is asked for, made by a job and told in events, with the hash of what is downloaded', async () => {
    const { exportId } = await request()
    expect(scene.jobs.at(-1)).toMatchObject({
      name: 'export-archive',
      payload: { organizationId, exportId },
    })
    expect(await get(exportId)).toMatchObject({ status: 'requested', bytes: null, parts: [] })
    expect(await buildExport(scene, exportId)).toBe('ready')
    const shown = await get(exportId)
    expect(shown).toMatchObject({ status: 'ready', requestedBy: 'Ada Owner' })
    expect(shown.parts.map(part => part.state)).toEqual(shown.parts.map(() => 'written'))
    expect(shown.parts.find(part => part.name === 'events')?.counted).toBe(
      `${shown.upTo.position + 1} events`,
    )
    const { pieces, ...file } = await download(exportId)
    const received: Uint8Array[] = []
    for await (const piece of pieces) received.push(piece)
    const archive = new Archive(Buffer.concat(received))
    expect(file).toMatchObject({ bytes: archive.bytes.length, sha256: archive.sha256 })
    expect(shown).toMatchObject({ bytes: archive.bytes.length, sha256: archive.sha256 })
    const user = `user:${scene.userId}`
    expect(await story(exportId)).toEqual([
      { type: 'ExportRequested', actor: user, exportId, scope: { kind: 'organization' } },
      {
        type: 'ExportCompleted',
        actor: 'system:export',
        exportId,
        sha256: archive.sha256,
        bytes: archive.bytes.length,
        checkpointSize: shown.checkpointSize,
      },
      { type: 'ExportDownloaded', actor: user, exportId },
    ])
  })

  test('is made once: a job that comes again finds nothing to do', async () => {
    const { exportId } = await makeArchive(scene, { kind: 'organization' })
    const before = await storedBytes(scene, exportId)
    expect(await buildExport(scene, exportId)).toBe('nothing_to_do')
    expect(await storedBytes(scene, exportId)).toEqual(before)
    expect(await story(exportId)).toHaveLength(2)
  })

  test('is not offered while it is half made, and is made whole after a crash', async () => {
    await sealNow(services, organizationId)
    const { exportId } = await request()
    // The checkpoint that covers the request.
    await sealNow(services, organizationId)
    await expect(build(dyingAtTheVeryEnd, exportId)).rejects.toBe(died)
    expect((await chunks(exportId)).length).toBeGreaterThan(5)
    expect(await get(exportId)).toMatchObject({ status: 'building', bytes: null, sha256: null })
    await expect(download(exportId)).rejects.toMatchObject({ cause: { code: 'precondition_failed' } })
    expect(await buildExport(scene, exportId)).toBe('ready')
    const bytes = await storedBytes(scene, exportId)
    expect(await get(exportId)).toMatchObject({ sha256: new Archive(bytes).sha256 })
    expect(new Archive(bytes).paths.at(-1)).toBe('manifest.note')
  })

  test('comes out the same to the byte when it is made again', async () => {
    const { exportId } = await request()
    await sealNow(services, organizationId)
    await expect(build(dyingAtTheVeryEnd, exportId)).rejects.toBe(died)
    const first = await storedBytes(scene, exportId)
    // What happens in between, a later seal included, is no part of it.
    await makeArchive(scene, { kind: 'organization' })
    await sealNow(services, organizationId)
    expect(await buildExport(scene, exportId)).toBe('ready')
    expect((await storedBytes(scene, exportId)).equals(first)).toBe(true)
  })

  test('is one attempt’s alone: of two workers the older one finds out and ends', async () => {
    const { exportId } = await request()
    let newer: Promise<unknown> | undefined
    const overtaken: Services = {
      ...services,
      get connectors() {
        newer ??= buildExport(scene, exportId)
        return services.connectors
      },
    }
    expect(await build(overtaken, exportId)).toBe('lost')
    expect(await newer).toBe('ready')
    const bytes = await storedBytes(scene, exportId)
    expect(await get(exportId)).toMatchObject({ status: 'ready', sha256: new Archive(bytes).sha256 })
  })

  test('stands beside another one that is made at the same time', async () => {
    const [one, other] = await Promise.all([
      makeArchive(scene, { kind: 'organization' }),
      makeArchive(scene, { kind: 'organization' }),
    ])
    // Of the later one the log is longer, and its last tile wider.
    const withoutTiles = (paths: readonly string[]) => paths.filter(path => !path.startsWith('tile/'))
    expect(withoutTiles(one.archive.paths)).toEqual(withoutTiles(other.archive.paths))
    expect(one.archive.sha256).not.toBe(other.archive.sha256)
  })

  test('hands its work back when the worker shuts down', async () => {
    const { exportId } = await request()
    const shutdown = new AbortController()
    const reason = new Error('the worker is shutting down')
    shutdown.abort(reason)
    await expect(buildExport(scene, exportId, shutdown.signal)).rejects.toBe(reason)
    expect(await buildExport(scene, exportId)).toBe('ready')
  })

  test('of an organization without a connection is whole and says that nothing is known', async () => {
    const empty = await useScene()
    const { archive } = await makeArchive(empty, { kind: 'organization' })
    expect(archive.paths.some(path => path.startsWith('populations/'))).toBe(false)
    expect(archive.lines('evidence/rows.jsonl.gz')).toEqual([])
    expect(archive.json('coverage.json')).toMatchObject({ percent: 0, parts: { passFresh: 0 } })
    expect(archive.text('summary.html')).toContain('No directory was connected')
  })
})

describe('an export that cannot be made', () => {
  async function failureOf(of: Services, exportId: string) {
    expect(await build(of, exportId)).toBe('failed')
    const shown = await get(exportId)
    expect(shown).toMatchObject({ status: 'failed', bytes: null })
    expect(await chunks(exportId)).toEqual([])
    const told = (await story(exportId)).at(-1)
    expect(told).toMatchObject({ type: 'ExportFailed', explanation: shown.explanation })
    await expect(download(exportId)).rejects.toMatchObject({ cause: { code: 'precondition_failed' } })
    return shown.explanation
  }

  test('for want of the verifier says what the installation lacks', async () => {
    const { exportId } = await request()
    const explanation = await failureOf({ ...services, verifierFile: '/nowhere/verify.mjs' }, exportId)
    expect(explanation).toContain('npm run build')
  })

  test('because its worker dies again and again is given up', async () => {
    const { exportId } = await request()
    for (let attempt = 1; attempt <= 5; attempt++) {
      await expect(build(dyingAtPopulations, exportId)).rejects.toBe(died)
    }
    expect(await failureOf(services, exportId)).toContain('again and again')
  })
})

describe('the sweep', () => {
  test('drops archives after seven days and keeps what was said of them', async () => {
    const { exportId, archive } = await makeArchive(scene, { kind: 'organization' })
    clock.jump(7 * day - 60_000)
    await sweepExports(services, organizationId)
    expect(await get(exportId)).toMatchObject({ status: 'ready' })
    clock.jump(120_000)
    // Time alone ends it, before any job comes by.
    expect(await get(exportId)).toMatchObject({ status: 'expired' })
    await expect(download(exportId)).rejects.toMatchObject({
      cause: { code: 'precondition_failed', userMessage: expect.stringContaining('seven days') },
    })
    await sweepExports(services, organizationId)
    expect(await chunks(exportId)).toEqual([])
    expect(await get(exportId)).toMatchObject({ status: 'expired', sha256: archive.sha256 })
  })

  test('gives an export that nobody makes any more a job again', async () => {
    const { exportId } = await request()
    scene.jobs.length = 0
    expect(await sweepExports(services, organizationId)).toBe(0)
    await admin`
      update state.export_archive
         set progress = jsonb_set(progress, '{saidAt}', to_jsonb(${new Date(Date.now() - 3_600_000).toISOString()}::text))
       where organization_id = ${organizationId} and id = ${exportId}`
    expect(await sweepExports(services, organizationId)).toBe(1)
    expect(scene.jobs).toMatchObject([{ name: 'export-archive', payload: { organizationId, exportId } }])
  })
})

test('an export of a log that was rewritten fails, and says what to do', async () => {
  await sealNow(services, organizationId)
  await admin.begin(async transaction => {
    await asOnEveryNode(transaction)
    await transaction`alter table ledger.events disable trigger no_change`
    await transaction`
      update ledger.events set leaf_hash = sha256('another event') where organization_id = ${organizationId} and position = 3`
    await transaction`alter table ledger.events enable always trigger no_change`
  })
  const { exportId } = await request()
  expect(await build(services, exportId)).toBe('failed')
  expect((await get(exportId)).explanation).toContain('no longer continues what was sealed')
})

test('exports are as of a moment, too: what had been asked for by then, and how far it was', async () => {
  const rows = await services.database.withOrganization(organizationId, transaction =>
    transaction
      .select({ id: exportArchive.id, at: exportArchive.requestedAt })
      .from(exportArchive)
      .where(eq(exportArchive.organizationId, organizationId))
      .orderBy(exportArchive.requestedAt),
  )
  const first = rows[0]
  if (!first) throw new Error('nothing was exported')
  const asOf = first.at.toISOString()
  const { exports } = await owner.exports.list({ organization, asOf })
  expect(exports).toMatchObject([{ exportId: first.id, status: 'building', bytes: null }])
})
