import { foldCoverage } from '../../server/coverage/fold-coverage.ts'
import { catalogue, latestCatalogueVersion } from '../../server/domain/control/catalogue.ts'
import type { Coverage } from '../../server/domain/coverage/coverage.ts'
import { type Checkpoint, parseCheckpoint } from '../../server/ledger/checkpoint-text.ts'
import { decodeEvent } from '../../server/ledger/decode.ts'
import { leafHash, rootHash } from '../../server/ledger/merkle.ts'
import { parseNote } from '../../server/ledger/signed-note.ts'
import { createFold } from '../../server/projections/fold/fold.ts'
import type { Archive, Line } from './archive.ts'

/** The log as the archive's checkpoint has it. */
export const checkpointOf = (archive: Archive): Checkpoint =>
  parseCheckpoint(parseNote(archive.file('checkpoint')).text)

/** The leaf hashes of the whole log, from the tiles. */
export function tiledLeaves(archive: Archive): Buffer[] {
  const tiles = archive.paths.filter(path => path.startsWith('tile/0/'))
  const bytes = Buffer.concat(tiles.map(path => archive.file(path)))
  return Array.from({ length: bytes.length / 32 }, (_, index) => bytes.subarray(index * 32, index * 32 + 32))
}

/** The fingerprint that an evidence row must have with these members: item by subject. */
export function fingerprintOf(row: Line, members: ReadonlyMap<string, string>): string {
  const window = row.windowFrom === null ? [] : [`{"from":"${row.windowFrom}","to":"${row.windowTo}"}`]
  const leaves = [...members].sort(([one], [two]) => (one < two ? -1 : 1)).map(pair => JSON.stringify(pair))
  return rootHash([...window, ...leaves].map(leaf => leafHash(Buffer.from(leaf)))).toString('hex')
}

/** Coverage at an instant, folded from the archive's events up to a position and nothing else. */
export function foldedCoverage(archive: Archive, at: string, position: number): Coverage {
  const opening = archive.paths.includes('opening/events.jsonl.gz')
    ? archive.records('opening/events.jsonl.gz')
    : []
  const known = [...opening, ...archive.records('events')].filter(event => Number(event.sequence) <= position)
  const fold = createFold({ keepsPast: false })
  // A fold takes events without gaps: what lies between the opening ones is passed over.
  for (const [index, event] of known.entries()) fold.apply(recordedEvent(event, index))
  return foldCoverage(fold, {
    catalogue: catalogue(latestCatalogueVersion),
    at: new Date(at),
    absentKinds: () => [],
  })
}

/** The rows of coverage.csv. */
export function coverageRows(archive: Archive) {
  const lines = archive.text('coverage.csv').trimEnd().split('\r\n')
  return lines.slice(lines.findIndex(line => line.startsWith('At,')) + 1).map(line => {
    const [at = '', ...numbers] = line.split(',')
    const [position = -1, percent = -1, ...counts] = numbers.map(Number)
    const [passFresh, passStale, passExpired, fail, notTestable, noData] = counts
    return { at, position, percent, parts: { passFresh, passStale, passExpired, fail, notTestable, noData } }
  })
}

const recordedEvent = (event: Line, position: number) =>
  decodeEvent({
    organizationId: '00000000-0000-4000-8000-000000000000',
    position,
    streamId: `${event.subject}`,
    streamVersion: Number(event.streamversion),
    eventId: `${event.id}`,
    eventType: `${event.type}`,
    schemaVersion: Number(event.schemaversion),
    recordedAt: new Date(`${event.time}`),
    actor: `${event.actor}`,
    payload: JSON.stringify(event.data),
  })
