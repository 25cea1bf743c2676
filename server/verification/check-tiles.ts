import { and, asc, eq, gte, lte } from 'drizzle-orm'
import { tile } from '../../db/schema/log.ts'
import { rootHash } from '../ledger/merkle.ts'
import { tilePath, tileWidth } from '../ledger/tiles.ts'
import type { Findings } from './findings.ts'
import type { VerificationRun } from './verify-ledger.ts'

interface FullTile {
  level: number
  index: number
  hashes: Buffer
  root: Buffer
}

/** Cuts the tree into tiles as its leaves pass, and compares those that are full with what is stored. */
export class TileCheck {
  readonly #run: VerificationRun
  readonly #findings: Findings
  readonly #sealedSize: number
  /** Hashes of the tile that is being filled, by level, and how many of the level are full. */
  readonly #open: Uint8Array[][] = []
  readonly #full: number[] = []
  #waiting: FullTile[] = []
  #isGivenUp = false
  count = 0

  constructor(run: VerificationRun, findings: Findings, { sealedSize }: { sealedSize: number }) {
    this.#run = run
    this.#findings = findings
    this.#sealedSize = sealedSize
  }

  add(leaf: Uint8Array): void {
    if (!this.#isGivenUp) this.#addTo(0, leaf)
  }

  /** Without one of its events no tile behind it can be computed. */
  giveUp(): void {
    this.#isGivenUp = true
  }

  /** Compares what has become full. */
  async compare(): Promise<void> {
    const computed = this.#waiting
    this.#waiting = []
    for (const level of new Set(computed.map(each => each.level))) {
      const ofLevel = computed.filter(each => each.level === level)
      const stored = await this.#stored(level, ofLevel)
      for (const each of ofLevel) this.#compareOne(each, stored.get(each.index))
    }
  }

  #addTo(level: number, hash: Uint8Array) {
    const open = this.#open[level] ?? []
    this.#open[level] = open
    open.push(hash)
    if (open.length < tileWidth) return
    const index = this.#full[level] ?? 0
    const root = rootHash(open)
    this.#waiting.push({ level, index, hashes: Buffer.concat(open), root })
    this.#full[level] = index + 1
    this.#open[level] = []
    this.#addTo(level + 1, root)
  }

  #compareOne({ level, index, hashes, root }: FullTile, stored: FullTile | undefined) {
    const path = tilePath({ level, index, width: tileWidth })
    if (!stored) {
      // Tiles are stored when their log is sealed.
      if ((index + 1) * tileWidth ** (level + 1) <= this.#sealedSize) {
        this.#findings.note('tiles', `The tile ${path} is missing.`)
      }
      return
    }
    this.count += 1
    if (!stored.hashes.equals(hashes) || !stored.root.equals(root)) {
      this.#findings.note('tiles', `The tile ${path} does not hold the hashes of these events.`)
    }
  }

  async #stored(level: number, computed: readonly FullTile[]): Promise<Map<number, FullTile>> {
    const { database, organizationId } = this.#run
    const rows = await database.withOrganization(organizationId, transaction =>
      transaction
        .select({ level: tile.level, index: tile.index, hashes: tile.hashes, root: tile.root })
        .from(tile)
        .where(
          and(
            eq(tile.organizationId, organizationId),
            eq(tile.level, level),
            gte(tile.index, computed[0]?.index ?? 0),
            lte(tile.index, computed.at(-1)?.index ?? 0),
          ),
        )
        .orderBy(asc(tile.index)),
    )
    return new Map(rows.map(row => [row.index, row]))
  }
}
