import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { z } from 'zod'
import {
  inclusionProof,
  leafHash,
  nodeHash,
  rootHash,
  verifyConsistency,
  verifyInclusion,
} from '../../server/ledger/merkle.ts'
import { describeReference, readReference } from '../support/reference-data.ts'

const bytes = z
  .string()
  .nullable()
  .transform(text => Buffer.from(text ?? '', 'base64'))
const proof = z
  .array(bytes)
  .nullable()
  .transform(hashes => hashes ?? [])

const inclusionCase = z.object({
  case: z.string(),
  leafIdx: z.number(),
  treeSize: z.number(),
  root: bytes,
  leafHash: bytes,
  proof,
  wantErr: z.boolean(),
})
const consistencyCase = z.object({
  case: z.string(),
  size1: z.number(),
  size2: z.number(),
  root1: bytes,
  root2: bytes,
  proof,
  wantErr: z.boolean(),
})

describeReference('published inclusion proofs', 'merkle/inclusion.json', () => {
  const cases = z.array(inclusionCase).parse(readReference('merkle/inclusion.json'))
  test.each(cases.map(vector => [vector.case, vector] as const))('%s', (_, vector) => {
    const { leafIdx: index, treeSize: size, leafHash, proof, root, wantErr } = vector
    expect(verifyInclusion({ index, size, leafHash, proof, root })).toBe(!wantErr)
  })
})

describeReference('published consistency proofs', 'merkle/consistency.json', () => {
  const cases = z.array(consistencyCase).parse(readReference('merkle/consistency.json'))
  test.each(cases.map(vector => [vector.case, vector] as const))('%s', (_, vector) => {
    const { size1, size2, root1, root2, proof, wantErr } = vector
    const claim = { firstSize: size1, secondSize: size2, firstRoot: root1, secondRoot: root2, proof }
    expect(verifyConsistency(claim)).toBe(!wantErr)
  })
})

/** From the tests of transparency-dev/merkle, rfc6962. */
test('the leaf and the node of the reference implementation have their hashes', () => {
  expect(leafHash(Buffer.from('L123456')).toString('hex')).toBe(
    '395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56',
  )
  expect(nodeHash(Buffer.from('N123'), Buffer.from('N456')).toString('hex')).toBe(
    'aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb',
  )
})

/**
 * From the appendix "Subtree Test Vectors" of draft-ietf-plants-merkle-tree-certs: what every subtree of a tree of 130
 * leaves hashes to, and the place of each of its leaves in it, gathered in one hash.
 */
test('every subtree of 130 leaves, and every leaf’s proof in it, is that of the published vectors', () => {
  const leaves = Array.from({ length: 130 }, (_, index) => leafHash(Uint8Array.of(index)))
  const roots = createHash('sha256')
  const proofs = createHash('sha256')
  for (let end = 1; end <= leaves.length; end++) {
    for (let start = 0; start < end; start++) {
      if (start % powerFrom(end - start) !== 0) continue
      const subtree = leaves.slice(start, end)
      roots.update(`[${start}, ${end}) ${rootHash(subtree).toString('hex')}\n`)
      for (const index of subtree.keys()) {
        const path = inclusionProof(subtree, index).map(hash => ` ${hash.toString('hex')}`)
        proofs.update(`${start + index} [${start}, ${end})${path.join('')}\n`)
      }
    }
  }
  expect(roots.digest('hex')).toBe('94a95384a8c69acea9b50d035a58285b3a777cb7a724005faa5e1f1e1190007f')
  expect(proofs.digest('hex')).toBe('ac2a8f989e44d99e399db448050ff5f19757df53cfb716aa81015d3955d8163f')
})

/** The smallest power of two that is not below the size. */
function powerFrom(size: number): number {
  let power = 1
  while (power < size) power *= 2
  return power
}
