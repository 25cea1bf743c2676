import type { TileReference } from '../ledger/tiles.ts'
import type { VerifierKey } from '../ledger/verifier-key.ts'

/** The log as an archive is held to it: sealed up to a size that covers the scope. */
export interface SealedLog {
  readonly origin: string
  readonly size: number
  /** RFC 6962 root of the log at that size. */
  readonly root: Uint8Array
  /** The signed checkpoint that says so. */
  readonly note: string
  /** Keys that sign for the log, in the order of their adoption. */
  readonly keys: readonly VerifierKey[]
  /** The hashes of a tile of the log at that size. */
  readTile(tile: TileReference): Promise<Uint8Array>
  /** A text as a note signed by the log's newest key. */
  sign(text: string): Promise<string>
}
