import {
  type AssessmentCommand,
  type AssessmentEvent,
  type AssessmentState,
  decideAssessment,
  evolveAssessment,
  initialAssessment,
} from '../domain/assessment/assessment.ts'
import { AppError, notFound } from '../errors.ts'
import type { Unit } from '../ledger/ledger.ts'
import type { RecordedEvent } from '../ledger/recorded-event.ts'

/** An assessment as its stream tells it: the version to decide on, and the position of its newest event. */
export interface LoadedAssessment {
  readonly state: AssessmentState
  readonly version: number
  readonly position: number
}

/** @throws {AppError} not_found */
export async function loadAssessment(unit: Unit, assessmentId: string): Promise<LoadedAssessment> {
  const recorded = await unit.load(assessmentId)
  const [first] = recorded
  // The id of another stream is no assessment's.
  if (first?.type !== 'AssessmentOpened') throw notFound('assessment')
  const state = recorded.map(assessmentEvent).reduce(evolveAssessment, initialAssessment)
  return { state, version: recorded.length, position: recorded.at(-1)?.position ?? -1 }
}

/** Decides and appends. @throws {VersionConflict} where the assessment moved on meanwhile */
export async function commandAssessment(
  unit: Unit,
  { state, version }: Pick<LoadedAssessment, 'state' | 'version'>,
  command: AssessmentCommand,
): Promise<RecordedEvent[]> {
  const id = command.type === 'open' ? command.assessmentId : state.assessmentId
  return unit.append({ type: 'assessment', id }, version, decideAssessment(command, state))
}

function assessmentEvent(event: RecordedEvent): AssessmentEvent {
  switch (event.type) {
    case 'AssessmentOpened':
    case 'AssessmentRenamed':
    case 'AssessmentPeriodChanged':
    case 'AssessmentEvidenceAttached':
    case 'AssessmentEvidenceDetached':
    case 'AssessmentSubmitted':
    case 'AssessmentSentBack':
    case 'AssessmentApproved':
      return event
    default:
      throw new AppError('internal', `${event.type} in an assessment's stream`)
  }
}
