import { foldCoverage } from '../coverage/fold-coverage.ts'
import type { Coverage } from '../domain/coverage/coverage.ts'
import { freshness } from '../domain/coverage/freshness.ts'
import { isSameShare } from '../domain/coverage/timeline.ts'
import { type EvidenceKind, evidenceKind } from '../domain/evidence/kinds.ts'
import type { CoverageRow } from '../export/coverage-csv.ts'
import type { RecordedEvent } from '../ledger/recorded-event.ts'
import { absentKindsIn } from './declarations.ts'
import { NotCheckable } from './finding.ts'
import type { LedgerState } from './ledger-state.ts'

/**
 * Coverage over time, told event by event: computed wherever an event, or time alone, could change it, by the function
 * that answers a single instant.
 */
export class CoverageWalk {
  readonly #state: LedgerState
  readonly #emit: (row: CoverageRow) => void
  /** When each kind of each source last succeeded; absent where its last read failed. */
  readonly #successes = new Map<string, Date>()
  /** Of the row told last; null before coverage has begun. */
  #last: CoverageRow | null = null
  /** Up to here time has had its say. */
  #at = Number.NEGATIVE_INFINITY
  /** Nothing changes by time alone before this instant. */
  #due = Number.POSITIVE_INFINITY
  #firstPosition = 0
  #asked: readonly number[] = []
  readonly #answers: Coverage[] = []

  /** `emit` takes each row of coverage over time as it is told. */
  constructor(state: LedgerState, emit: (row: CoverageRow) => void) {
    this.#state = state
    this.#emit = emit
  }

  /** Coverage at the asked instants, as far as they have come. */
  get answers(): readonly Coverage[] {
    return this.#answers
  }

  /**
   * Begins to tell, on what was applied so far.
   * @param scope where the positions begin that are told of, and instants at which coverage is asked for besides, ascending
   */
  begin(at: Date, { firstPosition, asked }: { firstPosition: number; asked: readonly number[] }): void {
    this.#firstPosition = firstPosition
    this.#asked = asked
    this.#evaluate(at.getTime())
  }

  /** Before an event is applied to the state: what time changed since the one before. @returns whether the event may change something */
  before(event: RecordedEvent): boolean {
    if (this.#last) this.#advance(event.recordedAt.getTime())
    return this.#mayChange(event)
  }

  /** Once an event that may change something was applied to the state. */
  after(event: RecordedEvent): void {
    if (this.#last) this.#evaluate(event.recordedAt.getTime())
  }

  /** Goes on to the end, which has a row of its own. */
  finish(at: Date, position: number): void {
    const last = this.#last
    if (!last) throw new NotCheckable('There is no moment at which coverage could begin.')
    this.#advance(at.getTime() + 1)
    const end = this.#last ?? last
    if (end.at < at) this.#emit({ ...end, at, position })
  }

  /** Coverage of what was applied, at an instant, by the catalogue version in force. */
  coverageAt(at: Date): { coverage: Coverage; catalogueVersion: number } {
    const { catalogue } = this.#state
    if (!catalogue) throw new NotCheckable('There is no organization before its first event.')
    const coverage = foldCoverage(this.#state, { catalogue, at, absentKinds: absentKindsIn })
    return { coverage, catalogueVersion: catalogue.version }
  }

  #advance(until: number): void {
    this.#answerBefore(until)
    while (this.#due < until) {
      const due = this.#dueAfter(this.#at)
      if (due < until) this.#evaluate(due)
      else this.#due = due
    }
  }

  #answerBefore(until: number): void {
    for (;;) {
      const next = this.#asked[this.#answers.length]
      if (next === undefined || next >= until) return
      this.#answers.push(this.coverageAt(new Date(next)).coverage)
    }
  }

  #evaluate(at: number): void {
    const { percent, parts } = this.coverageAt(new Date(at)).coverage
    const position = Math.max(this.#state.position, this.#firstPosition - 1)
    const row = { at: new Date(at), position, percent, parts }
    if (!this.#last || !isSameShare(this.#last, row)) {
      this.#last = row
      this.#emit(row)
    }
    this.#at = at
    this.#due = this.#dueAfter(at)
  }

  /** The next instant at which time alone could change something: evidence ages, a verdict foretold another. */
  #dueAfter(at: number): number {
    const ageing = this.#state.rows('kindStatus').flatMap(({ kind, lastSuccessAt }) => {
      if (!lastSuccessAt) return []
      const { staleAfter, expiredAfter } = evidenceKind(kind)
      // Exactly at its threshold evidence still is what it was.
      return [lastSuccessAt.getTime() + staleAfter + 1, lastSuccessAt.getTime() + expiredAfter + 1]
    })
    const foretold = this.#state
      .rows('verdict')
      .flatMap(({ changes }) => changes.map(change => Date.parse(change.at)))
    return Math.min(...[...ageing, ...foretold].filter(instant => instant > at))
  }

  #mayChange(event: RecordedEvent): boolean {
    switch (event.type) {
      case 'EvidenceAttached':
      case 'EvidenceReaffirmed': {
        const { kind } = event.payload
        const key = keyOf(event.payload)
        const before = this.#successes.get(key) ?? null
        this.#successes.set(key, event.recordedAt)
        return freshness(kind, before, event.recordedAt) !== 'fresh'
      }
      case 'EvidenceUnavailable':
        this.#successes.delete(keyOf(event.payload))
        return true
      case 'OrganizationCreated':
      case 'CatalogueAdopted':
      case 'ConnectionConnected':
      case 'ConnectionRevoked':
      case 'ControlEvaluated':
      case 'ControlTakenOutOfScope':
      case 'ControlTakenIntoScope':
      case 'SourceTakenOutOfScope':
      case 'SourceTakenIntoScope':
        return true
      default:
        return false
    }
  }
}

const keyOf = ({ sourceId, kind }: { sourceId: string; kind: EvidenceKind }) => `${sourceId} ${kind}`
