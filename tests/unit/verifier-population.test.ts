import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sha256 } from '../../server/ledger/canonical.ts'
import { leafHash, rootHash } from '../../server/ledger/merkle.ts'
import { leafOf, Population } from '../../server/verifier/population.ts'

/** Few subjects, so that they come, change and leave often. */
const subject = fc.integer({ min: 0, max: 40 }).map(each => `subject-${String(each).padStart(3, '0')}`)
const change = fc.tuple(subject, fc.option(fc.integer({ min: 0, max: 9 }), { nil: null }))
const reads = fc.array(fc.uniqueArray(change, { selector: ([name]) => name, maxLength: 30 }), {
  maxLength: 8,
})

const hashOf = (item: number) => sha256(String(item)).toString('hex')

test('a population that changed, read after read, has the root of who is in it, hashed from nothing', () => {
  fc.assert(
    fc.property(reads, all => {
      const population = new Population()
      const held = new Map<string, number>()
      for (const read of all) {
        const sorted = [...read].sort(([one], [other]) => (one < other ? -1 : 1))
        population.apply(
          sorted.map(([name, item]) => ({ subject: name, item, hash: item === null ? '' : hashOf(item) })),
        )
        for (const [name, item] of sorted) {
          if (item === null) held.delete(name)
          else held.set(name, item)
        }
        const members = [...held].sort(([one], [other]) => (one < other ? -1 : 1))
        expect(population.subjects).toEqual(members.map(([name]) => name))
        expect(population.items).toEqual(members.map(([, item]) => item))
        const leaves = members.map(([name, item]) => leafHash(leafOf({ subject: name, hash: hashOf(item) })))
        expect(population.root().toString('hex')).toBe(rootHash(leaves).toString('hex'))
      }
    }),
    { numRuns: 300 },
  )
})
