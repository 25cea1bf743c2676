import { sql } from 'drizzle-orm'
import type { Database, Transaction } from '../../db/client.ts'
import { tile } from '../../db/schema/log.ts'
import { LogRewritten } from './log-rewritten.ts'
import { splitHashes } from './log-tree.ts'
import { rootHash } from './merkle.ts'
import { levelWidth, tileWidth } from './tiles.ts'

/** Tiles of one transaction: a quarter of a megabyte of hashes. */
const batch = 32

/**
 * Stores the full tiles that a log of the second size has and one of the first does not, level by level from the leaves.
 * Running it again, or twice at once, changes nothing.
 * @throws {LogRewritten} where a tile that is stored already holds other hashes
 */
export async function writeTiles(
  database: Database,
  organizationId: string,
  firstSize: number,
  secondSize: number,
): Promise<void> {
  for (let level = 0; levelWidth(level + 1, secondSize) > 0; level++) {
    const end = levelWidth(level + 1, secondSize)
    for (let from = levelWidth(level + 1, firstSize); from < end; from += batch) {
      const range = { level, from, to: Math.min(from + batch, end) }
      await database.withOrganization(organizationId, transaction =>
        storeTiles(transaction, organizationId, range),
      )
    }
  }
}

interface TileRange {
  level: number
  from: number
  to: number
}

async function storeTiles(transaction: Transaction, organizationId: string, range: TileRange) {
  const rows = (await gatherHashes(transaction, organizationId, range)).map(({ index, hashes }) => ({
    organizationId,
    level: range.level,
    index,
    hashes,
    root: rootHash(splitHashes(hashes)),
  }))
  if (rows.length !== range.to - range.from || rows.some(row => row.hashes.length !== tileWidth * 32)) {
    throw new LogRewritten(organizationId, `hashes of the tiles of level ${range.level} are missing`)
  }
  const written = await transaction
    .insert(tile)
    .values(rows)
    .onConflictDoNothing()
    .returning({ index: tile.index })
  if (written.length < rows.length) await requireSame(transaction, organizationId, range, rows)
}

/** The hashes of each tile: leaf hashes, or above them the roots of the tiles below. */
async function gatherHashes(
  transaction: Transaction,
  organizationId: string,
  { level, from, to }: TileRange,
): Promise<{ index: number; hashes: Buffer }[]> {
  const rows = await transaction.execute<{ index: string; hashes: Buffer }>(
    level === 0
      ? sql`
          select e.position / ${tileWidth}::int as index, string_agg(e.leaf_hash, ''::bytea order by e.position) as hashes
            from ledger.events e
           where e.organization_id = ${organizationId}
             and e.position >= ${from * tileWidth} and e.position < ${to * tileWidth}
           group by 1 order by 1`
      : sql`
          select t.index / ${tileWidth}::int as index, string_agg(t.root, ''::bytea order by t.index) as hashes
            from ledger.tile t
           where t.organization_id = ${organizationId} and t.level = ${level - 1}
             and t.index >= ${from * tileWidth} and t.index < ${to * tileWidth}
           group by 1 order by 1`,
  )
  return rows.map(row => ({ index: Number(row.index), hashes: row.hashes }))
}

/** Another sealer was faster, or one that broke off: its tiles must be these. */
async function requireSame(
  transaction: Transaction,
  organizationId: string,
  { level, from, to }: TileRange,
  rows: readonly { index: number; hashes: Buffer; root: Buffer }[],
) {
  const stored = await transaction.execute<{ index: string; hashes: Buffer; root: Buffer }>(sql`
    select t.index, t.hashes, t.root from ledger.tile t
     where t.organization_id = ${organizationId} and t.level = ${level} and t.index >= ${from} and t.index < ${to}`)
  const known = new Map(stored.map(row => [Number(row.index), row]))
  for (const { index, hashes, root } of rows) {
    const other = known.get(index)
    if (!other?.hashes.equals(hashes) || !other.root.equals(root)) {
      throw new LogRewritten(
        organizationId,
        `tile ${index} of level ${level} holds other hashes than the log`,
      )
    }
  }
}
