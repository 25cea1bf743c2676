import type { EvidenceKind } from '../evidence/kinds.ts'

export const controlIds = ['AC-02', 'AC-03', 'AC-04', 'AC-05', 'AC-14', 'AC-16'] as const
export type ControlId = (typeof controlIds)[number]

export interface Criterion {
  readonly id: string
  /** In our own words. */
  readonly name: string
}

export interface ControlDefinition {
  readonly id: ControlId
  /** Criteria by id; the first is where a matrix shows the control. */
  readonly criteria: readonly string[]
  readonly title: string
  readonly shortTitle: string
  /** What passes, in words. */
  readonly rule: string
  /** What the rule looks at, in words. */
  readonly population: string
  /** Every kind that must be fresh for a pass, unless the source settled that it does not offer it. */
  readonly evidence: readonly EvidenceKind[]
  /** A rule over a period looks at the trailing days at the asked instant; null for a rule about the instant. */
  readonly trailingDays: number | null
}

/** A control that is named, and cannot be judged before a further source is read. */
export interface WaitingControl {
  readonly id: string
  readonly criteria: readonly string[]
  readonly title: string
  readonly needs: string
}

export interface Catalogue {
  readonly version: number
  readonly criteria: readonly Criterion[]
  readonly controls: readonly ControlDefinition[]
  readonly waiting: readonly WaitingControl[]
}
