import { counted } from '../domain/control/words-reasons.ts'
import type { RecordedEvent } from '../ledger/recorded-event.ts'
import type { VerifierKey } from '../ledger/verifier-key.ts'
import { ArchivedItems } from './archived-items.ts'
import { AssessmentCheck } from './assessment-check.ts'
import { checkEvents, type EventCounts } from './check-events.ts'
import { checkPopulations } from './check-populations.ts'
import type { TreeHashes } from './check-tiles.ts'
import type { Container } from './container.ts'
import { CoverageCheck } from './coverage-check.ts'
import { EvidenceWalk } from './evidence-walk.ts'
import { DoesNotHold } from './finding.ts'
import type { ItemStore } from './item-store.ts'
import { KeyAnnouncements } from './key-announcements.ts'
import { LedgerState } from './ledger-state.ts'
import { loadItems } from './load-items.ts'
import type { Manifest } from './manifest.ts'
import { PurgeWalk } from './purge-walk.ts'
import type { CoverageAnswer, StepResults } from './report.ts'
import { VerdictWalk } from './verdict-walk.ts'

export interface LedgerInput {
  readonly container: Container
  readonly manifest: Manifest
  /** Leaf hashes of the whole log, 32 bytes each. */
  readonly leafHashes: Buffer
  /** The hashes of the whole log. */
  readonly tree: TreeHashes
  /** The keys that the archive names. */
  readonly keys: readonly VerifierKey[]
  /** Instants at which coverage is asked for: milliseconds. */
  readonly instants: readonly number[]
}

export interface WalkOutcome {
  readonly notices: readonly string[]
  readonly answers: readonly CoverageAnswer[]
}

/**
 * One walk through the events, oldest first, on which everything that follows from them is told again: evidence,
 * verdicts, coverage. A step that fails is left; the others go on.
 */
export async function walkLedger(input: LedgerInput, results: StepResults): Promise<WalkOutcome> {
  const items = await results.attempt('evidence', () => loadItems(input.container))
  const walk = new LedgerWalk(input, results, items ?? null)
  await results.attempt('assessment', () => walk.loadAssessment())
  const events = await results.attempt('events', () => walk.events())
  if (events) await walk.finish(events)
  return { notices: walk.notices, answers: walk.answers }
}

