import fc from 'fast-check'
import { expect, test } from 'vitest'
import { newFullTiles, parseTilePath, tilePath, tilesOf } from '../../server/ledger/tiles.ts'

test.each([
  [{ level: 0, index: 1_234_067, width: 256 }, 'tile/0/x001/x234/067'],
  [{ level: 0, index: 0, width: 256 }, 'tile/0/000'],
  [{ level: 1, index: 999, width: 17 }, 'tile/1/999.p/17'],
  [{ level: 63, index: 1000, width: 1 }, 'tile/63/x001/000.p/1'],
])('a tile %o has the path %s', (tile, path) => {
  expect(tilePath(tile)).toBe(path)
  expect(parseTilePath(path)).toEqual(tile)
})

test.each([
  'tile/00/000',
  'tile/64/000',
  'tile/0/00',
  'tile/0/0000',
  'tile/0/x000/001',
  'tile/0/001/002',
  'tile/0/x001',
  'tile/0/000.p/0',
  'tile/0/000.p/256',
  'tile/0/000.p/01',
  'tile/0/000.p/1/',
  '/tile/0/000',
  'tile/0/000\n',
  'tile/-1/000',
  'tile/0/../000',
  `tile/0/${'x999/'.repeat(6)}999`,
])('the path %j is refused', path => {
  expect(parseTilePath(path)).toBeNull()
})

test('any tile is found by its path again', () => {
  const tile = fc.record({
    level: fc.nat(63),
    index: fc.maxSafeNat(),
    width: fc.integer({ min: 1, max: 256 }),
  })
  fc.assert(
    fc.property(tile, reference => {
      expect(parseTilePath(tilePath(reference))).toEqual(reference)
    }),
  )
})

/** The example of c2sp.org/tlog-tiles. */
test('70,000 leaves make 273 full tiles and a partial one, above them one full and one partial, above these one', () => {
  const tiles = [...tilesOf(70_000)]
  const at = (level: number) => tiles.filter(tile => tile.level === level).map(tile => tile.width)
  expect(at(0)).toEqual([...Array(273).fill(256), 112])
  expect(at(1)).toEqual([256, 17])
  expect(at(2)).toEqual([1])
  expect(at(3)).toEqual([])
  expect([...tilesOf(256)]).toEqual([
    { level: 0, index: 0, width: 256 },
    { level: 1, index: 0, width: 1 },
  ])
  expect([...tilesOf(0)]).toEqual([])
})

test('growing in any steps completes every full tile once, and those alone', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(90_000), { minLength: 1, maxLength: 8 }), steps => {
      const sizes = [0, ...steps.toSorted((one, other) => one - other)]
      const completed = sizes.slice(1).flatMap((size, step) => [...newFullTiles(sizes[step] ?? 0, size)])
      const full = [...tilesOf(sizes.at(-1) ?? 0)].filter(tile => tile.width === 256)
      expect(completed.map(tilePath).toSorted()).toEqual(full.map(tilePath).toSorted())
    }),
    { numRuns: 30 },
  )
})
