import { and, asc, eq, gte, lt } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { events } from '../../db/schema/ledger.ts'
import { tile } from '../../db/schema/log.ts'
import { AppError } from '../errors.ts'
import {
  consistencyRanges,
  inclusionRanges,
  joinSubtrees,
  type LeafRange,
  rootHash,
  type Subtree,
  subtreesOf,
} from './merkle.ts'
import { levelWidth, tileWidth } from './tiles.ts'

/** Levels of the tree that a tile spans. */
const tileHeight = 8
const hashLength = 32

/** Events or tiles are missing that the log had: no root and no proof can be computed. */
export class LogIncomplete extends AppError {
  constructor(organizationId: string, { level, index }: { level: number; index: number }) {
    super('internal', `the log of ${organizationId} lacks hashes of tile ${level}/${index}`, {
      userMessage:
        'Parts of the log are missing, so this cannot be computed. Verify the log, and keep the database as it is.',
      details: { organizationId, level, index },
    })
  }
}

/**
 * An organization's Merkle tree over its first `size` events, read from the stored tiles. A root or a proof reads one
 * tile a level; where a tile is not stored (it is partial, or not sealed yet) its hashes come from the events, or from
 * the roots of the tiles below.
 */
export class LogTree {
  readonly #transaction: Transaction
  readonly #organizationId: string
  readonly #size: number
  readonly #tiles = new Map<string, Promise<readonly Uint8Array[]>>()

  constructor(transaction: Transaction, organizationId: string, size: number) {
    this.#transaction = transaction
    this.#organizationId = organizationId
    this.#size = size
  }

  /** RFC 6962 root of the whole tree. */
  root(): Promise<Buffer> {
    return this.#rootOf({ from: 0, to: this.#size })
  }

  /** @throws {RangeError} when the tree has no such leaf */
  inclusionProof(index: number): Promise<Buffer[]> {
    return this.#rootsOf(inclusionRanges(index, this.#size))
  }

  /** @throws {RangeError} when the first tree is empty or larger than this one */
  consistencyProof(firstSize: number): Promise<Buffer[]> {
    return this.#rootsOf(consistencyRanges(firstSize, this.#size))
  }

  /** Hashes of a tile, as many as the tree has of it. */
  tileHashes(level: number, index: number): Promise<readonly Uint8Array[]> {
    const key = `${level}/${index}`
    const known = this.#tiles.get(key) ?? this.#readTile(level, index)
    this.#tiles.set(key, known)
    return known
  }

  /** Tiles are asked for together: a larger tree has more levels, and no more waits. */
  #rootsOf(ranges: readonly LeafRange[]): Promise<Buffer[]> {
    return Promise.all(ranges.map(range => this.#rootOf(range)))
  }

  async #rootOf(range: LeafRange): Promise<Buffer> {
    return joinSubtrees(await Promise.all(subtreesOf(range).map(subtree => this.#subtreeRoot(subtree))))
  }

  async #subtreeRoot({ height, index }: Subtree): Promise<Uint8Array> {
    const level = Math.floor(height / tileHeight)
    const width = 2 ** (height % tileHeight)
    const first = index * width
    const hashes = await this.tileHashes(level, Math.floor(first / tileWidth))
    return rootHash(hashes.slice(first % tileWidth, (first % tileWidth) + width))
  }

  async #readTile(level: number, index: number): Promise<readonly Uint8Array[]> {
    const from = index * tileWidth
    const to = Math.min(from + tileWidth, levelWidth(level, this.#size))
    const stored = await this.#storedTile(level, index)
    const hashes = stored?.slice(0, to - from) ?? (await this.#computedTile(level, from, to))
    if (hashes.length !== to - from) {
      throw new LogIncomplete(this.#organizationId, { level, index })
    }
    return hashes
  }

  async #storedTile(level: number, index: number): Promise<Uint8Array[] | null> {
    const [row] = await this.#transaction
      .select({ hashes: tile.hashes })
      .from(tile)
      .where(and(eq(tile.organizationId, this.#organizationId), eq(tile.level, level), eq(tile.index, index)))
    return row ? splitHashes(row.hashes) : null
  }

  async #computedTile(level: number, from: number, to: number): Promise<Uint8Array[]> {
    if (level === 0) {
      const rows = await this.#transaction
        .select({ leafHash: events.leafHash })
        .from(events)
        .where(
          and(
            eq(events.organizationId, this.#organizationId),
            gte(events.position, from),
            lt(events.position, to),
          ),
        )
        .orderBy(asc(events.position))
      return rows.map(row => row.leafHash)
    }
    const rows = await this.#transaction
      .select({ index: tile.index, root: tile.root })
      .from(tile)
      .where(
        and(
          eq(tile.organizationId, this.#organizationId),
          eq(tile.level, level - 1),
          gte(tile.index, from),
          lt(tile.index, to),
        ),
      )
    const roots = new Map(rows.map(row => [row.index, row.root]))
    const hashes: Uint8Array[] = []
    for (let index = from; index < to; index++) {
      hashes.push(roots.get(index) ?? rootHash(await this.tileHashes(level - 1, index)))
    }
    return hashes
  }
}

/** The hashes that stand behind one another. */
export const splitHashes = (bytes: Uint8Array): Uint8Array[] =>
  Array.from({ length: bytes.length / hashLength }, (_, index) =>
    bytes.subarray(index * hashLength, (index + 1) * hashLength),
  )
