import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import postgres from 'postgres'
import { beforeAll, describe, expect, test } from 'vitest'
import { latestCatalogueVersion } from '../../server/domain/control/catalogue.ts'
import { evidenceKinds } from '../../server/domain/evidence/kinds.ts'
import { leafHash, rootHash } from '../../server/ledger/merkle.ts'
import { parseNote, verifyNote } from '../../server/ledger/signed-note.ts'
import { parseVerifierKey } from '../../server/ledger/verifier-key.ts'
import { type Archive, makeArchive } from '../support/archive.ts'
import {
  checkpointOf,
  coverageRows,
  fingerprintOf,
  foldedCoverage,
  tiledLeaves,
} from '../support/archive-contents.ts'
import { purgeItems } from '../support/purge.ts'
import { type Scene, seedSecondOrganization, seedSyncedOrganization, syncNow } from '../support/seed.ts'

/*
 * One directory over a day and a half: somebody joins under a name that a spreadsheet would run, somebody is renamed,
 * somebody leaves, nine hours are silent, and the bodies of two items are purged. Another organization lies beside it.
 */
const hour = 3_600_000
let scene: Scene & { connectionId: string }
let other: Scene & { connectionId: string }
let archive: Archive
let purged: { hashes: string[]; position: number }

beforeAll(async () => {
  scene = await seedSyncedOrganization()
  other = await seedSecondOrganization(scene)
  const directory = scene.entra.tenant(scene.spec.tenantId)
  directory.addUser({ displayName: '=HYPERLINK("http://evil")', userPrincipalName: 'zz.joiner@example.com' })
  await nextSync(hour)
  directory.setUser(20, { displayName: 'Åsa Renamed, "of course"' })
  directory.removeUser(21)
  await nextSync(hour)
  for (let left = 8; left > 0; left--) await nextSync(hour)
  await nextSync(9 * hour)
  await nextSync(hour)
  purged = await purgeItems(scene, 2)
  archive = (await makeArchive(scene, { kind: 'organization' })).archive
})

async function nextSync(after: number) {
  scene.clock.jump(after)
  expect(await syncNow(scene, scene.connectionId)).toBe('succeeded')
}

const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex')
const admin = () => postgres(scene.db.adminUrl, { max: 1, onnotice: () => undefined })

describe('the container', () => {
  test('is byte for byte what its names and contents lead to', () => {
    expect(archive.bytes.equals(zipOf(archive.files))).toBe(true)
  })

  test('holds what the format says, in its order', () => {
    const source = archive.records('evidence/rows.jsonl.gz')[0]?.sourceId
    const [key] = archive.paths.filter(path => path.startsWith('keys/'))
    expect(archive.paths).toEqual([
      'README.txt',
      'verify.mjs',
      'checkpoint',
      'keys.txt',
      key,
      'events/000000.jsonl.gz',
      'leaves/000000.jsonl.gz',
      `tile/0/000.p/${checkpoint().size}`,
      'evidence/rows.jsonl.gz',
      'evidence/deltas.jsonl.gz',
      'evidence/items/000000.jsonl.gz',
      'evidence/purged.jsonl.gz',
      ...[...evidenceKinds].sort().map(kind => `populations/${kind}-${source}.csv`),
      'coverage.csv',
      'coverage.json',
      'exceptions.jsonl',
      'alerts.jsonl',
      'oscal/assessment-results.json',
      'summary.html',
      'manifest.json',
      'manifest.note',
    ])
  })

  test('compresses with one fixed header, so that the same text is the same bytes', () => {
    for (const path of archive.paths.filter(path => path.endsWith('.gz'))) {
      expect(archive.file(path).subarray(0, 10).toString('hex')).toBe('1f8b08000000000000ff')
    }
  })
})

describe('the manifest', () => {
  test('binds every file before it, and the log’s key signs it', () => {
    const manifest = archive.json('manifest.json')
    const listed = archive.paths.slice(0, -2)
    expect(manifest.files).toEqual(
      listed.map(path => {
        const content = archive.file(path)
        return { path, sha256: sha256(content), size: content.length }
      }),
    )
    const note = parseNote(archive.file('manifest.note'))
    const hash = createHash('sha256').update(archive.file('manifest.json')).digest('base64')
    expect(note.text).toBe(`${manifest.origin}/export\n${hash}\n${checkpoint().size}\n`)
    expect(verifyNote(note, keys()).kind).toBe('signed')
  })

  test('says what it is of, and that the clock was moved', () => {
    expect(archive.json('manifest.json')).toMatchObject({
      format: 'attestry-export',
      version: 1,
      organization: { id: scene.organizationId, name: 'Harbour Street', slug: scene.slug },
      scope: { kind: 'organization' },
      firstPosition: 0,
      simulated: true,
      checkpoint: { size: checkpoint().size, root: Buffer.from(checkpoint().root).toString('hex') },
    })
  })
})

