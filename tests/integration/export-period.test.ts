import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { requestExport } from '../../server/export/request-export.ts'
import { leafHash, rootHash } from '../../server/ledger/merkle.ts'
import { type Archive, type Line, makeArchive, ownerAccess } from '../support/archive.ts'
import {
  checkpointOf,
  coverageRows,
  fingerprintOf,
  foldedCoverage,
  tiledLeaves,
} from '../support/archive-contents.ts'
import { type Scene, seedSyncedOrganization, syncNow } from '../support/seed.ts'

/*
 * Thirty hours of a directory, six of them silent. The export is of the hours from the tenth to the twentieth: somebody
 * had come and gone before, somebody came inside it, somebody came after.
 */
const hour = 3_600_000
let scene: Scene & { connectionId: string }
let start: number
let archive: Archive
const after = (hours: number) => new Date(start + hours * hour)
const period = () => ({ kind: 'period', from: after(10), to: after(20) }) as const

beforeAll(async () => {
  scene = await seedSyncedOrganization({ licence: 'P1' })
  start = scene.clock.now().getTime()
  const directory = scene.entra.tenant(scene.spec.tenantId)
  const come = (name: string) =>
    directory.addUser({ displayName: name, userPrincipalName: `${name.replace(' ', '.')}@example.com` })
  const before = come('Gone Before')
  for (let passed = 1; passed <= 30; passed++) {
    if (passed === 5) directory.removeUser(before.id)
    if (passed === 12) come('Came Inside')
    if (passed === 25) come('Came After')
    scene.clock.jump(start + passed * hour - scene.clock.now().getTime())
    if (passed < 7 || passed > 12) expect(await syncNow(scene, scene.connectionId)).toBe('succeeded')
  }
  archive = (await makeArchive(scene, period())).archive
}, 120_000)

describe('an export of a period', () => {
  test('holds the events that were recorded after its beginning, up to and with its end', async () => {
    const { archive: whole } = await makeArchive(scene, { kind: 'organization' })
    const inside = whole
      .lines('events')
      .filter(line => timeOf(line) > after(10).toISOString() && timeOf(line) <= after(20).toISOString())
    expect(archive.lines('events')).toEqual(inside)
    const manifest = archive.json('manifest.json')
    const sequences = archive.records('events').map(event => Number(event.sequence))
    expect(manifest).toMatchObject({
      scope: { kind: 'period', from: after(10).toISOString(), to: after(20).toISOString() },
      firstPosition: sequences[0],
      asOf: { instant: after(20).toISOString(), position: sequences.at(-1) },
    })
  })

  test('rests on opening events that the log holds, and that lie before it', () => {
    const first = Number(archive.json('manifest.json').firstPosition)
    const leaves = archive.lines('opening/leaves.jsonl.gz')
    expect(archive.records('opening/events.jsonl.gz').map(event => Number(event.sequence))).toEqual(
      archive.records('opening/leaves.jsonl.gz').map(leaf => leaf.seq),
    )
    const hashes = tiledLeaves(archive)
    for (const line of leaves) {
      const { seq } = JSON.parse(line) as { seq: number }
      expect(seq).toBeLessThan(first)
      expect(hashes[seq]).toEqual(leafHash(Buffer.from(line)))
    }
    expect(hashes.length).toBe(checkpointOf(archive).size)
    expect(rootHash(hashes)).toEqual(Buffer.from(checkpointOf(archive).root))
  })

  test('begins with populations that have the fingerprints of the evidence in force, and goes on from there', () => {
    const populations = new Map<string, Map<string, string>>()
    for (const { kind, subject, item } of archive.records('opening/populations.jsonl.gz')) {
      const members = populations.get(`${kind}`) ?? new Map<string, string>()
      populations.set(`${kind}`, members.set(`${subject}`, `${item}`))
    }
    const first = Number(archive.json('manifest.json').firstPosition)
    const deltas = archive.records('evidence/deltas.jsonl.gz')
    const rows = archive.records('evidence/rows.jsonl.gz')
    const states = rows.filter(row => row.mode === 'state')
    expect(states.some(row => Number(row.position) < first)).toBe(true)
    expect(states.some(row => Number(row.position) >= first)).toBe(true)
    for (const row of rows.filter(row => row.mode === 'state' || Number(row.position) >= first)) {
      const members =
        row.mode === 'feed' ? new Map<string, string>() : (populations.get(`${row.kind}`) ?? new Map())
      for (const { subject, item } of deltas.filter(delta => delta.evidence === row.id)) {
        if (item === null) members.delete(`${subject}`)
        else members.set(`${subject}`, `${item}`)
      }
      expect({ kind: row.kind, root: fingerprintOf(row, members) }).toEqual({
        kind: row.kind,
        root: row.fingerprint,
      })
    }
  })

  test('names the body of every item that its populations begin with or that came inside it', () => {
    const held = archive.lines('evidence/items').map(line => line.slice(-66, -2))
    const named = [
      ...archive.records('opening/populations.jsonl.gz').map(each => each.item),
      ...archive.records('evidence/deltas.jsonl.gz').flatMap(each => each.item ?? []),
    ]
    expect(held).toEqual([...new Set(named)].sort())
  })

  test('shows nobody who had gone before it or came after it', () => {
    const everything = archive.everything()
    expect(everything).toContain('Came Inside')
    expect(everything).not.toContain('Gone Before')
    expect(everything).not.toContain('Came After')
  })

  test('lists of a feed what the windows inside it list, and no other', () => {
    const path = feedOf(archive)
    const first = Number(archive.json('manifest.json').firstPosition)
    expect(archive.text(path)).toContain(`# Only what came after position,${first - 1}\r\n`)
    expect(listedIn(archive, path)).toEqual(inWindows(archive))
    expect(archive.text(path)).toContain(`# Items,${inWindows(archive).length}\r\n`)
  })

  test('lists of a feed nothing from before where no window was collected inside it', async () => {
    const { archive: silent } = await makeArchive(scene, { kind: 'period', from: after(8), to: after(11) })
    expect(inWindows(silent)).toEqual([])
    expect(listedIn(silent, feedOf(silent))).toEqual([])
  })

  test('has the coverage that its opening events and its own fold to, at every step', () => {
    const rows = coverageRows(archive)
    expect(rows[0]).toMatchObject({ at: after(10).toISOString() })
    expect(rows.at(-1)).toMatchObject({ at: after(20).toISOString() })
    expect(new Set(rows.map(row => row.percent)).size).toBeGreaterThan(1)
    for (const { at, position, ...share } of rows)
      expect(foldedCoverage(archive, at, position)).toMatchObject(share)
  })

  test('has it whatever period is asked for', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.double({ min: -2, max: 29, noNaN: true }),
        fc.double({ min: 0.2, max: 12, noNaN: true }),
        async (from, length) => {
          const to = Math.min(30, Math.max(from + length, 0.1))
          const asked = { kind: 'period', from: after(from), to: after(to) } as const
          const { archive: other } = await makeArchive(scene, asked)
          for (const { at, position, ...share } of coverageRows(other)) {
            expect(foldedCoverage(other, at, position)).toMatchObject(share)
          }
          expect(other.json('coverage.json')).toMatchObject({ percent: coverageRows(other).at(-1)?.percent })
        },
      ),
      { numRuns: 8 },
    )
  }, 120_000)

  test('may be one in which nothing was recorded', async () => {
    const { archive: silent } = await makeArchive(scene, { kind: 'period', from: after(8), to: after(11) })
    expect(silent.lines('events')).toEqual([])
    expect(silent.lines('evidence/rows.jsonl.gz').length).toBeGreaterThan(3)
    expect(coverageRows(silent).length).toBeGreaterThan(1)
  })
})

