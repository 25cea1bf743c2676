import { randomUUID } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { canonicalText, sha256Hex } from '../../server/ledger/canonical.ts'
import {
  type Alteration,
  describeAlterations,
  editLine,
  evaluated,
  isOf,
  resealedBy,
  resignedBy,
  swapped,
  useBench,
} from '../support/alterations.ts'
import { AlteredArchive, gzipMember, payloadOf } from '../support/altered-archive.ts'

/*
 * Whoever alters the archive signs it with a key of their own, and the reader knows none: the signatures hold, and the
 * events must speak for themselves.
 */
const bench = await useBench()
const { foreign, signer } = bench
const resigned = resignedBy(signer)
const resealed = resealedBy(signer)

/** Numbers events anew after one was put in or taken out: positions, times and versions follow on each other again. */
function renumbered(lines: readonly string[]): string[] {
  const versions = new Map<string, number>()
  return lines.map((line, position) => {
    const event = JSON.parse(line)
    const version = (versions.get(event.subject) ?? 0) + 1
    versions.set(event.subject, version)
    return canonicalText({ ...event, sequence: String(position).padStart(20, '0'), streamversion: version })
  })
}

/** A verdict that was never recorded: all that comes after it moves up. */
const withoutEvaluation = (controlId: string) => (altered: AlteredArchive) => {
  const removed = altered.lines('events').findIndex(line => evaluated(controlId)(JSON.parse(line)))
  altered.editLines('events', lines => renumbered(lines.toSpliced(removed, 1)))
  for (const path of ['evidence/rows.jsonl.gz', 'evidence/purged.jsonl.gz']) {
    altered.editLines(path, lines =>
      lines.map(line => {
        const { position, ...record } = JSON.parse(line)
        return canonicalText({ ...record, position: position > removed ? position - 1 : position })
      }),
    )
  }
}

const linesText = (altered: AlteredArchive, path: string) =>
  altered
    .lines(path)
    .map(line => `${line}\n`)
    .join('')
/** An event that follows on another in every way. */
function nextOf(line: string): string {
  const event = JSON.parse(line)
  return canonicalText({
    ...event,
    id: randomUUID(),
    sequence: String(Number(event.sequence) + 1).padStart(20, '0'),
    streamversion: event.streamversion + 1,
    time: new Date(Date.parse(event.time) + 1).toISOString(),
  })
}

