import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type ConsistencyClaim,
  consistencyProof,
  type InclusionClaim,
  inclusionProof,
  leafHash,
  nodeHash,
  rootHash,
  verifyConsistency,
  verifyInclusion,
} from '../../server/ledger/merkle.ts'

const hash = fc.uint8Array({ minLength: 32, maxLength: 32 })
const leafHashes = fc.array(hash, { minLength: 1, maxLength: 40 })

describe('an inclusion proof', () => {
  test('is that of the recursive definition and holds, for every leaf of any tree', () => {
    fc.assert(
      fc.property(leafHashes, leaves => {
        for (const index of leaves.keys()) {
          const claim = inclusion(leaves, index)
          expect(claim.proof).toEqual(naivePath(leaves, index))
          expect(verifyInclusion(claim)).toBe(true)
          expect(verifyInclusion({ ...claim, index: BigInt(index), size: BigInt(leaves.length) })).toBe(true)
        }
      }),
      { numRuns: 30 },
    )
  })

  test('holds for no other leaf, size or root, and with no other hash', () => {
    fc.assert(
      fc.property(leafHashes, fc.nat(), hash, fc.nat(), (leaves, place, other, where) => {
        const claim = inclusion(leaves, place % leaves.length)
        fc.pre(!leaves.some(leaf => Buffer.compare(leaf, other) === 0))
        for (const changed of mutations(claim.proof, other, where)) {
          expect(verifyInclusion({ ...claim, ...changed })).toBe(false)
        }
        expect(verifyInclusion({ ...claim, leafHash: other })).toBe(false)
        expect(verifyInclusion({ ...claim, root: other })).toBe(false)
        expect(verifyInclusion({ ...claim, index: Number(claim.index) + leaves.length })).toBe(false)
      }),
    )
  })

  test('of one leaf holds at no other index', () => {
    fc.assert(
      fc.property(fc.uniqueArray(hash, { minLength: 2, maxLength: 40, selector: String }), leaves => {
        for (const index of leaves.keys()) {
          const claim = inclusion(leaves, index)
          for (const other of leaves.keys()) {
            expect(verifyInclusion({ ...claim, index: other })).toBe(other === index)
          }
        }
      }),
      { numRuns: 20 },
    )
  })

  test('is refused for a leaf that the tree does not have', () => {
    expect(() => inclusionProof([], 0)).toThrow(RangeError)
    expect(() => inclusionProof([leafHash(Buffer.from('one'))], 1)).toThrow(RangeError)
    expect(() => inclusionProof([leafHash(Buffer.from('one'))], -1)).toThrow(RangeError)
    expect(() => inclusionProof([leafHash(Buffer.from('one'))], 0.5)).toThrow(RangeError)
  })
})

describe('a consistency proof', () => {
  test('is that of the recursive definition and holds, for every two sizes of any tree', () => {
    fc.assert(
      fc.property(leafHashes, leaves => {
        for (let first = 1; first <= leaves.length; first++) {
          expect(consistencyProof(leaves, first)).toEqual(naiveSubproof(leaves, first, true))
          const claim = consistency(leaves, first)
          expect(verifyConsistency(claim)).toBe(true)
          expect(
            verifyConsistency({ ...claim, firstSize: BigInt(first), secondSize: BigInt(leaves.length) }),
          ).toBe(true)
        }
      }),
      { numRuns: 30 },
    )
  })

  test('holds for no other size or root, and with no other hash', () => {
    fc.assert(
      fc.property(leafHashes, fc.nat(), hash, fc.nat(), (leaves, place, other, where) => {
        const claim = consistency(leaves, 1 + (place % leaves.length))
        fc.pre(!leaves.some(leaf => Buffer.compare(leaf, other) === 0))
        for (const changed of mutations(claim.proof, other, where)) {
          expect(verifyConsistency({ ...claim, ...changed })).toBe(false)
        }
        expect(verifyConsistency({ ...claim, firstRoot: other })).toBe(false)
        expect(verifyConsistency({ ...claim, secondRoot: other })).toBe(false)
        expect(verifyConsistency({ ...claim, firstSize: claim.secondSize, secondSize: 0 })).toBe(false)
      }),
    )
  })

  test('does not hold where the second tree rewrote the first', () => {
    fc.assert(
      fc.property(leafHashes, fc.nat(), fc.nat(), (leaves, size, place) => {
        const firstSize = 1 + (size % leaves.length)
        const rewritten = leaves.with(place % firstSize, Uint8Array.from(leafHash(Buffer.from('rewritten'))))
        const claim = consistency(rewritten, firstSize)
        expect(verifyConsistency({ ...claim, firstRoot: rootHash(leaves.slice(0, firstSize)) })).toBe(false)
      }),
    )
  })

  test('is refused from an empty tree, and from one that is larger', () => {
    const leaves = [leafHash(Buffer.from('one'))]
    expect(() => consistencyProof(leaves, 0)).toThrow(RangeError)
    expect(() => consistencyProof(leaves, 2)).toThrow(RangeError)
  })
})

