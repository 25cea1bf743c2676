import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sha256 } from '../../server/ledger/canonical.ts'
import { rootHash } from '../../server/ledger/merkle.ts'
import { tilePath, tilesOf, tileWidth } from '../../server/ledger/tiles.ts'
import { checkTiles, rootOfFirst } from '../../server/verifier/check-tiles.ts'
import { openContainer } from '../../server/verifier/container.ts'
import { DoesNotHold } from '../../server/verifier/finding.ts'
import { zip } from '../support/altered-archive.ts'
import { sourceOf } from '../support/verification.ts'

/** More than 256 tiles of 256: the tree has three levels of them. */
const size = 256 * 256 + 700
const leaves = Array.from({ length: size }, (_, index) => sha256(`leaf ${index}`))
const levels = [leaves]
for (let level = 0; level < 2; level++) {
  const below = levels[level] ?? []
  const full = Math.floor(below.length / tileWidth)
  levels.push(
    Array.from({ length: full }, (_, index) =>
      rootHash(below.slice(index * tileWidth, (index + 1) * tileWidth)),
    ),
  )
}
const root = rootHash(leaves)
const tiles = [...tilesOf(size)].map(({ level, index, width }): [string, Buffer] => [
  tilePath({ level, index, width }),
  Buffer.concat((levels[level] ?? []).slice(index * tileWidth, index * tileWidth + width)),
])
const manifest: [string, Buffer] = ['manifest.json', Buffer.from('{}')]
const check = (files: [string, Buffer][]) =>
  checkTiles(openContainer(sourceOf(zip([...files, manifest]))), { size, root })

describe('tiles', () => {
  test('that hash up to the root hold, and lead to the root of any beginning', () => {
    const tree = check(tiles)
    expect(tree.levels.map(level => level.length / 32)).toEqual([size, 258, 1])
    for (const first of [0, 1, 2, 255, 256, 257, 511, 65_535, 65_536, 65_537, size - 1, size]) {
      expect(rootOfFirst(tree, first).toString('hex')).toBe(rootHash(leaves.slice(0, first)).toString('hex'))
    }
    fc.assert(
      fc.property(fc.nat(3000), first => {
        expect(rootOfFirst(tree, first)).toEqual(rootHash(leaves.slice(0, first)))
      }),
      { numRuns: 30 },
    )
  })

  test.each([
    ['of the leaves', 'tile/0/007', /do not lead to the one that the level above has/],
    [
      'of the leaves at the end',
      tilePath({ level: 0, index: 258, width: size % 256 }),
      /do not lead to the checkpoint’s root/,
    ],
    ['of the middle', 'tile/1/000', /do not lead to the one that the level above has/],
    ['of the middle’s end', 'tile/1/001.p/2', /do not lead to the one that the level above has/],
    ['of the top', 'tile/2/000.p/1', /do not lead to the one that the level above has/],
  ])('with a hash altered %s are refused', (_, altered, words) => {
    const files = tiles.map(([path, hashes]): [string, Buffer] => {
      if (path !== altered) return [path, hashes]
      const copy = Buffer.from(hashes)
      copy[5] = (copy[5] ?? 0) ^ 1
      return [path, copy]
    })
    expect(files).not.toEqual(tiles)
    expect(() => check(files)).toThrow(words)
  })

  test('of which one is missing, or of another width, are refused', () => {
    expect(() => check(tiles.filter(([path]) => path !== 'tile/1/000'))).toThrow(/no such file/)
    const short = tiles.map(([path, hashes]): [string, Buffer] => [
      path,
      path === 'tile/0/003' ? hashes.subarray(32) : hashes,
    ])
    expect(() => check(short)).toThrow(DoesNotHold)
  })
})
