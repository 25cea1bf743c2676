/**
 * How a Merkle tree is cut into tiles: C2SP tlog-tiles (c2sp.org/tlog-tiles). A tile holds up to 256 neighbouring hashes
 * of one level; an entry of a level above 0 is the root of a full tile of the level below.
 */
export const tileWidth = 256

export interface TileReference {
  level: number
  index: number
  /** Hashes in it: 256 in a full tile, fewer in a partial one. */
  width: number
}

/** `tile/0/x001/x234/067`, with `.p/<width>` for a partial tile. */
export function tilePath({ level, index, width }: TileReference): string {
  const groups = String(index)
    .padStart(Math.ceil(String(index).length / 3) * 3, '0')
    .match(/[0-9]{3}/g)
  const path = (groups ?? []).map((group, place, all) => (place < all.length - 1 ? `x${group}` : group))
  return `tile/${level}/${path.join('/')}${width === tileWidth ? '' : `.p/${width}`}`
}

/** The tile of a path; null for anything that {@link tilePath} does not write. */
export function parseTilePath(path: string): TileReference | null {
  const [, level, groups, width] =
    /^tile\/([0-9]{1,2})\/((?:x[0-9]{3}\/)*[0-9]{3})(?:\.p\/([0-9]{1,3}))?$/.exec(path) ?? []
  if (level === undefined || groups === undefined) return null
  const tile = {
    level: Number(level),
    index: Number(groups.replaceAll(/[x/]/g, '')),
    width: width === undefined ? tileWidth : Number(width),
  }
  const isOne = tile.level < 64 && tile.width >= 1 && Number.isSafeInteger(tile.index)
  return isOne && tilePath(tile) === path ? tile : null
}

/** Hashes that a level holds over a tree of this size: each is the root of a perfect subtree of 256^level leaves. */
export const levelWidth = (level: number, size: number): number => Math.floor(size / tileWidth ** level)

/** Every tile over a tree of this size, partial ones too: level by level from the leaves, each by its index. */
export function* tilesOf(size: number): Generator<TileReference> {
  for (let level = 0; levelWidth(level, size) > 0; level++) {
    const width = levelWidth(level, size)
    for (let index = 0; index * tileWidth < width; index++) {
      yield { level, index, width: Math.min(tileWidth, width - index * tileWidth) }
    }
  }
}

/** The full tiles that a tree of the second size has and one of the first does not, level by level from the leaves. */
export function* newFullTiles(firstSize: number, secondSize: number): Generator<TileReference> {
  for (let level = 0; levelWidth(level + 1, secondSize) > 0; level++) {
    const end = levelWidth(level + 1, secondSize)
    for (let index = levelWidth(level + 1, firstSize); index < end; index++) {
      yield { level, index, width: tileWidth }
    }
  }
}
