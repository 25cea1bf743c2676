import type { ControlDefinition } from '../../domain/control/definition.ts'
import { explainReason, verdictWords } from '../../domain/control/words.ts'
import type { ControlCoverage } from '../../domain/coverage/coverage.ts'
import type { Findings } from '../findings.ts'
import { madeByTool } from './components.ts'
import type { IdMaker } from './identifiers.ts'
import type { EvidenceObservation } from './observations.ts'
import { properties } from './properties.ts'
import type { ExceptionRisk } from './risks.ts'

/**
 * A finding for each control that failed, or passed on evidence that still counts; for each other control an observation
 * that says why there is none: OSCAL's finding must be satisfied or not, and these are neither.
 */
export function controlFindings(
  findings: Findings,
  id: IdMaker,
  beside: Beside,
): { findings: object[]; withoutConclusion: object[] } {
  const { catalogue, coverage } = findings.known
  const judged = catalogue.controls.flatMap(control => {
    const judgement = coverage.controls.find(each => each.controlId === control.id)
    return judgement ? [{ control, judgement }] : []
  })
  return {
    findings: judged.flatMap(({ control, judgement }) => {
      const status = statusOf(judgement)
      return status ? [findingOf(id, control, judgement, status, beside)] : []
    }),
    withoutConclusion: judged
      .filter(({ judgement }) => statusOf(judgement) === null)
      .map(({ control, judgement }) => openObservation(findings, id, control, judgement)),
  }
}

/** What findings refer to. */
interface Beside {
  readonly evidence: readonly EvidenceObservation[]
  readonly risks: readonly ExceptionRisk[]
}

interface Status {
  readonly state: 'satisfied' | 'not-satisfied'
  readonly reason: 'pass' | 'fail'
}

function statusOf({ verdict, freshness }: ControlCoverage): Status | null {
  if (verdict === 'fail') return { state: 'not-satisfied', reason: 'fail' }
  const isCurrent = freshness === 'fresh' || freshness === 'stale'
  return verdict === 'pass' && isCurrent ? { state: 'satisfied', reason: 'pass' } : null
}

function findingOf(
  id: IdMaker,
  control: ControlDefinition,
  judgement: ControlCoverage,
  status: Status,
  { evidence, risks }: Beside,
): object {
  const borne = risks.filter(({ controlId }) => controlId === control.id)
  const related = evidence.filter(each => control.evidence.includes(each.kind))
  return {
    uuid: id('control', control.id),
    title: `${control.id} ${control.title}`,
    description: wordsOf(judgement),
    props: judgementProps(control, judgement),
    origins: madeByTool(id),
    target: { type: 'objective-id', 'target-id': control.id, title: control.title, status },
    ...(related.length > 0
      ? { 'related-observations': related.map(each => ({ 'observation-uuid': each.uuid })) }
      : {}),
    ...(borne.length > 0
      ? { 'related-risks': borne.map(({ exceptionId }) => ({ 'risk-uuid': id('exception', exceptionId) })) }
      : {}),
  }
}

function openObservation(
  { scope, evidence }: Findings,
  id: IdMaker,
  control: ControlDefinition,
  judgement: ControlCoverage,
): object {
  const said =
    judgement.verdict === 'pass'
      ? 'Passed on evidence that has expired'
      : verdictWords(judgement.verdict, judgement.reasons)
  const subjects = evidence.map(({ sourceId }) => ({ 'subject-uuid': sourceId, type: 'component' }))
  return {
    uuid: id('control', control.id),
    title: `${control.id} ${control.title}: no conclusion`,
    description: `${said}. ${wordsOf(judgement)}`,
    props: judgementProps(control, judgement),
    methods: ['UNKNOWN'],
    types: ['control-objective'],
    origins: madeByTool(id),
    ...(subjects.length > 0 ? { subjects } : {}),
    collected: scope.asOf.instant.toISOString(),
  }
}

const judgementProps = (control: ControlDefinition, { verdict, freshness, score }: ControlCoverage) =>
  properties({
    'control-id': control.id,
    criteria: control.criteria.join(' '),
    verdict,
    freshness,
    'coverage-score': score,
  })

/** What made the verdict, in sentences; objects of the directory by their ids. */
const wordsOf = ({ reasons }: ControlCoverage) =>
  reasons.map(reason => explainReason(reason).text).join(' ') || 'No reason was recorded.'
