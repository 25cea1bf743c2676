import type { RecordedEvent } from '../../ledger/recorded-event.ts'
import { type Book, createBook, createMembershipBook } from './book.ts'
import { connectionReducer } from './connection.ts'
import { kindStatusReducer } from './kind-status.ts'
import { memberReducer } from './member.ts'
import type { AttachedEvidence, EvidenceDelta } from './membership.ts'
import { organizationReducer } from './organization.ts'
import type { ProjectionName, ProjectionRows } from './rows.ts'
import { runReducer } from './run.ts'
import { successChainReducer } from './success-chain.ts'
import { verdictReducer } from './verdict.ts'

/** Rows by projection, each in the order of their keys. */
export interface FoldedRows {
  rows<N extends ProjectionName>(name: N): readonly ProjectionRows[N][]
}

/** One organization's events folded into rows in memory: the reference that the tables are held to. */
export interface Fold extends FoldedRows {
  /** Up to and with this position; -1 before the first event. */
  readonly position: number
  /** @throws {RangeError} for an event that does not follow on the one before */
  apply(event: RecordedEvent): void
  /** What the evidence of the event applied last changed: at once, or in parts. */
  applyDeltas(event: AttachedEvidence, deltas: Iterable<EvidenceDelta>): void
}

/**
 * Begins a fold. `keepsPast`: rows that an event ended are kept, so that one can go back to any position; otherwise the
 * fold holds what stands as of its position and no more.
 */
export function createFold({ keepsPast }: { keepsPast: boolean }): Fold {
  const membership = createMembershipBook(keepsPast)
  const books: { [N in ProjectionName]: Book<ProjectionRows[N]> } = {
    organizationProfile: createBook(organizationReducer, keepsPast),
    member: createBook(memberReducer, keepsPast),
    connection: createBook(connectionReducer, keepsPast),
    run: createBook(runReducer, keepsPast),
    kindStatus: createBook(kindStatusReducer, keepsPast),
    successChain: createBook(successChainReducer, keepsPast),
    membership,
    verdict: createBook(verdictReducer, keepsPast),
  }
  const all = Object.values(books)
  let position = -1
  return {
    get position() {
      return position
    },
    apply(event) {
      if (event.position !== position + 1) {
        throw new RangeError(`event ${event.position} does not follow on ${position}`)
      }
      position = event.position
      for (const book of all) book.apply(event)
    },
    applyDeltas: membership.applyDeltas,
    rows: name => books[name].rows(),
  }
}