test('nothing that is malformed holds, and nothing is thrown', () => {
  const leaves = ['a', 'b', 'c', 'd', 'e'].map(text => leafHash(Buffer.from(text)))
  const hostile = fc.oneof(
    fc.constantFrom<unknown>(-1, -1n, 0.5, Number.NaN, Infinity, 2 ** 53, 2n ** 64n, 10n ** 400n, '3', null),
    fc.constantFrom<unknown>(new Uint8Array(31), new Uint8Array(33), '', [], {}, undefined, [null], [[]]),
    fc.constantFrom<unknown>(Array.from({ length: 3 }), new Array(3), Array(100_000).fill(leaves[0]), 'abc'),
    fc.anything(),
  )
  const claims = [inclusion(leaves, 2), consistency(leaves, 3)] as const
  fc.assert(
    fc.property(fc.constantFrom(0, 1), fc.nat(4), hostile, (which, place, value) => {
      const claim = claims[which]
      if (!claim) throw new Error('there are two claims')
      const field = Object.keys(claim)[place] ?? ''
      fc.pre(!(typeof value === 'number' && Number.isSafeInteger(value) && value >= 0))
      // What a caller in plain JavaScript could pass.
      const broken = { ...claim, [field]: value } as unknown
      expect(verifyInclusion(broken as InclusionClaim)).toBe(false)
      expect(verifyConsistency(broken as ConsistencyClaim)).toBe(false)
    }),
    { numRuns: 500 },
  )
  for (const nothing of [null, undefined, 0, 'claim', []]) {
    expect(verifyInclusion(nothing as unknown as InclusionClaim)).toBe(false)
    expect(verifyConsistency(nothing as unknown as ConsistencyClaim)).toBe(false)
  }
})

function inclusion(leaves: readonly Uint8Array[], index: number): InclusionClaim {
  const leaf = leaves[index]
  if (!leaf) throw new Error('the leaf exists')
  return {
    index,
    size: leaves.length,
    leafHash: leaf,
    proof: inclusionProof(leaves, index),
    root: rootHash(leaves),
  }
}

const consistency = (leaves: readonly Uint8Array[], firstSize: number): ConsistencyClaim => ({
  firstSize,
  secondSize: leaves.length,
  firstRoot: rootHash(leaves.slice(0, firstSize)),
  secondRoot: rootHash(leaves),
  proof: consistencyProof(leaves, firstSize),
})

/** One hash more, fewer, flipped or swapped: each is another proof. */
function mutations(
  proof: readonly Uint8Array[],
  other: Uint8Array,
  where: number,
): { proof: Uint8Array[] }[] {
  const changed: Uint8Array[][] = [
    [...proof, other],
    [other, ...proof],
  ]
  for (const [place, element] of proof.entries()) {
    const flipped = Uint8Array.from(element)
    flipped[where % 32] = (flipped[where % 32] ?? 0) ^ (1 << (where & 7))
    changed.push(proof.with(place, flipped), proof.with(place, other), proof.toSpliced(place, 1))
    changed.push(proof.toSpliced(place, 0, other))
    changed.push(proof.with(place, element.subarray(1)))
    const next = proof[place + 1]
    if (next && Buffer.compare(next, element) !== 0) {
      changed.push(proof.with(place, next).with(place + 1, element))
    }
  }
  return changed.map(mutated => ({ proof: mutated }))
}

/** RFC 6962 section 2.1.1, word by word. */
function naivePath(leaves: readonly Uint8Array[], index: number): Uint8Array[] {
  if (leaves.length === 1) return []
  const [left, right] = halves(leaves)
  return index < left.length
    ? [...naivePath(left, index), naiveRoot(right)]
    : [...naivePath(right, index - left.length), naiveRoot(left)]
}

/** RFC 6962 section 2.1.2, word by word. */
function naiveSubproof(leaves: readonly Uint8Array[], size: number, isKnown: boolean): Uint8Array[] {
  if (size === leaves.length) return isKnown ? [] : [naiveRoot(leaves)]
  const [left, right] = halves(leaves)
  return size <= left.length
    ? [...naiveSubproof(left, size, isKnown), naiveRoot(right)]
    : [...naiveSubproof(right, size - left.length, false), naiveRoot(left)]
}

function naiveRoot(leaves: readonly Uint8Array[]): Uint8Array {
  const [only] = leaves
  if (only && leaves.length === 1) return Buffer.from(only)
  const [left, right] = halves(leaves)
  return nodeHash(naiveRoot(left), naiveRoot(right))
}

function halves(leaves: readonly Uint8Array[]): [readonly Uint8Array[], readonly Uint8Array[]] {
  let middle = 1
  while (middle * 2 < leaves.length) middle *= 2
  return [leaves.slice(0, middle), leaves.slice(middle)]
}
