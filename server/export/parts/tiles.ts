import { tilePath, tilesOf } from '../../ledger/tiles.ts'
import type { Part } from '../part.ts'

/** The whole log's tiles: what lies outside the scope stands in them by its leaf hash, and by nothing else. */
export const tilesPart: Part = {
  name: 'tiles',
  async write({ log, add, done }) {
    for (const tile of tilesOf(log.size)) {
      await add({ path: tilePath(tile), content: await log.readTile(tile) })
      done(1)
    }
  },
}