describe('events and leaves', () => {
  test('are all that was recorded up to the request, the request itself the last', async () => {
    const events = archive.records('events')
    expect(events.map(event => Number(event.sequence))).toEqual(events.map((_, index) => index))
    expect(events.at(-1)).toMatchObject({ type: 'ExportRequested', streamtype: 'export' })
    const client = admin()
    const stored = await client<{ payload: string; leaf: string }[]>`
      select payload, encode(leaf_hash, 'hex') as leaf from ledger.events
       where organization_id = ${scene.organizationId} and position < ${events.length} order by position`
    await client.end()
    const leaves = archive.lines('leaves')
    expect(archive.lines('events').map(payloadOf)).toEqual(stored.map(row => row.payload))
    expect(leaves.map(line => leafHash(Buffer.from(line)).toString('hex'))).toEqual(
      stored.map(row => row.leaf),
    )
  })

  test('hang together: each leaf holds its event’s hash, and the tiles hold each leaf’s', () => {
    const leaves = archive.lines('leaves')
    for (const [index, line] of archive.lines('events').entries()) {
      const leaf: unknown = JSON.parse(leaves[index] ?? '')
      expect(leaf).toMatchObject({ seq: index, payloadSha256: sha256(payloadOf(line)) })
    }
    const hashes = leaves.map(line => leafHash(Buffer.from(line)))
    expect(tiledLeaves(archive).slice(0, hashes.length)).toEqual(hashes)
  })

  test('stand under a checkpoint that the log’s key signed', () => {
    const note = parseNote(archive.file('checkpoint'))
    expect(verifyNote(note, keys()).kind).toBe('signed')
    expect(tiledLeaves(archive).length).toBe(checkpoint().size)
    expect(rootHash(tiledLeaves(archive))).toEqual(Buffer.from(checkpoint().root))
  })
})

describe('evidence', () => {
  test('has a fingerprint that follows from its deltas and items, window by window and row by row', () => {
    const held = new Map<string, Map<string, string>>()
    for (const row of archive.records('evidence/rows.jsonl.gz')) {
      const population = held.get(`${row.kind}`) ?? new Map<string, string>()
      const members = row.mode === 'feed' ? new Map<string, string>() : population
      for (const delta of archive
        .records('evidence/deltas.jsonl.gz')
        .filter(each => each.evidence === row.id)) {
        if (delta.item === null) members.delete(`${delta.subject}`)
        else members.set(`${delta.subject}`, `${delta.item}`)
      }
      held.set(`${row.kind}`, members)
      expect(fingerprintOf(row, members)).toBe(row.fingerprint)
      expect(members.size).toBe(row.itemCount)
    }
  })

  test('is the one that events speak of, its provenance included', () => {
    const attached = archive.records('events').filter(event => event.type === 'EvidenceAttached')
    const rows = archive.lines('evidence/rows.jsonl.gz')
    expect(rows.length).toBe(attached.length)
    for (const [index, event] of attached.entries()) {
      const line = rows[index] ?? ''
      const provenance = /"provenance":(\{.*?\}),"runId"/.exec(line)?.[1] ?? ''
      expect(event.data).toMatchObject({ provenanceSha256: sha256(provenance) })
      expect(JSON.parse(line)).toMatchObject({ position: Number(event.sequence) })
    }
  })

  test('names each item once: with its body, or as purged with the event that says so', () => {
    const items = archive.lines('evidence/items')
    for (const line of items) {
      const [, body, hash] = /^\{"body":(.*),"hash":"([0-9a-f]{64})"\}$/.exec(line) ?? []
      expect(sha256(body ?? '')).toBe(hash)
    }
    const hashes = items.map(line => `${line.slice(-66, -2)}`)
    const gone = archive.records('evidence/purged.jsonl.gz')
    expect(gone).toEqual([...purged.hashes].sort().map(hash => ({ hash, position: purged.position })))
    const named = archive.records('evidence/deltas.jsonl.gz').flatMap(delta => delta.item ?? [])
    expect([...hashes, ...purged.hashes].sort()).toEqual([...new Set(named)].sort())
    expect(hashes).toEqual([...hashes].sort())
  })
})

