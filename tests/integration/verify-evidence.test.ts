import { randomUUID } from 'node:crypto'
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
import type { AlteredArchive } from '../support/altered-archive.ts'

/*
 * Whoever alters the archive signs it with a key of their own, and the reader knows none: the signatures hold, and so do
 * the events. Evidence, and what follows from it, must be what they lead to.
 */
const bench = await useBench()
const { signer } = bench
const resigned = resignedBy(signer)
const resealed = resealedBy(signer)

const byKind = (kind: string) => (row: { kind: string }) => row.kind === kind
const failed = (controlId: string) => (event: Parameters<ReturnType<typeof evaluated>>[0]) =>
  evaluated(controlId)(event) && event.data.verdict === 'fail'
const rows = 'evidence/rows.jsonl.gz'
const deltas = 'evidence/deltas.jsonl.gz'
const items = 'evidence/items'
const purged = 'evidence/purged.jsonl.gz'
const population = (altered: AlteredArchive, kind: string) =>
  [...altered.files.keys()].find(path => path.startsWith(`populations/${kind}-`)) ?? ''
const oscal = 'oscal/assessment-results.json'

const hashOf = (line: string) => line.slice(-66, -2)
/** The first item’s content goes; an event is named that is to have purged it. */
function hide(altered: AlteredArchive, position: number): void {
  const [first = '', ...others] = altered.lines(items)
  altered.setLines(items, others)
  altered.editLines(purged, lines => [...lines, canonicalText({ hash: hashOf(first), position })].sort())
}