describe('a period that cannot be exported is refused with words', () => {
  const ask = (from: number, to: number | null) =>
    requestExport(scene.services, ownerAccess(scene), {
      kind: 'period',
      from: after(from),
      to: to === null ? null : after(to),
    })
  test.each([
    ['ends in the future', 1, 31, 'future'],
    ['ends before it begins', 5, 4, 'must end after it begins'],
    ['ends where it begins', 5, 5, 'must end after it begins'],
    ['lies before the first event', -5, -1, 'before the organization’s first event'],
  ])('where it %s', async (_, from, to, words) => {
    await expect(ask(from, to)).rejects.toMatchObject({
      code: 'bad_input',
      fields: { to: expect.stringContaining(words) },
    })
  })

  test('but for a missing end: then it ends now', async () => {
    const { archive: open } = await makeArchive(scene, { kind: 'period', from: after(20), to: null })
    const { scope, asOf } = open.json('manifest.json')
    const { instant } = asOf as { instant: string }
    expect(scope).toMatchObject({ to: instant })
    expect(Date.parse(instant)).toBeGreaterThanOrEqual(scene.clock.now().getTime())
  })
})

const timeOf = (line: string) => `${(JSON.parse(line) as Line).time}`

const feedOf = (of: Archive) => of.paths.find(path => path.startsWith('populations/risky_sign_ins-')) ?? ''

/** The subject keys of a population's rows. */
function listedIn(of: Archive, path: string): string[] {
  const lines = of.text(path).trimEnd().split('\r\n')
  const rows = lines.slice(lines.findIndex(line => line.startsWith('Name,')) + 1)
  return rows.map(row => row.split(',').at(-2) ?? '')
}

/** The subject keys that the feed's windows of the scope list, each once. */
function inWindows(of: Archive): string[] {
  const windows = of.records('evidence/rows.jsonl.gz').filter(row => row.kind === 'risky_sign_ins')
  const listed = of
    .records('evidence/deltas.jsonl.gz')
    .filter(delta => windows.some(row => row.id === delta.evidence))
  return [...new Set(listed.map(delta => `${delta.subject}`))].sort()
}