describe('populations', () => {
  test('list whom the evidence in force holds, in the order of subject keys, under its fingerprint', () => {
    const rows = archive.records('evidence/rows.jsonl.gz').filter(row => row.kind === 'user_inventory')
    const csv = archive.text(`populations/user_inventory-${rows[0]?.sourceId}.csv`).split('\r\n')
    expect(csv).toContain(`# Fingerprint (RFC 6962 root with SHA-256),${rows.at(-1)?.fingerprint}`)
    expect(csv).toContain('# Organization,Harbour Street (simulated clock)')
    const body = csv.slice(csv.findIndex(line => line.startsWith('Name,')) + 1, -1)
    expect(body.length).toBe(rows.at(-1)?.itemCount)
    const subjects = body.map(line => line.split(',').at(-2))
    expect(subjects).toEqual([...subjects].sort())
  })

  test('run nothing in a spreadsheet, and say where a body is gone', () => {
    const all = archive.paths.filter(path => path.startsWith('populations/')).map(path => archive.text(path))
    expect(all.join('')).toContain(`"'=HYPERLINK(""http://evil"")"`)
    expect(all.join('')).not.toMatch(/(^|,)"?=HYPERLINK/m)
    expect(all.join('')).toContain('Removed: its body was purged')
  })
})

describe('coverage', () => {
  test('over time is what the exported events fold to at each of its instants', () => {
    const rows = coverageRows(archive)
    expect(rows.length).toBeGreaterThan(5)
    for (const { at, position, ...share } of rows) {
      expect(foldedCoverage(archive, at, position)).toMatchObject(share)
    }
    expect(rows[0]).toMatchObject({ position: 0, percent: 0 })
    expect(rows.at(-1)).toMatchObject({
      at: archive.records('events').at(-1)?.time,
      position: archive.records('events').length - 1,
    })
    // Nine silent hours: what was collected before grew stale, by time alone.
    expect(rows.some(row => Number(row.parts.passStale) > 0)).toBe(true)
  })

  test('at the end has its parts, controls and reasons', () => {
    const last = archive.records('events').at(-1)
    const folded = foldedCoverage(archive, `${last?.time}`, Number(last?.sequence))
    expect(archive.json('coverage.json')).toEqual({
      asOf: { instant: last?.time, position: Number(last?.sequence) },
      catalogueVersion: latestCatalogueVersion,
      simulated: true,
      percent: folded.percent,
      parts: folded.parts,
      controls: folded.controls,
      criteria: folded.criteria,
    })
  })
})

describe('a simulated organization', () => {
  test.each(['README.txt', 'summary.html', 'coverage.csv', 'oscal/assessment-results.json'])(
    'is called that in %s',
    path => expect(archive.text(path)).toMatch(/simulated/i),
  )

  test('is called that on its checkpoint', () => {
    expect(checkpoint().extensions).toContain('simulated')
  })
})

test('nothing of another organization is in it', () => {
  const everything = archive.everything()
  expect(everything).toContain(scene.organizationId)
  expect(everything).not.toContain(other.organizationId)
  expect(everything).not.toContain(other.connectionId)
})

test('the summary needs nothing but itself', () => {
  const page = archive.text('summary.html')
  expect(page).not.toMatch(/<script|<link|src=|url\(|https?:/i)
  expect(page).toContain('5 people cannot give a second factor.')
})

const checkpoint = () => checkpointOf(archive)
const keys = () => archive.text('keys.txt').trimEnd().split('\n').map(parseVerifierKey)

/** What stands between the actor and the content type: the payload, byte for byte. */
const payloadOf = (line: string) => /^\{"actor":"[^"]*","data":(.*),"datacontenttype":/.exec(line)?.[1] ?? ''

/** A ZIP file of stored entries, written anew after PKWARE's APPNOTE. */
function zipOf(files: ReadonlyMap<string, Buffer>): Buffer {
  const u16 = (value: number) => Buffer.from([value & 0xff, value >> 8])
  const u32 = (value: number) => Buffer.concat([u16(value & 0xffff), u16(value >>> 16)])
  const pieces: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const [path, content] of files) {
    const name = Buffer.from(path)
    const common = Buffer.concat([
      u16(20),
      u16(0x0800),
      u16(0),
      u16(0),
      u16(0x21),
      u32(crc32(content)),
      u32(content.length),
      u32(content.length),
      u16(name.length),
      u16(0),
    ])
    const local = Buffer.concat([u32(0x04034b50), common, name])
    pieces.push(local, content)
    directory.push(
      Buffer.concat([u32(0x02014b50), u16(20), common, u16(0), u16(0), u16(0), u32(0), u32(offset), name]),
    )
    offset += local.length + content.length
  }
  const size = directory.reduce((sum, entry) => sum + entry.length, 0)
  const end = [
    u32(0x06054b50),
    u16(0),
    u16(0),
    u16(files.size),
    u16(files.size),
    u32(size),
    u32(offset),
    u16(0),
  ]
  return Buffer.concat([...pieces, ...directory, ...end])
}
