import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CompactTree, leafHash, nodeHash, rootHash } from '../../server/ledger/merkle.ts'

/** Inputs and roots of the reference tests of Certificate Transparency: a tree over the first n leaves. */
const leaves = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
]
const roots = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]
const hashesOf = (hex: readonly string[]) => hex.map(leaf => leafHash(Buffer.from(leaf, 'hex')))

describe('RFC 6962', () => {
  test.each(roots.map((root, size) => [size, root] as const))(
    'the root over %i leaves is known',
    (size, root) => {
      expect(rootHash(hashesOf(leaves.slice(0, size))).toString('hex')).toBe(root)
    },
  )

  test('an inner node never passes for a leaf', () => {
    const [left, right] = hashesOf(['00', '10'])
    if (!left || !right) throw new Error('two leaves')
    expect(leafHash(Buffer.concat([left, right]))).not.toEqual(nodeHash(left, right))
  })
})

const leafHashes = fc.array(fc.uint8Array({ minLength: 32, maxLength: 32 }), { maxLength: 70 })

describe('the compact tree', () => {
  test('has the root of the recursive definition, after every leaf', () => {
    fc.assert(
      fc.property(leafHashes, hashes => {
        const tree = new CompactTree()
        for (const [index, hash] of hashes.entries()) {
          expect(tree.size).toBe(index)
          expect(tree.root()).toEqual(naiveRoot(hashes.slice(0, index)))
          tree.add(hash)
        }
        expect(tree.root()).toEqual(naiveRoot(hashes))
      }),
      { numRuns: 40 },
    )
  })

  test('changes its root with any leaf', () => {
    const nonEmpty = fc.array(fc.uint8Array({ minLength: 32, maxLength: 32 }), {
      minLength: 1,
      maxLength: 40,
    })
    fc.assert(
      fc.property(nonEmpty, fc.nat(), fc.nat(255), (hashes, where, bit) => {
        const changed = hashes.map(hash => hash.slice())
        const leaf = changed[where % changed.length]
        if (!leaf) throw new Error('there is a leaf')
        leaf[bit >> 3] = (leaf[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        expect(rootHash(changed)).not.toEqual(rootHash(hashes))
      }),
    )
  })
})

/** RFC 6962 section 2.1, word by word. */
function naiveRoot(hashes: readonly Uint8Array[]): Buffer {
  const [only, second] = hashes
  if (!only) return rootHash([])
  if (!second) return Buffer.from(only)
  let half = 1
  while (half * 2 < hashes.length) half *= 2
  return nodeHash(naiveRoot(hashes.slice(0, half)), naiveRoot(hashes.slice(half)))
}