const ofTheEvidence: Alteration[] = [
  [
    'another count in a row',
    resigned(altered =>
      altered.editRecord(rows, byKind('user_inventory'), row => {
        row.itemCount += 1
      }),
    ),
    { step: 'evidence', words: /row’s itemCount is not what its event says/ },
  ],
  [
    'another summary in a row',
    resigned(altered =>
      altered.editRecord(rows, byKind('user_inventory'), row => {
        row.summary.guests = 0
        row.summary.members = 0
      }),
    ),
    { step: 'evidence', words: /row’s summary/ },
  ],
  [
    'another provenance in a row',
    resigned(altered =>
      altered.editRecord(rows, byKind('user_inventory'), row => {
        row.provenance.pages = 99
      }),
    ),
    { step: 'evidence', words: /provenance is not the one whose hash/ },
  ],
  [
    'a field more in a row',
    resigned(altered =>
      altered.editRecord(rows, byKind('user_inventory'), row => {
        row.note = 'trust me'
      }),
    ),
    { step: 'evidence', words: /row’s note/ },
  ],
  [
    'a row that is not canonical',
    resigned(editLine(rows, 0, line => line.replace(',', ', '))),
    { step: 'evidence', words: /row is not canonical/ },
  ],
  [
    'a row removed',
    resigned(altered => altered.editLines(rows, lines => lines.toSpliced(2, 1))),
    { step: 'evidence', words: /row’s|has no row/ },
  ],
  [
    'a row added',
    resigned(altered => altered.editLines(rows, lines => [...lines, lines.at(-1) ?? ''])),
    { step: 'evidence', words: /No event attached this row/ },
  ],
  [
    'two rows swapped',
    resigned(altered => altered.editLines(rows, lines => swapped(lines, 0, 1))),
    { step: 'evidence', words: /row’s/ },
  ],
  [
    'two items swapped between their subjects',
    resigned(altered =>
      altered.editLines(deltas, lines => {
        const [one, other] = [JSON.parse(lines[0] ?? ''), JSON.parse(lines[1] ?? '')]
        return [
          canonicalText({ ...one, item: other.item }),
          canonicalText({ ...other, item: one.item }),
          ...lines.slice(2),
        ]
      }),
    ),
    { step: 'evidence', words: /does not lead to the fingerprint/ },
  ],
  [
    'a change removed',
    resigned(altered => altered.editLines(deltas, lines => lines.slice(1))),
    { step: 'evidence', words: /adds up to/ },
  ],
  [
    'somebody who never left',
    resigned(altered =>
      altered.editLines(deltas, lines => lines.filter(line => !line.includes('"item":null'))),
    ),
    { step: 'evidence', words: /adds up to/ },
  ],
  [
    'a change of another row',
    resigned(altered => altered.editLines(deltas, lines => [...lines, lines[0] ?? ''])),
    { step: 'evidence', words: /belongs to no row/ },
  ],
  [
    'a subject twice',
    resigned(altered => altered.editLines(deltas, lines => [lines[0] ?? '', ...lines])),
    { step: 'evidence', words: /order of their subjects, each once/ },
  ],
  [
    'a change that is no change',
    resigned(editLine(deltas, 0, () => '{}')),
    { step: 'evidence', words: /no change of an evidence row/ },
  ],
  [
    'another item’s content',
    resigned(
      editLine(`${items}/000000.jsonl.gz`, 0, line =>
        line
          .replace(/"displayName":"[^"]*"/, '"displayName":"Nobody"')
          .replace(/"id":"[0-9a-f]{4}/, '"id":"ffff'),
      ),
    ),
    { step: 'evidence', words: /content is not the one that its hash/ },
  ],
  [
    'another item’s content under its own hash',
    resigned(altered =>
      altered.editLines(items, lines => {
        const body = '{"id":"somebody else"}'
        const line = `{"body":${body},"hash":"${sha256Hex(body)}"}`
        return [...lines.slice(1), line].sort((one, other) => (hashOf(one) < hashOf(other) ? -1 : 1))
      }),
    ),
    { step: 'evidence', words: /neither here nor said to be purged/ },
  ],
  [
    'an item missing',
    resigned(altered => altered.editLines(items, lines => lines.slice(1))),
    { step: 'evidence', words: /neither here nor said to be purged/ },
  ],
  [
    'an item too many',
    resigned(altered =>
      altered.editLines(items, lines => {
        const body = '{"id":"nobody"}'
        return [...lines, `{"body":${body},"hash":"${sha256Hex(body)}"}`].sort((one, other) =>
          hashOf(one) < hashOf(other) ? -1 : 1,
        )
      }),
    ),
    { step: 'evidence', words: /no evidence names it/ },
  ],
  [
    'two items swapped',
    resigned(altered => altered.editLines(items, lines => swapped(lines, 0, 1))),
    { step: 'evidence', words: /order of their hashes/ },
  ],
  [
    'an item twice',
    resigned(altered => altered.editLines(items, lines => [lines[0] ?? '', ...lines])),
    { step: 'evidence', words: /order of their hashes, each once/ },
  ],
  [
    'an item that is no item',
    resigned(editLine(`${items}/000000.jsonl.gz`, 0, () => '{"body":1}')),
    { step: 'evidence', words: /line is no item/ },
  ],
  [
    'an item hidden as purged by any event',
    resigned(altered => hide(altered, 0)),
    { step: 'evidence', words: /is no purge/ },
  ],
  [
    'an item hidden behind a real purge',
    resigned(altered => hide(altered, JSON.parse(altered.lines(purged)[0] ?? '').position)),
    { step: 'evidence', words: /not those that the event purged/ },
  ],
  [
    'one purged item in the place of another',
    resigned(altered => {
      const { position } = JSON.parse(altered.lines(purged)[0] ?? '')
      hide(altered, position)
      altered.editLines(purged, lines => lines.slice(1))
    }),
    { step: 'evidence', words: /neither here nor said to be purged/ },
  ],
  [
    'content that is gone without an event',
    resigned(altered =>
      altered.editRecord(
        purged,
        () => true,
        line => {
          line.position = null
        },
      ),
    ),
    { step: 'evidence', words: /no event says that it was purged/ },
  ],
  [
    'an item that is purged and here',
    resigned(altered =>
      altered.editLines(purged, lines =>
        [
          ...lines,
          canonicalText({
            hash: hashOf(altered.lines(items)[0] ?? ''),
            position: JSON.parse(lines[0] ?? '').position,
          }),
        ].sort(),
      ),
    ),
    { step: 'evidence', words: /said to be purged, and is here/ },
  ],
]

const ofWhatFollows: Alteration[] = [
  [
    'a cell of a population',
    resigned(altered =>
      altered.editText(population(altered, 'user_inventory'), csv =>
        csv.replace('Enabled', 'Disabled').replace('enabled', 'disabled'),
      ),
    ),
    { step: 'populations', words: /line is .* and should be/ },
  ],
  [
    'a row of a population removed',
    resigned(altered =>
      altered.editText(
        population(altered, 'user_inventory'),
        csv => `${csv.trimEnd().split('\r\n').slice(0, -1).join('\r\n')}\r\n`,
      ),
    ),
    { step: 'populations', words: /ends where it should go on/ },
  ],
  [
    'a row of a population added',
    resigned(altered => altered.editText(population(altered, 'user_inventory'), csv => `${csv}Nobody\r\n`)),
    { step: 'populations', words: /goes on where it should end/ },
  ],
  [
    'another fingerprint above a population',
    resigned(altered =>
      altered.editText(population(altered, 'user_inventory'), csv =>
        csv.replace(/[0-9a-f]{64}/, '0'.repeat(64)),
      ),
    ),
    { step: 'populations', words: /Fingerprint/ },
  ],
  [
    'a population missing',
    resigned(altered => altered.remove(population(altered, 'risky_users'))),
    { step: 'populations', words: /no such file/ },
  ],
  [
    'a population of a source that nobody connected',
    resigned(altered => altered.setText(`populations/user_inventory-${randomUUID()}.csv`, 'all fine')),
    { step: 'populations', words: /no such population/ },
  ],
  [
    'a verdict turned to pass, up to the root',
    resealed(altered =>
      altered.editRecord('events', failed('AC-03'), event => {
        event.data.verdict = 'pass'
      }),
    ),
    { step: 'verdicts', words: /was recorded as pass; the rules come to fail/ },
  ],
  [
    'other reasons for a verdict, up to the root',
    resealed(altered =>
      altered.editRecord('events', failed('AC-03'), event => {
        event.data.reasons[0].count += 1
      }),
    ),
    { step: 'verdicts', words: /other reasons, numbers or coming changes/ },
  ],
  [
    'another coming change of a verdict, up to the root',
    resealed(altered =>
      altered.editRecord('events', evaluated('AC-16'), event => {
        event.data.changes = []
      }),
    ),
    { step: 'verdicts', words: /other reasons, numbers or coming changes/ },
  ],
  [
    'other inputs of a verdict, up to the root',
    resealed(altered =>
      altered.editRecord('events', isOf('ControlEvaluated'), event => {
        event.data.inputs = '0'.repeat(64)
      }),
    ),
    { step: 'verdicts', words: /not what was held then/ },
  ],
  [
    'a verdict of another catalogue version, up to the root',
    resealed(altered =>
      altered.editRecord('events', isOf('ControlEvaluated'), event => {
        event.data.catalogueVersion = 1
      }),
    ),
    { step: 'verdicts', words: /not of the catalogue version in force/ },
  ],
  [
    'a verdict of another connection, up to the root',
    resealed(altered =>
      altered.editRecord('events', isOf('ControlEvaluated'), event => {
        event.data.connectionId = randomUUID()
      }),
    ),
    { step: 'verdicts', words: /connection that does not stand/ },
  ],
  [
    'another percentage',
    resigned(altered =>
      altered.editText('coverage.csv', csv =>
        csv.replace(/,[0-9.]+(,[0-9]+){6}\r\n$/, ',100,13,0,0,0,0,0\r\n'),
      ),
    ),
    { step: 'coverage', words: /should be/ },
  ],
  [
    'a row of coverage removed',
    resigned(altered =>
      altered.editText('coverage.csv', csv => csv.replace(/(No data\r\n)[^\r]*\r\n/, '$1')),
    ),
    { step: 'coverage', words: /should be/ },
  ],
  [
    'a row of coverage added',
    resigned(altered =>
      altered.editText('coverage.csv', csv => `${csv}${csv.trimEnd().split('\r\n').at(-1)}\r\n`),
    ),
    { step: 'coverage', words: /goes on where it should end/ },
  ],
  [
    'another coverage at the end',
    resigned(altered =>
      altered.editText('coverage.json', json => json.replace(/"percent":[0-9.]+/g, '"percent":100')),
    ),
    { step: 'documents', words: /should be/ },
  ],
  [
    'OSCAL that finds everything satisfied',
    resigned(altered => altered.editText(oscal, json => json.replaceAll('"not-satisfied"', '"satisfied"'))),
    { step: 'documents', words: /is not what the events lead to/ },
  ],
  [
    'OSCAL with another verdict',
    resigned(altered =>
      altered.editText(oscal, json =>
        json.replace(/("name": "verdict",\s*"ns": "[^"]*",\s*"value": ")fail/, '$1pass'),
      ),
    ),
    { step: 'documents', words: /is not what the events lead to/ },
  ],
  [
    'OSCAL that passes over a control',
    resigned(altered =>
      altered.editText(oscal, json => json.replace('"target-id": "AC-02"', '"target-id": "AC-99"')),
    ),
    { step: 'documents', words: /AC-02 should be told of once/ },
  ],
  [
    'OSCAL that is no JSON',
    resigned(altered => altered.setText(oscal, 'all fine')),
    { step: 'documents', words: /no JSON/ },
  ],
  [
    'OSCAL of another shape',
    resigned(altered => altered.setText(oscal, '{"assessment-results":{"results":[]}}')),
    { step: 'documents', words: /not of its form/ },
  ],
]

describeAlterations('the evidence', bench, ofTheEvidence)
describeAlterations('what follows from it', bench, ofWhatFollows)
