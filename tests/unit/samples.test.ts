import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LevelledTree } from '../../server/assessments/levelled-tree.ts'
import { populationStanding } from '../../server/domain/assessment/control-population.ts'
import { createSampler } from '../../server/domain/assessment/sample.ts'
import { sha256Hex } from '../../server/ledger/canonical.ts'
import { inclusionProof, leafHash, rootHash } from '../../server/ledger/merkle.ts'

const draw = (seed: string, size: number, keys: readonly string[]) => {
  const sampler = createSampler<null>({ seed, size, sha256Hex })
  for (const key of keys) sampler.add(key, null)
  return sampler.drawn()
}

/** The six subjects of docs/samples.md. */
const six = [1, 2, 3, 4, 5, 6].map(digit => {
  const of = (length: number) => String(digit).repeat(length)
  return `${of(8)}-${of(4)}-4${of(3)}-8${of(3)}-${of(12)}`
})

test.each([
  ['2026-h1', 3, '145', '031de797745d038212dab3ba1d04764c7a2a6a0a3937457a0d710451ad3a7213'],
  ['attestry', 4, '2415', '2696c7e6677539250223456004ec96646e1c64c2ca1e4ed1b6bd351fee21ee82'],
  ['attestry', 500, '241536', '2696c7e6677539250223456004ec96646e1c64c2ca1e4ed1b6bd351fee21ee82'],
])('the published sample of the seed %s and size %i is drawn', (seed, size, digits, rank) => {
  const drawn = draw(seed, size, six)
  expect(drawn.map(({ subjectKey }) => subjectKey[0]).join('')).toBe(digits)
  expect(drawn[0]?.rank).toBe(rank)
})

test('the published root is the population’s', () => {
  expect(rootHash(six.map(key => leafHash(Buffer.from(key)))).toString('hex')).toBe(
    '4b495ef9a840cfd287bceb1ef3477a779bb01da66a6dcd05bee2b66e68ea3b78',
  )
})

const keys = fc.uniqueArray(fc.uuid(), { maxLength: 60 })

test('a sample does not depend on the order in which the population is read', () => {
  fc.assert(
    fc.property(keys, fc.integer({ min: 1, max: 70 }), fc.string({ maxLength: 20 }), (all, size, seed) => {
      const there = draw(seed, size, all)
      expect(draw(seed, size, all.toReversed())).toEqual(there)
      expect(there).toHaveLength(Math.min(size, all.length))
    }),
  )
})

test('a larger sample of the same seed holds the smaller one, and no rank left out is smaller', () => {
  fc.assert(
    fc.property(keys, fc.integer({ min: 1, max: 30 }), (all, size) => {
      const whole = draw('a-seed', all.length + 1, all)
      expect(draw('a-seed', size, all)).toEqual(whole.slice(0, size))
      expect(whole.map(({ rank }) => rank)).toEqual(whole.map(({ rank }) => rank).toSorted())
    }),
  )
})

test('proofs of a tree with all its levels are those of the RFC', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 70 }), size => {
      const leaves = Array.from({ length: size }, (_, index) => leafHash(Buffer.from(String(index))))
      const tree = new LevelledTree()
      for (const leaf of leaves) tree.add(leaf)
      for (const index of leaves.keys()) expect(tree.proof(index)).toEqual(inclusionProof(leaves, index))
    }),
    { numRuns: 20 },
  )
})

describe('who is in a control’s population', () => {
  const at = new Date('2026-03-01T00:00:00Z')
  const user = {
    id: six[0],
    displayName: 'Ann',
    userPrincipalName: 'ann@example.com',
    mail: null,
    userType: 'Member',
    accountEnabled: true,
    createdDateTime: null,
    creationType: null,
    externalUserState: null,
    onPremisesSyncEnabled: null,
    employeeHireDate: null,
    plans: [],
  }
  const standing = (controlId: string, changes: object, companion: object | null = null) => {
    const found = populationStanding(
      controlId,
      {
        body: JSON.stringify({ ...user, ...changes }),
        companion: companion && JSON.stringify({ ...registration, ...companion }),
      },
      at,
    )
    return found.isIncluded ? 'in' : found.reason
  }
  const registration = {
    id: six[0],
    userDisplayName: 'Ann',
    userPrincipalName: 'ann@example.com',
    userType: 'member',
    isAdmin: false,
    isMfaCapable: true,
    isMfaRegistered: true,
    isPasswordlessCapable: false,
    methodsRegistered: [],
  }

  test.each([
    ['a person', 'AC-02', {}, null, 'in'],
    ['a disabled account', 'AC-02', { accountEnabled: false }, null, 'The account is disabled'],
    ['a guest', 'AC-02', { userType: 'Guest' }, null, 'A guest, not a person of the organization'],
    ['a guest', 'AC-11', { userType: 'Guest' }, null, 'in'],
    ['a person', 'AC-11', {}, null, 'Not a guest'],
    [
      'who begins later',
      'AC-02',
      { employeeHireDate: '2026-04-01T00:00:00Z' },
      null,
      'The first day at work is still to come',
    ],
    ['who began', 'AC-02', { employeeHireDate: '2026-02-01T00:00:00Z' }, null, 'in'],
    ['an administrator', 'AC-04', {}, { isAdmin: true }, 'in'],
    ['no administrator', 'AC-04', {}, { isAdmin: false }, 'Holds no directory role'],
    ['who may be one', 'AC-04', {}, { isAdmin: null }, 'in'],
    ['without a record', 'AC-04', {}, null, 'No registration record says whether it holds a directory role'],
  ])('%s, for %s', (_, controlId, changes, companion, expected) => {
    expect(standing(controlId, changes, companion)).toBe(expected)
  })

  test('an item whose content was removed is left out for that reason', () => {
    expect(populationStanding('AC-02', { body: null, companion: null }, at)).toEqual({
      isIncluded: false,
      reason: 'Its content was removed',
    })
  })

  test('a control without a population has none', () => {
    expect(() => populationStanding('AC-16', { body: '{}', companion: null }, at)).toThrow(RangeError)
  })
})
