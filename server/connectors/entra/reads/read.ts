import type { EvidenceKind } from '../../../domain/evidence/kinds.ts'
import type { ConnectorRead, FeedWindow, NormalisedItem } from '../../contract.ts'

/** How one kind of evidence is read. */
export interface EntraRead extends ConnectorRead {
  readonly kind: EvidenceKind
  /** "the list of users", for messages. */
  readonly subject: string
  readonly shape: 'collection' | 'object'
  /**
   * Below `/v1.0`: ways to ask, in order of preference, each with one or more first pages to read to their end.
   * The next way is taken where the source refuses the query of the one before (status 400).
   */
  ways(window: FeedWindow | null): readonly (readonly string[])[]
  /** Where the source counts the collection by itself. */
  readonly countPath?: string
  /** A directory without a single row cannot be: it was signed in to. */
  readonly isNeverEmpty?: boolean
  /** @throws {EvidenceReadFailed} for rows of an unexpected shape. */
  normalise(rows: readonly unknown[], window: FeedWindow | null): NormalisedPage
}

interface NormalisedPage {
  readonly items: readonly NormalisedItem[]
  /** When the source made the report that these rows come from, where it says so. */
  readonly reportedAt?: string | null
}
