import type { RecordedEvent } from '../../ledger/recorded-event.ts'
import { type Book, createBook, createMembershipBook } from './book.ts'
import type { AttachedEvidence, EvidenceDelta } from './membership.ts'
import { reducers } from './reducers.ts'
import type { ProjectionName, ProjectionRows } from './rows.ts'

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
  /** What the evidence of an applied event changed, in the order of the events: at once, or in parts. */
  applyDeltas(event: AttachedEvidence, deltas: Iterable<EvidenceDelta>): void
}

/**
 * Begins a fold. `keepsPast`: rows that an event ended are kept, so that one can go back to any position; otherwise the
 * fold holds what stands as of its position and no more.
 */
export function createFold(options: { keepsPast: boolean }): Fold {
  const membership = createMembershipBook(options)
  const books: { [N in ProjectionName]: Book<ProjectionRows[N]> } = {
    organizationProfile: createBook(reducers.organizationProfile, options),
    member: createBook(reducers.member, options),
    connection: createBook(reducers.connection, options),
    run: createBook(reducers.run, options),
    kindStatus: createBook(reducers.kindStatus, options),
    successChain: createBook(reducers.successChain, options),
    membership,
    verdict: createBook(reducers.verdict, options),
    assessment: createBook(reducers.assessment, options),
    assessmentEvidence: createBook(reducers.assessmentEvidence, options),
    sample: createBook(reducers.sample, options),
    threshold: createBook(reducers.threshold, options),
    outOfScope: createBook(reducers.outOfScope, options),
    accountClass: createBook(reducers.accountClass, options),
    administrator: createBook(reducers.administrator, options),
    exception: createBook(reducers.exception, options),
    review: createBook(reducers.review, options),
    alert: createBook(reducers.alert, options),
    erasure: createBook(reducers.erasure, options),
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
