import { joinSubtrees, subtreesOf } from '../ledger/merkle.ts'
import { levelWidth, tilePath, tilesOf, tileWidth } from '../ledger/tiles.ts'
import type { Container } from './container.ts'
import { DoesNotHold } from './finding.ts'
import { hashLength, subtreeRoot } from './subtree-root.ts'

/** The hashes of a log’s Merkle tree at every 256th level, 32 bytes each, one after the other. */
export interface TreeHashes {
  readonly size: number
  readonly levels: readonly Buffer[]
}

/**
 * Reads all tiles and hashes them up: every hash of a level is the root of the full tile below it, and all together lead
 * to the root.
 * @throws {DoesNotHold} naming the first tile that does not fit
 */
export function checkTiles(
  container: Container,
  { size, root }: { size: number; root: Uint8Array },
): TreeHashes {
  const levels: Buffer[] = []
  for (let level = 0; levelWidth(level, size) > 0; level++) {
    levels.push(Buffer.allocUnsafe(levelWidth(level, size) * hashLength))
  }
  for (const tile of tilesOf(size)) {
    const path = tilePath(tile)
    const length = tile.width * hashLength
    const hashes = container.read(path, length)
    if (hashes.length !== length) throw new DoesNotHold(`The tile has not ${tile.width} hashes.`, { path })
    levels[tile.level]?.set(hashes, tile.index * tileWidth * hashLength)
  }
  const tree = { size, levels }
  levels.forEach((below, level) => {
    const above = levels[level + 1]
    if (above) requireParents(below, above, level)
  })
  if (!rootOfFirst(tree, size).equals(root)) {
    throw new DoesNotHold('The tiles do not lead to the checkpoint’s root.', {
      path: tilePath(lastTile(size)),
    })
  }
  return tree
}

/** The root of the tree over the first leaves; of none, the hash of nothing. */
export const rootOfFirst = ({ levels }: TreeHashes, size: number): Buffer =>
  joinSubtrees(
    subtreesOf({ from: 0, to: size }).map(({ height, index }) => {
      // From the highest level that has its hashes.
      const level = Math.floor(height / tileHeight)
      const width = 2 ** (height % tileHeight)
      return subtreeRoot(levels[level] ?? Buffer.alloc(0), index * width, width)
    }),
  )

/** Levels of the tree that a tile spans. */
const tileHeight = 8

function requireParents(below: Buffer, above: Buffer, level: number): void {
  for (let index = 0; index * hashLength < above.length; index++) {
    const parent = above.subarray(index * hashLength, (index + 1) * hashLength)
    if (!subtreeRoot(below, index * tileWidth, tileWidth).equals(parent)) {
      const path = tilePath({ level, index, width: tileWidth })
      throw new DoesNotHold('The tile’s hashes do not lead to the one that the level above has of it.', {
        path,
      })
    }
  }
}

const lastTile = (size: number) => [...tilesOf(size)].at(-1) ?? { level: 0, index: 0, width: 1 }
