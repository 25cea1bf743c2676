import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { requestExport } from '../../server/export/request-export.ts'
import { appendAlone } from '../../server/ledger/append.ts'
import { Archive, buildExport, ownerAccess, storedBytes } from '../support/archive.ts'
import { growthDuring } from '../support/memory.ts'
import { patience } from '../support/patience.ts'
import { useScene } from '../support/seed.ts'

const scene = await useScene()
const { services, organizationId } = scene
const stream = { type: 'run', id: randomUUID() } as const
let version = 0

async function growBy(count: number) {
  for (const end = version + count; version < end; version += 1_000) {
    await appendAlone(services.database, {
      organizationId,
      stream,
      expectedVersion: version,
      events: Array.from({ length: 1_000 }, syncSucceeded),
      actor: 'system:test',
      at: scene.clock.now(),
    })
  }
}

function syncSucceeded() {
  const kinds = [{ items: 40, kind: 'user_inventory' as const, outcome: 'collected' as const, reason: null }]
  const payload = { connectionId: randomUUID(), runId: randomUUID(), sourceId: randomUUID(), kinds }
  return { type: 'SyncSucceeded' as const, payload }
}

test('an export holds a small part of its events at any moment', { timeout: patience(120_000) }, async () => {
  await growBy(120_000)
  const { exportId } = await requestExport(services, ownerAccess(scene), { kind: 'organization' })
  const growth = await growthDuring(async () => {
    expect(await buildExport(scene, exportId)).toBe('ready')
  })
  const archive = new Archive(await storedBytes(scene, exportId))
  const lines = [...archive.lines('events'), ...archive.lines('leaves')]
  expect(lines.length).toBeGreaterThan(240_000)
  // Their lines take 116 MB. Alive are a page of rows, and what waits for the compressor, the socket and the collector.
  expect(growth).toBeLessThan(45_000_000)
})
