import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { PopulationDiff } from '../../server/evidence/population-diff.ts'
import { entriesInPage, hashLength, SubjectEntries } from '../../server/evidence/subject-entries.ts'
import { keyLength, writeHex } from '../../server/evidence/subject-key.ts'

interface Item {
  subjectKey: string
  content: string
}

const hashOf = (content: string) => createHash('sha256').update(content).digest('hex')

function entriesOf(items: readonly Item[]): SubjectEntries {
  const entries = new SubjectEntries()
  const [key, hash] = [Buffer.alloc(keyLength), Buffer.alloc(hashLength)]
  for (const { subjectKey, content } of items) {
    writeHex(key, subjectKey)
    writeHex(hash, hashOf(content))
    entries.add(key, hash)
  }
  return entries
}

const bySubject = (items: readonly Item[]) =>
  [...new Map(items.map(item => [item.subjectKey, item])).values()].sort((one, other) =>
    one.subjectKey < other.subjectKey ? -1 : 1,
  )

/** Few subjects and few contents, so that they meet. */
const items = fc.array(
  fc.record({
    subjectKey: fc
      .constantFrom(0, 1, 2, 3, 4, 5, 250, 255)
      .map(number => `${number.toString(16).padStart(2, '0').repeat(4)}-0000-4000-8000-0000000000ff`),
    content: fc.constantFrom('a', 'b'),
  }),
  { maxLength: 20 },
)

/** What a read comes to, worked out with maps: the later item of a subject counts. */
function expected(held: readonly Item[], read: readonly Item[], isState: boolean) {
  const before = new Map(held.map(item => [item.subjectKey, item.content]))
  const after = new Map(read.map(item => [item.subjectKey, item.content]))
  const subjects = [...after.keys()]
  const left = isState ? [...before.keys()].filter(key => !after.has(key)) : []
  return {
    changes: {
      joined: subjects.filter(key => !before.has(key)).length,
      changed: subjects.filter(key => before.has(key) && before.get(key) !== after.get(key)).length,
      left: left.length,
    },
    itemCount: after.size,
    leavers: left.sort(),
    staged: new Map([...after].filter(([key, content]) => !isState || before.get(key) !== content)),
    entries: bySubject(read).map(({ subjectKey, content }) => [subjectKey, hashOf(content)]),
  }
}

describe.each(['state', 'feed'] as const)('a %s that is read against what is held', mode => {
  test('comes to what joined, changed and left, to what is to be staged, and to the population in order', () => {
    fc.assert(
      fc.property(items.map(bySubject), items, (held, read) => {
        const diff = new PopulationDiff(entriesOf(held), mode)
        const staged = read.filter(item => diff.add(item.subjectKey, hashOf(item.content)))
        const { superseded, leavers, entries, ...sums } = diff.finish()
        const kept = staged.filter((_, place) => !superseded.includes(place))
        const wanted = expected(held, read, mode === 'state')
        expect(sums).toEqual({ changes: wanted.changes, itemCount: wanted.itemCount })
        expect([...leavers()]).toEqual(wanted.leavers)
        expect(kept.map(item => item.subjectKey).sort()).toEqual([...wanted.staged.keys()].sort())
        expect(new Map(kept.map(item => [item.subjectKey, item.content]))).toEqual(wanted.staged)
        expect([...entries()].map(({ subjectKey, itemHash }) => [subjectKey, itemHash])).toEqual(
          wanted.entries,
        )
      }),
    )
  })
})

test('more subjects than one piece of memory takes are found and put in order all the same', () => {
  const count = entriesInPage * 2 + 3
  const keyOf = (number: number) =>
    `${((number * 0x9e3779b1) >>> 0).toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`
  const read = Array.from({ length: count }, (_, number) => ({
    subjectKey: keyOf(number),
    content: `${number}`,
  }))
  const held = bySubject(read).filter((_, index) => index % 2 === 0)
  const diff = new PopulationDiff(entriesOf(held), 'state')
  for (const { subjectKey, content } of read) diff.add(subjectKey, hashOf(content))
  const { changes, itemCount, entries } = diff.finish()
  expect(changes).toEqual({ joined: count - held.length, changed: 0, left: 0 })
  expect(itemCount).toBe(count)
  expect([...entries()].map(entry => entry.subjectKey)).toEqual(bySubject(read).map(item => item.subjectKey))
})

test('what is given back is gone at once, and takes nothing along that lies beside it', () => {
  const entries = new SubjectEntries()
  entries.add(Buffer.alloc(keyLength, 1), Buffer.alloc(hashLength, 1))
  const hash = entries.hash(0)
  const piece = Buffer.from(`${'-'.repeat(keyLength + hashLength)}beside`)
  const small = new SubjectEntries()
  small.addPage(piece.subarray(0, keyLength + hashLength))
  for (const list of [entries, small]) list.release()
  expect([entries.size, small.size, hash.length]).toEqual([0, 0, 0])
  expect(piece.toString()).toMatch(/beside$/)
})
