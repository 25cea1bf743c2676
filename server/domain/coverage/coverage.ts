import type { Catalogue, ControlDefinition, ControlId } from '../control/definition.ts'
import type { Reason, Verdict } from '../control/judgement.ts'
import { reason } from '../control/reason.ts'
import { type TimedVerdict, verdictAt, worstVerdict } from '../control/verdict.ts'
import { controlFreshness, type Freshness, type KindEvidence, oldest } from './freshness.ts'

/** One connected directory that is in scope, as it was known at the asked instant. */
export interface CoverageSource {
  readonly sourceId: string
  readonly evidence: readonly KindEvidence[]
  /** At most one per control; a control without one is no data. */
  readonly verdicts: readonly (TimedVerdict & { readonly controlId: string })[]
}

export interface CoverageInput {
  readonly catalogue: Catalogue
  /** The directories that count. */
  readonly sources: readonly CoverageSource[]
  /** Controls that the organization took out of scope: they are no part of the answer. */
  readonly outOfScope?: ReadonlySet<string>
  readonly at: Date
}

export interface ControlCoverage {
  readonly controlId: ControlId
  readonly verdict: Verdict
  readonly freshness: Freshness
  /** 1 for pass and fresh, ½ for pass and stale, 0 for anything else. */
  readonly score: 1 | 0.5 | 0
  readonly reasons: readonly (Reason & { readonly sourceId: string | null })[]
}

export const coverageParts = [
  'passFresh',
  'passStale',
  'passExpired',
  'fail',
  'notTestable',
  'noData',
] as const

/** How many controls there are of each sort; together they are all in scope. */
export type CoverageParts = { readonly [part in (typeof coverageParts)[number]]: number }

export interface CoverageShare {
  /** 0 to 100 with one decimal; 0 where nothing is in scope. */
  readonly percent: number
  readonly parts: CoverageParts
}

export interface Coverage extends CoverageShare {
  readonly at: Date
  /** Those in scope, in the catalogue's order. */
  readonly controls: readonly ControlCoverage[]
  /** Criteria with at least one control in scope, in the catalogue's order. */
  readonly criteria: readonly (CoverageShare & {
    readonly criterion: string
    readonly controlIds: readonly ControlId[]
  })[]
}

/** How much of the catalogue's controls fresh evidence carries at an instant: a function of what was known then. */
export function coverage(input: CoverageInput): Coverage {
  const { catalogue, at } = input
  const inScope = controlsInScope(input)
  const controls = inScope.map(control => controlCoverage(control, input.sources, at))
  const criteria = catalogue.criteria.flatMap(({ id }) => {
    const controlIds = inScope.filter(control => control.criteria.includes(id)).map(control => control.id)
    const mapped = controls.filter(control => controlIds.includes(control.controlId))
    return mapped.length === 0 ? [] : [{ criterion: id, controlIds, ...shareOf(mapped) }]
  })
  return { at, controls, criteria, ...shareOf(controls) }
}

/** The share alone, without what it is made of. */
export const coverageShare = (input: CoverageInput): CoverageShare =>
  shareOf(controlsInScope(input).map(control => controlCoverage(control, input.sources, input.at)))

const controlsInScope = ({ catalogue, outOfScope }: CoverageInput) =>
  catalogue.controls.filter(({ id }) => outOfScope?.has(id) !== true)

/** Over several sources the worst verdict and the oldest evidence count. */
function controlCoverage(
  control: ControlDefinition,
  sources: readonly CoverageSource[],
  at: Date,
): ControlCoverage {
  const perSource = sources.map(source => {
    const recorded = source.verdicts.find(each => each.controlId === control.id)
    const { verdict, reasons } =
      recorded === undefined
        ? { verdict: 'no_data' as const, reasons: [reason('not_evaluated', 'no_data')] }
        : verdictAt(recorded, at)
    return {
      verdict,
      reasons: reasons.map(each => ({ ...each, sourceId: source.sourceId })),
      freshness: controlFreshness(control.evidence, source.evidence, at),
    }
  })
  const verdict = worstVerdict(perSource.map(each => each.verdict))
  const age = oldest(perSource.map(each => each.freshness))
  const reasons =
    sources.length === 0
      ? [{ ...reason('no_connection', 'no_data'), sourceId: null }]
      : perSource.flatMap(each => each.reasons)
  return { controlId: control.id, verdict, freshness: age, score: scoreOf(verdict, age), reasons }
}

function scoreOf(verdict: Verdict, age: Freshness): ControlCoverage['score'] {
  if (verdict !== 'pass') return 0
  if (age === 'fresh') return 1
  return age === 'stale' ? 0.5 : 0
}

function shareOf(controls: readonly ControlCoverage[]): CoverageShare {
  const passing = controls.filter(control => control.verdict === 'pass')
  const passFresh = passing.filter(control => control.freshness === 'fresh').length
  const passStale = passing.filter(control => control.freshness === 'stale').length
  const having = (verdict: Verdict) => controls.filter(control => control.verdict === verdict).length
  return {
    percent: percentOf(2 * passFresh + passStale, 2 * controls.length),
    parts: {
      passFresh,
      passStale,
      passExpired: passing.length - passFresh - passStale,
      fail: having('fail'),
      notTestable: having('not_testable'),
      noData: having('no_data'),
    },
  }
}

/** Rounded half up to one decimal in whole numbers: no binary fraction ever decides a digit. */
function percentOf(part: number, whole: number): number {
  if (whole === 0) return 0
  return Math.floor((2000 * part + whole) / (2 * whole)) / 10
}
