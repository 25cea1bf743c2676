import type { AccountClass } from '../account/class.ts'
import { type ExceptionRecord, exceptionsAt } from '../exception/exceptions-at.ts'
import { type ExceptionSubject, subjectText } from '../exception/subject.ts'
import type { Catalogue, ControlDefinition, DecisionKind, ThresholdId } from './definition.ts'
import { byCodeUnit } from './reason.ts'

/** What people decided and a rule may look at besides evidence, for one source, as it stands at one position. */
export interface ControlDecisions {
  /** In force, by id: what the organization set, or the catalogue's default. */
  readonly thresholds: ReadonlyMap<ThresholdId, number>
  /** Of every account that was ever declared the last word on it, by subject key. */
  readonly classes: ReadonlyMap<string, DeclaredClass>
  readonly exceptions: readonly ExceptionRecord[]
  /** Subject keys on the approved list. */
  readonly administrators: ReadonlySet<string>
  /** Changes of the policies that somebody acknowledged, by the evidence that brought them. */
  readonly acknowledgements: ReadonlyMap<string, { readonly at: Date }>
  /** Risky sign-ins that somebody settled, by subject key. */
  readonly settlements: ReadonlyMap<string, { readonly at: Date }>
  /** When the list of guests was reviewed last. */
  readonly guestReview: { readonly at: Date } | null
}

export interface DeclaredClass {
  /** Null where the declaration was withdrawn. */
  readonly class: AccountClass | null
  /** When the declaration ends by itself. */
  readonly expiresAt: Date | null
  /** When it was declared or withdrawn. */
  readonly at: Date
}

/** Nothing was decided: defaults alone. */
export function noDecisions({ thresholds = [] }: Pick<Catalogue, 'thresholds'>): ControlDecisions {
  return {
    thresholds: new Map(thresholds.map(({ id, default: value }) => [id, value])),
    classes: new Map(),
    exceptions: [],
    administrators: new Set(),
    acknowledgements: new Map(),
    settlements: new Map(),
    guestReview: null,
  }
}

/**
 * What one control's rule is given of the decisions: those that its definition says it heeds, and its own exceptions.
 * The fingerprint of its inputs is over the same, so that no rule looks at what its fingerprint leaves out.
 */
export function heededDecisions(
  catalogue: Catalogue,
  control: ControlDefinition,
  decisions: ControlDecisions,
): ControlDecisions {
  const none = noDecisions({ thresholds: [] })
  const heeds = (kind: DecisionKind) => control.heeds?.includes(kind) === true
  const own = (catalogue.thresholds ?? []).filter(({ controlId }) => controlId === control.id)
  return {
    thresholds: new Map(own.map(each => [each.id, decisions.thresholds.get(each.id) ?? each.default])),
    classes: heeds('classes') ? decisions.classes : none.classes,
    exceptions: heeds('exceptions')
      ? decisions.exceptions.filter(({ controlId }) => controlId === control.id)
      : [],
    administrators: heeds('administrators') ? decisions.administrators : none.administrators,
    acknowledgements: heeds('acknowledgements') ? decisions.acknowledgements : none.acknowledgements,
    settlements: heeds('settlements') ? decisions.settlements : none.settlements,
    guestReview: heeds('guestReview') ? decisions.guestReview : null,
  }
}

/** @throws {RangeError} for a threshold that the control does not have */
export function thresholdIn({ thresholds }: Pick<ControlDecisions, 'thresholds'>, id: ThresholdId): number {
  const value = thresholds.get(id)
  if (value === undefined) throw new RangeError(`The control has no threshold ${id}`)
  return value
}

/** The same as plain values in an order of their own, for a fingerprint. */
export function decisionsText(decisions: ControlDecisions): object {
  const approved = decisions.exceptions.filter(({ decision }) => decision === 'approved')
  const instants = (map: ReadonlyMap<string, { readonly at: Date }>) =>
    inOrder([...map].map(([key, { at }]) => [key, at.toISOString()]))
  return {
    thresholds: inOrder([...decisions.thresholds]),
    classes: inOrder(
      [...decisions.classes].map(([key, declared]) => [
        key,
        declared.class,
        declared.expiresAt?.toISOString() ?? null,
        declared.at.toISOString(),
      ]),
    ),
    exceptions: inOrder(
      approved.map(each => [each.exceptionId, subjectText(each.subject), each.expiresAt.toISOString()]),
    ),
    administrators: [...decisions.administrators].sort(byCodeUnit),
    acknowledgements: instants(decisions.acknowledgements),
    settlements: instants(decisions.settlements),
    guestReview: decisions.guestReview?.at.toISOString() ?? null,
  }
}

const inOrder = <T extends readonly [string, ...unknown[]]>(rows: readonly T[]): T[] =>
  [...rows].sort(([one], [other]) => byCodeUnit(one, other))

/** What approved exceptions leave out of one control at an instant. */
export interface Excepted {
  isExcepted(subject: ExceptionSubject): boolean
}

export function exceptedAt(exceptions: readonly ExceptionRecord[], at: Date): Excepted {
  const inForce = new Set(
    exceptionsAt(exceptions, at)
      .filter(({ state }) => state === 'in_force')
      .map(({ subject }) => subjectText(subject)),
  )
  return { isExcepted: subject => inForce.has(subjectText(subject)) }
}

/** Nothing is excepted. */
export const nothingExcepted: Excepted = { isExcepted: () => false }

/** The instants after `at` at which decisions end by themselves, the next ones, in order. */
export function comingEnds({ exceptions, classes }: ControlDecisions, at: Date): Date[] {
  const ends = [
    ...exceptions.flatMap(({ decision, expiresAt }) => (decision === 'approved' ? [expiresAt] : [])),
    ...[...classes.values()].flatMap(declared =>
      declared.class !== null && declared.expiresAt ? [declared.expiresAt] : [],
    ),
  ]
  const later = ends.map(end => end.getTime()).filter(end => end > at.getTime())
  return [...new Set(later)]
    .sort((one, other) => one - other)
    .slice(0, maximumEnds)
    .map(end => new Date(end))
}

/** How many coming ends are looked ahead: every run looks again. */
const maximumEnds = 50