const ofTheEvents: Alteration[] = [
  [
    'another payload',
    resigned(altered =>
      altered.editRecord('events', isOf('OrganizationCreated'), event => {
        event.data.name = 'Harbor Street'
      }),
    ),
    { step: 'events', words: /payload’s hash is not the one in the leaf/ },
  ],
  [
    'another payload and its hash in the leaf',
    resigned(altered => {
      altered.editRecord('events', isOf('OrganizationCreated'), event => {
        event.data.name = 'Harbor Street'
      })
      altered.editRecord('leaves', isOf('OrganizationCreated'), leaf => {
        leaf.payloadSha256 = sha256Hex(payloadOf(altered.lines('events')[0] ?? ''))
      })
    }),
    { step: 'events', words: /leaf’s hash is not the one that the tree has/ },
  ],
  [
    'another payload up to the root, and another name than the manifest’s',
    resealed(altered =>
      altered.editRecord('events', isOf('OrganizationCreated'), event => {
        event.data.name = 'Harbor Street'
      }),
    ),
    { step: 'events', words: /names the organization otherwise/ },
  ],
  [
    'two events swapped',
    resigned(altered => {
      altered.editLines('events', lines => swapped(lines, 3, 4))
      altered.editLines('leaves', lines => swapped(lines, 3, 4))
    }),
    { step: 'events', words: /should have position 3, and has 4/ },
  ],
  [
    'two leaves swapped',
    resigned(altered => altered.editLines('leaves', lines => swapped(lines, 3, 4))),
    { step: 'events', words: /around the payload is not what the leaf says/ },
  ],
  [
    'another time',
    resigned(altered => {
      altered.editRecord('events', isOf('SyncStarted'), event => {
        event.time = '2025-01-01T00:00:00.000Z'
      })
      altered.editRecord('leaves', isOf('SyncStarted'), leaf => {
        leaf.at = '2025-01-01T00:00:00.000Z'
      })
    }),
    { step: 'events', words: /leaf’s hash is not the one/ },
  ],
  [
    'another time in the line alone',
    resigned(altered =>
      altered.editRecord('events', isOf('SyncStarted'), event => {
        event.time = '2025-01-01T00:00:00.000Z'
      }),
    ),
    { step: 'events', words: /around the payload is not what the leaf says/ },
  ],
  [
    'an earlier time, up to the root',
    resealed(altered =>
      altered.editRecord('events', isOf('SyncStarted'), event => {
        event.time = '2025-01-01T00:00:00.000Z'
      }),
    ),
    { step: 'events', words: /not later than the one before/ },
  ],
  [
    'a time after the moment of the archive, up to the root',
    resealed(altered =>
      altered.editRecord('events', isOf('ExportRequested'), event => {
        event.time = '2035-01-01T00:00:00.000Z'
      }),
    ),
    { step: 'events', words: /later than the moment that the archive is of/ },
  ],
  [
    'another actor',
    resigned(altered => {
      altered.editRecord('events', isOf('OrganizationCreated'), event => {
        event.actor = 'user:mallory'
      })
      altered.editRecord('leaves', isOf('OrganizationCreated'), leaf => {
        leaf.actor = 'user:mallory'
      })
    }),
    { step: 'events', words: /leaf’s hash is not the one/ },
  ],
  [
    'an event removed',
    resigned(altered => {
      altered.editLines('events', lines => lines.toSpliced(5, 1))
      altered.editLines('leaves', lines => lines.toSpliced(5, 1))
    }),
    { step: 'events', words: /should have position 5, and has 6/ },
  ],
  [
    'an event removed up to the root',
    resealed(altered => altered.editLines('events', lines => lines.toSpliced(5, 1))),
    { step: 'events', words: /leaf’s hash is not the one that the tree has/ },
  ],
  [
    'an event removed and all after it renumbered, up to the root',
    resealed(withoutEvaluation('AC-05')),
    { step: 'verdicts', words: /AC-05 was not judged on what the run/ },
  ],
  [
    'the last event removed',
    resigned(altered => {
      altered.editLines('events', lines => lines.slice(0, -1))
      altered.editLines('leaves', lines => lines.slice(0, -1))
    }),
    { step: 'events', words: /has [0-9]+ events and should have/ },
  ],
  [
    'an event appended',
    resigned(altered => {
      altered.editLines('events', lines => [...lines, lines.at(-1) ?? ''])
      altered.editLines('leaves', lines => [...lines, lines.at(-1) ?? ''])
    }),
    { step: 'events', words: /should have position/ },
  ],
  [
    'an event appended that goes on, up to the root',
    resealed(altered => altered.editLines('events', lines => [...lines, nextOf(lines.at(-1) ?? '')])),
    { step: 'events', words: /later than the moment that the archive is of/ },
  ],
  [
    'an event without a leaf',
    resigned(altered => altered.editLines('leaves', lines => lines.slice(0, -1))),
    { step: 'events', words: /event has no leaf/ },
  ],
  [
    'a leaf without an event',
    resigned(altered => altered.editLines('leaves', lines => [...lines, lines.at(-1) ?? ''])),
    { step: 'events', words: /leaf has no event/ },
  ],
  [
    'a version left out, up to the root',
    resealed(altered =>
      altered.editRecord('events', isOf('SyncSucceeded'), event => {
        event.streamversion = 3
      }),
    ),
    { step: 'events', words: /Version 3 of its stream/ },
  ],
  [
    'a stream that does not begin at its first version, up to the root',
    resealed(altered =>
      altered.editRecord('events', isOf('MemberJoined'), event => {
        event.streamversion = 2
      }),
    ),
    { step: 'events', words: /Version 2 of its stream is the first/ },
  ],
  [
    'an event in another stream, up to the root',
    resealed(altered =>
      altered.editRecord('events', isOf('SyncSucceeded'), event => {
        event.subject = altered.manifest.organization.id
      }),
    ),
    { step: 'events', words: /of its stream|is of the type/ },
  ],
  [
    'another type of stream',
    resigned(altered =>
      altered.editRecord('events', isOf('SyncSucceeded'), event => {
        event.streamtype = 'member'
      }),
    ),
    { step: 'events', words: /stream is of the type run/ },
  ],
  [
    'the leaf of another organization, up to the root',
    altered => {
      altered.reseal(signer)
      altered.editRecord('leaves', isOf('SyncStarted'), leaf => {
        leaf.org = new AlteredArchive(foreign).manifest.organization.id
      })
      return altered.sign(signer)
    },
    { step: 'events', words: /leaf is of the organization/ },
  ],
  [
    'an event of another organization',
    resigned(altered => {
      altered.editLines('events', lines => lines.with(5, foreign.lines('events')[5] ?? ''))
      altered.editLines('leaves', lines => lines.with(5, foreign.lines('leaves')[5] ?? ''))
    }),
    { step: 'events', words: /leaf is of the organization/ },
  ],
  [
    'a payload that is not canonical, up to the root',
    resealed(editLine('events', 0, line => line.replace('"data":{', '"data":{ '))),
    { step: 'events', words: /payload is not canonical JSON/ },
  ],
  [
    'a payload with its keys in another order, up to the root',
    resealed(
      editLine('events', 0, line =>
        line.replace(
          /"data":(\{.*\}),"datacontenttype"/,
          (_, payload: string) =>
            `"data":${JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(payload)).reverse()))},"datacontenttype"`,
        ),
      ),
    ),
    { step: 'events', words: /payload is not canonical JSON/ },
  ],
  [
    'a payload with a key twice, up to the root',
    resealed(editLine('events', 0, line => line.replace('"data":{', '"data":{"catalogueVersion":1,'))),
    { step: 'events', words: /payload is not canonical JSON/ },
  ],
  [
    'a payload of another shape, up to the root',
    resealed(altered =>
      altered.editRecord('events', isOf('SyncStarted'), event => {
        event.data.surprise = true
      }),
    ),
    { step: 'events', words: /payload is not of its type, SyncStarted/ },
  ],
  [
    'a type that nobody knows, up to the root',
    resealed(altered =>
      altered.editRecord('events', isOf('ExportRequested'), event => {
        event.type = 'ExportRegretted'
      }),
    ),
    { step: 'events', words: /does not know events of the type ExportRegretted/, exitCode: 2 },
  ],
  [
    'a schema version that nobody knows, up to the root',
    resealed(altered =>
      altered.editRecord('events', isOf('ExportRequested'), event => {
        event.schemaversion = 99
      }),
    ),
    { step: 'events', words: /schema 99/, exitCode: 2 },
  ],
  [
    'blanks around a payload',
    resigned(editLine('events', 3, line => line.replace(',"data":', ', "data":'))),
    { step: 'events', words: /around the payload/ },
  ],
  [
    'blanks in a leaf',
    resigned(editLine('leaves', 3, line => line.replace(',', ', '))),
    { step: 'events', words: /leaf is not of its form/ },
  ],
  [
    'a leaf that is no JSON',
    resigned(editLine('leaves', 3, () => 'leaf')),
    { step: 'events', words: /leaf is not of its form/ },
  ],
  [
    'a leaf of null',
    resigned(editLine('leaves', 3, () => 'null')),
    { step: 'events', words: /leaf is not of its form/ },
  ],
  [
    'a last line without an end',
    resigned(altered =>
      altered.files.set('events/000000.jsonl.gz', gzipMember(altered.lines('events').join('\n'))),
    ),
    { step: 'events', words: /last line has no end/ },
  ],
  [
    'bytes after a gzip member',
    resigned(altered =>
      altered.files.set(
        'events/000000.jsonl.gz',
        Buffer.concat([gzipMember(linesText(altered, 'events')), Buffer.alloc(12)]),
      ),
    ),
    { step: 'events', words: /after the end of the compressed text/ },
  ],
  [
    'a second gzip member',
    resigned(altered =>
      altered.files.set(
        'events/000000.jsonl.gz',
        Buffer.concat([gzipMember(linesText(altered, 'events')), gzipMember('more\n')]),
      ),
    ),
    { step: 'events', words: /after the end of the compressed text/ },
  ],
  [
    'a name in a gzip header',
    resigned(altered => altered.files.set('events/000000.jsonl.gz', gzipSync(linesText(altered, 'events')))),
    { step: 'events', words: /no gzip member of the form/ },
  ],
  [
    'another checksum in a gzip trailer',
    resigned(altered => {
      const member = gzipMember(linesText(altered, 'events'))
      member.writeUInt32LE(1, member.length - 8)
      altered.files.set('events/000000.jsonl.gz', member)
    }),
    { step: 'events', words: /checksum and length/ },
  ],
  [
    'a gzip member cut off',
    resigned(altered => {
      const member = gzipMember(linesText(altered, 'events'))
      altered.files.set(
        'events/000000.jsonl.gz',
        Buffer.concat([member.subarray(0, 200), member.subarray(-8)]),
      )
    }),
    { step: 'events', words: /damaged|checksum and length/ },
  ],
  [
    'a gzip member that grows without end',
    resigned(altered => altered.files.set('events/000000.jsonl.gz', gzipMember(Buffer.alloc(80_000_000)))),
    { step: 'events', words: /times its size|longer than any/ },
  ],
  [
    'no compressed text at all',
    resigned(altered => altered.setText('events/000000.jsonl.gz', 'events')),
    { step: 'events', words: /no gzip member/ },
  ],
]

describeAlterations('the events', bench, ofTheEvents)
