import type { Coverage } from '../domain/coverage/coverage.ts'
import { DoesNotHold, NotCheckable, type Place } from './finding.ts'
import type { Manifest } from './manifest.ts'

/** What is checked, in the order in which it is told. */
export const stepNames = [
  'container',
  'manifest',
  'files',
  'checkpoint',
  'tiles',
  'events',
  'history',
  'evidence',
  'populations',
  'verdicts',
  'coverage',
  'documents',
  'assessment',
] as const
export type StepName = (typeof stepNames)[number]

export const stepTitles: Readonly<Record<StepName, string>> = {
  container: 'Form of the archive',
  manifest: 'Manifest',
  files: 'Files',
  checkpoint: 'Checkpoint',
  tiles: 'Merkle tree',
  events: 'Events',
  history: 'Earlier checkpoints',
  evidence: 'Evidence',
  populations: 'Populations',
  verdicts: 'Verdicts',
  coverage: 'Coverage',
  documents: 'Documents',
  assessment: 'Assessment',
}

export interface StepResult {
  readonly step: StepName
  readonly status: 'holds' | 'fails' | 'unchecked'
  /** What was checked, with counts; or what does not hold; or why it could not be checked. */
  readonly words: string
  /** Where, as far as that is known. */
  readonly place: Place
}

/** Coverage at an instant that the reader asked for. */
export interface CoverageAnswer {
  readonly at: string
  /** Null where the archive does not reach that instant. */
  readonly coverage: Coverage | null
}

export interface Report {
  /** In the order of {@link stepNames}, each once. */
  readonly steps: readonly StepResult[]
  /** Whether the signatures were held to a key that the reader gave. */
  readonly origin: 'checked' | 'not_checked'
  /** Who signed; null where nothing was. */
  readonly signedBy: string | null
  readonly manifest: Manifest | null
  /** What the reader should know besides. */
  readonly notices: readonly string[]
  readonly answers: readonly CoverageAnswer[]
}

/** What a step needs to have held before it can be taken. */
const restsOn: Readonly<Record<StepName, readonly StepName[]>> = {
  container: [],
  manifest: ['container'],
  files: ['container', 'manifest'],
  checkpoint: ['container', 'manifest'],
  tiles: ['container', 'manifest'],
  events: ['container', 'manifest', 'tiles'],
  history: ['container', 'manifest', 'tiles'],
  evidence: ['container', 'manifest', 'tiles', 'events'],
  populations: ['container', 'manifest', 'tiles', 'events', 'evidence'],
  verdicts: ['container', 'manifest', 'tiles', 'events', 'evidence'],
  coverage: ['container', 'manifest', 'tiles', 'events'],
  documents: ['container', 'manifest', 'tiles', 'events', 'coverage'],
  assessment: ['container', 'manifest', 'tiles', 'events', 'evidence'],
}

/** 0: everything holds; 1: something does not; 2: something could not be checked. */
export function exitCodeOf({ steps }: Pick<Report, 'steps'>): 0 | 1 | 2 {
  if (steps.some(({ status }) => status === 'fails')) return 1
  return steps.some(({ status }) => status === 'unchecked') ? 2 : 0
}

/** The results of the steps while they come about. The first word on a step is the last. */
export class StepResults {
  readonly #results = new Map<StepName, StepResult>()

  has(step: StepName): boolean {
    return this.#results.has(step)
  }

  holds(step: StepName, words: string): void {
    this.#set({ step, status: 'holds', words, place: {} })
  }

  unchecked(step: StepName, words: string, place: Place = {}): void {
    this.#set({ step, status: 'unchecked', words, place })
  }

  /** An error that ended a step: what does not hold, or why it cannot be told. */
  failed(step: StepName, error: unknown): void {
    if (error instanceof DoesNotHold) {
      this.#set({ step, status: 'fails', words: error.message, place: error.place })
    } else if (error instanceof NotCheckable) this.unchecked(step, error.message, error.place)
    else {
      const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
      this.unchecked(step, `The check broke off, which a sound archive does not lead to. ${why}`)
    }
  }

  isHolding(step: StepName): boolean {
    return this.#results.get(step)?.status === 'holds'
  }

  /** Works at a step; undefined where that ends it, and where it has ended before. What is synchronous stays so. */
  attempt<T>(step: StepName, work: () => T): T | undefined {
    if (this.has(step)) return undefined
    try {
      const result = work()
      if (!(result instanceof Promise)) return result
      const settled: unknown = result.catch((error: unknown) => this.failed(step, error))
      // A promise of what was promised, or of nothing.
      return settled as T
    } catch (error) {
      this.failed(step, error)
      return undefined
    }
  }

  /** Every step: those that were never come to are unchecked. */
  finish(): StepResult[] {
    for (const step of stepNames) {
      const missing = restsOn[step].find(each => !this.isHolding(each))
      this.unchecked(
        step,
        `It rests on ${stepTitles[missing ?? 'container'].toLowerCase()}, which did not hold.`,
      )
    }
    return stepNames.flatMap(step => this.#results.get(step) ?? [])
  }

  #set(result: StepResult): void {
    if (!this.#results.has(result.step)) this.#results.set(result.step, result)
  }
}
