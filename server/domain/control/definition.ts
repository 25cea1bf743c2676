import type { EvidenceKind } from '../evidence/kinds.ts'

/** Every control that some version of the catalogue judges. */
export const controlIds = [
  'AC-01',
  'AC-02',
  'AC-03',
  'AC-04',
  'AC-05',
  'AC-08',
  'AC-10',
  'AC-11',
  'AC-12',
  'AC-13',
  'AC-14',
  'AC-15',
  'AC-16',
] as const
export type ControlId = (typeof controlIds)[number]

/** Decisions by people that a rule may look at besides evidence. */
export const decisionKinds = [
  'exceptions',
  'classes',
  'administrators',
  'acknowledgements',
  'settlements',
  'guestReview',
] as const
export type DecisionKind = (typeof decisionKinds)[number]

export const thresholdIds = [
  'unclassed_days',
  'silent_days',
  'administrators',
  'guest_review_days',
  'acknowledge_days',
  'settle_high_hours',
  'settle_medium_hours',
] as const
export type ThresholdId = (typeof thresholdIds)[number]

/** A number in a rule that an organization may set within a range. */
export interface Threshold {
  readonly id: ThresholdId
  readonly controlId: ControlId
  /** What the number limits, in words. */
  readonly title: string
  readonly default: number
  readonly minimum: number
  readonly maximum: number
  readonly unit: 'days' | 'hours' | 'accounts'
}

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
  /** The decisions that the rule looks at. Without it the rule is of a version that knew of none. */
  readonly heeds?: readonly DecisionKind[]
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
  /** What an organization may set; without it the version had nothing to set. */
  readonly thresholds?: readonly Threshold[]
  readonly waiting: readonly WaitingControl[]
}