class LedgerWalk {
  readonly #input: LedgerInput
  readonly #results: StepResults
  readonly #state = new LedgerState()
  readonly #keys = new KeyAnnouncements()
  readonly #purges = new PurgeWalk()
  readonly #coverage: CoverageCheck
  /** Null where the archive is of none, or its items could not be read. */
  readonly #assessment: AssessmentCheck | null
  /** Null where the items could not be read. */
  readonly #evidence: {
    readonly items: ItemStore
    readonly walk: EvidenceWalk
    readonly verdicts: VerdictWalk
  } | null
  readonly notices: string[] = []

  constructor(input: LedgerInput, results: StepResults, items: ItemStore | null) {
    this.#input = input
    this.#results = results
    this.#coverage = new CoverageCheck(input, this.#state)
    if (!items) {
      this.#evidence = null
      this.#assessment = null
      return
    }
    const walk = new EvidenceWalk(input.container, items)
    const verdicts = new VerdictWalk(this.#state, new ArchivedItems(walk.held, items))
    this.#evidence = { items, walk, verdicts }
    this.#assessment = input.manifest.assessment ? new AssessmentCheck(input, { walk, items }) : null
  }

  get answers(): readonly CoverageAnswer[] {
    return this.#coverage.answers
  }

  async loadAssessment(): Promise<void> {
    await this.#assessment?.load()
  }

  async events(): Promise<EventCounts> {
    const { container, manifest, leafHashes, keys } = this.#input
    const counts = await checkEvents({
      container,
      manifest,
      leafHashes,
      opened: () => this.#begin(),
      follow: (event, { isOpening }) => (isOpening ? this.#open(event) : this.#follow(event)),
    })
    this.#keys.finish(keys)
    requireProfile(manifest, this.#state)
    this.#results.holds('events', wordsOf(counts))
    return counts
  }

  /** What follows from all events together. */
  async finish({ ended }: EventCounts): Promise<void> {
    if (ended > 0) this.notices.push(endedWords(ended))
    await this.#results.attempt('evidence', () => this.#finishEvidence())
    await this.#evidence?.walk.close()
    await this.#results.attempt('assessment', () => this.#finishAssessment())
    await this.#results.attempt('populations', () => this.#finishPopulations())
    await this.#results.attempt('verdicts', () => this.#finishVerdicts())
    await this.#results.attempt('coverage', () => this.#results.holds('coverage', this.#coverage.finish()))
    if (!this.#results.isHolding('coverage')) return
    await this.#results.attempt('documents', () =>
      this.#results.holds('documents', this.#coverage.checkDocuments()),
    )
  }

  async #begin(): Promise<void> {
    const { container, manifest } = this.#input
    if (manifest.scope.kind === 'period') {
      await this.#results.attempt('evidence', () => this.#evidence?.walk.begin(container))
    }
    await this.#results.attempt('coverage', () => this.#coverage.begin())
  }

  #open(event: RecordedEvent): void {
    this.#assessment?.evidence(event)
    this.#keys.event(event)
    this.#state.apply(event)
    this.#evidence?.walk.opening(event)
  }

  #follow(event: RecordedEvent): void | Promise<void> {
    const mayChange = this.#results.attempt('coverage', () => this.#coverage.before(event)) === true
    const isEvidenceSound = !this.#results.has('evidence')
    if (isEvidenceSound) this.#results.attempt('assessment', () => this.#assessment?.before(event.position))
    this.#assessment?.evidence(event)
    const judged = isEvidenceSound
      ? this.#results.attempt('verdicts', () => this.#evidence?.verdicts.event(event))
      : undefined
    if (judged instanceof Promise) return judged.then(() => this.#apply(event, mayChange))
    return this.#apply(event, mayChange)
  }

  #apply(event: RecordedEvent, mayChange: boolean): void | Promise<void> {
    this.#keys.event(event)
    this.#purges.event(event)
    this.#state.apply(event)
    if (mayChange) this.#results.attempt('coverage', () => this.#coverage.after(event))
    const attached = this.#results.attempt('evidence', () => this.#evidence?.walk.event(event))
    if (attached instanceof Promise) return attached.then(() => undefined)
  }

  async #finishEvidence(): Promise<void> {
    if (!this.#evidence) return
    const { walk, items } = this.#evidence
    await walk.finish()
    const { within, outside } = this.#purges.finish(items, this.#input.manifest)
    if (outside > 0) this.notices.push(outsideWords(outside))
    const { rows, deltas } = walk.counts
    const purged =
      within + outside === 0 ? '' : `, ${counted(within + outside, ['of them', 'of them'])} purged`
    this.#results.holds(
      'evidence',
      `${counted(rows, ['row', 'rows'])} as their events say, ${counted(deltas, ['change', 'changes'])} that lead to each fingerprint, ${counted(items.size, ['item', 'items'])}${purged}`,
    )
  }

  #finishPopulations(): void {
    if (!this.#evidence || !this.#results.isHolding('evidence')) return
    const { walk, items } = this.#evidence
    const { files, rows } = checkPopulations({ ...this.#input, state: this.#state, held: walk.held, items })
    const words = `${counted(files, ['file', 'files'])} with ${counted(rows, ['row', 'rows'])}, written anew from the evidence`
    this.#results.holds('populations', words)
  }

  #finishAssessment(): void {
    if (!this.#evidence || !this.#results.isHolding('evidence')) return
    this.#results.holds('assessment', this.#assessment?.finish() ?? 'the archive is of no assessment')
  }

  #finishVerdicts(): void {
    if (!this.#evidence || !this.#results.isHolding('evidence')) return
    const { recomputed, believed } = this.#evidence.verdicts.counts
    const [first] = believed
    if (first !== undefined) this.notices.push(believedWords(believed.length, first))
    const words = `${counted(recomputed, ['verdict', 'verdicts'])} judged anew by the rules in force`
    this.#results.holds('verdicts', words)
  }
}

/** The organization is who the manifest says. */
function requireProfile({ organization, simulated }: Manifest, state: LedgerState): void {
  const [profile] = state.rows('organizationProfile')
  const isSame =
    profile?.name === organization.name &&
    profile.slug === organization.slug &&
    profile.simulated === simulated
  if (!isSame) {
    const words = 'The manifest names the organization otherwise than its events do.'
    throw new DoesNotHold(words, { path: 'manifest.json' })
  }
}

const wordsOf = ({ events, streams, opening }: EventCounts) => {
  const before = opening === 0 ? '' : `, and ${counted(opening, ['event', 'events'])} from before the period`
  return `${counted(events, ['event', 'events'])} of ${counted(streams, ['stream', 'streams'])}${before}: payloads, leaves, order, times, versions`
}

const endedWords = (ended: number) =>
  `${counted(ended, ['stream is', 'streams are'])} told of before the period and not inside it. That nothing newer of them stood before the period rests on the manifest’s signature; no version shows it.`

const outsideWords = (outside: number) =>
  `${counted(outside, ['item was', 'items were'])} purged by events that lie outside of the archive’s scope. That they were rests on the manifest’s signature.`

const believedWords = (count: number, first: number) =>
  `${counted(count, ['verdict rests', 'verdicts rest'])} on content that was purged since, or was collected before the period, and cannot be judged anew: what was recorded stands. The first is at position ${first}.`
