import { decisionsOf } from '../coverage/decisions-of.ts'
import type { CoverageRows } from '../coverage/fold-coverage.ts'
import { type ControlInputs, isRiskVisible } from '../coverage/judge-controls.ts'
import { catalogue } from '../domain/control/catalogue.ts'
import type { Catalogue } from '../domain/control/definition.ts'
import type { PolicyChange } from '../domain/control/rules/ac-12.ts'
import { missingEvidence } from '../domain/control/rules/missing-evidence.ts'
import type { EvidenceKind } from '../domain/evidence/kinds.ts'
import type { EvidenceSummary } from '../domain/evidence/summary.ts'
import { wholeWindow } from '../domain/run/feed-window.ts'
import type { RecordedEvent } from '../ledger/recorded-event.ts'
import { type Book, createBook } from '../projections/fold/book.ts'
import { reducers } from '../projections/fold/reducers.ts'
import type { ConnectionRow, ProjectionRows } from '../projections/fold/rows.ts'

type FoldedName =
  | 'organizationProfile'
  | 'connection'
  | 'kindStatus'
  | 'verdict'
  | 'threshold'
  | 'outOfScope'
  | 'accountClass'
  | 'administrator'
  | 'exception'
  | 'review'
  | 'alert'

interface FeedWindow {
  readonly from: Date
  readonly to: Date
  readonly summary: EvidenceSummary
}

/** What stands as of the event applied last, folded from events alone by the reducers of the product’s own tables. */
export class LedgerState implements CoverageRows {
  readonly #books: { readonly [N in FoldedName]: Book<ProjectionRows[N]> } = {
    organizationProfile: createBook(reducers.organizationProfile, { keepsPast: false }),
    connection: createBook(reducers.connection, { keepsPast: false }),
    kindStatus: createBook(reducers.kindStatus, { keepsPast: false }),
    verdict: createBook(reducers.verdict, { keepsPast: false }),
    threshold: createBook(reducers.threshold, { keepsPast: false }),
    outOfScope: createBook(reducers.outOfScope, { keepsPast: false }),
    accountClass: createBook(reducers.accountClass, { keepsPast: false }),
    administrator: createBook(reducers.administrator, { keepsPast: false }),
    exception: createBook(reducers.exception, { keepsPast: false }),
    review: createBook(reducers.review, { keepsPast: false }),
    alert: createBook(reducers.alert, { keepsPast: false }),
  }
  readonly #all = Object.values(this.#books)
  /** By source, the newest last. */
  readonly #windows = new Map<string, FeedWindow[]>()
  /** Each time a source had other policies than before, by source. */
  readonly #policyChanges = new Map<string, PolicyChange[]>()
  /** Where the last window stands that brought a sign-in that is new or different, by source. */
  readonly #signInsChangedAt = new Map<string, number>()
  /** Of the evidence in force, by source and kind. */
  readonly #summaries = new Map<string, EvidenceSummary>()
  #position = -1

  /** Of the event applied last; -1 before the first. */
  get position(): number {
    return this.#position
  }

  apply(event: RecordedEvent): void {
    for (const book of this.#all) book.apply(event)
    if (event.type === 'EvidenceAttached') this.#attach(event)
    this.#position = event.position
  }

  /** Rows of a projection in the order of their keys. */
  readonly rows = <N extends FoldedName>(name: N): readonly ProjectionRows[N][] => this.#books[name].rows()

  /** The catalogue version in force; null before there is an organization. */
  get catalogue(): Catalogue | null {
    const [profile] = this.rows('organizationProfile')
    return profile ? catalogue(profile.catalogueVersion) : null
  }

  /** The newest connection to a source; null where it was never connected. */
  connectionTo(sourceId: string): ConnectionRow | null {
    const own = this.rows('connection').filter(row => row.sourceId === sourceId)
    own.sort((one, other) => one.connectedAt.getTime() - other.connectedAt.getTime())
    return own.at(-1) ?? null
  }

  /** What the rules look at besides items, as it stands; null for a source that was never connected. */
  inputsOf(sourceId: string, at: Date, absentKinds: readonly EvidenceKind[]): ControlInputs | null {
    const connection = this.connectionTo(sourceId)
    const catalogueVersion = this.catalogue?.version
    if (!connection || catalogueVersion === undefined) return null
    const rows = this.rows('kindStatus').filter(row => row.sourceId === sourceId)
    const statuses = new Map(rows.map(row => [row.kind, row]))
    const since = at.getTime() - wholeWindow
    const windows = (this.#windows.get(sourceId) ?? []).filter(({ to }) => to.getTime() > since)
    return {
      connection,
      catalogueVersion,
      statuses,
      missing: missingEvidence(statuses, absentKinds),
      feedWindows: windows,
      isRiskVisible: isRiskVisible({
        windows: windows.map(({ summary }) => summary).reverse(),
        riskyUsers: this.#summaries.get(`${sourceId} risky_users`) ?? null,
        inventory: this.#summaries.get(`${sourceId} user_inventory`) ?? null,
      }),
      policyChanges: (this.#policyChanges.get(sourceId) ?? []).filter(change => change.at.getTime() > since),
      signInsChangedAt: this.#signInsChangedAt.get(sourceId) ?? null,
      decisions: decisionsOf(this, catalogue(catalogueVersion), sourceId),
    }
  }

  #attach({ payload, position, recordedAt }: Extract<RecordedEvent, { type: 'EvidenceAttached' }>): void {
    const { sourceId, kind, window, summary, cause, changes, evidenceId } = payload
    const isChange = cause === 'source' && this.#summaries.has(`${sourceId} ${kind}`)
    if (kind === 'conditional_access_policies' && isChange) {
      const known = this.#policyChanges.get(sourceId) ?? []
      this.#policyChanges.set(sourceId, [...known, { evidenceId, at: recordedAt }])
    }
    if (kind === 'risky_sign_ins' && changes.joined + changes.changed > 0) {
      this.#signInsChangedAt.set(sourceId, position)
    }
    this.#summaries.set(`${sourceId} ${kind}`, summary)
    if (window) {
      const since = recordedAt.getTime() - 2 * wholeWindow
      const kept = (this.#windows.get(sourceId) ?? []).filter(({ to }) => to.getTime() > since)
      kept.push({ from: new Date(window.from), to: new Date(window.to), summary })
      this.#windows.set(sourceId, kept)
    }
  }
}
