import { type AssessmentEvent, evolveAssessment, initialAssessment } from '../domain/assessment/assessment.ts'
import { rankedText } from '../domain/assessment/sample.ts'
import type { EventPayload } from '../domain/events.ts'
import { canonicalText, sha256Hex } from '../ledger/canonical.ts'
import type { RecordedEvent } from '../ledger/recorded-event.ts'

/** The subject keys of a sample in the order of their ranks; null where contents were removed since. */
export type DrawnKeys = ReadonlyMap<string, readonly string[] | null>

/**
 * An assessment as its events tell it, canonical JSON: what is attached, who decided what and when, and the samples with
 * whom they hold.
 * @param events of the assessment and its samples, oldest first
 */
export function assessmentJson(events: readonly RecordedEvent[], drawn: DrawnKeys): string {
  const own = events.filter(isAssessmentEvent)
  const state = own.reduce(evolveAssessment, initialAssessment)
  const opened = own.find(event => event.type === 'AssessmentOpened')?.payload
  return canonicalText({
    assessmentId: state.assessmentId,
    attachments: [...state.attached.values()].sort((one, other) =>
      one.attachmentId < other.attachmentId ? -1 : 1,
    ),
    catalogueVersion: opened?.catalogueVersion ?? null,
    controls: opened?.controls ?? [],
    decisions: own.filter(isDecision).map(({ type, recordedAt, position, payload }) => {
      const { assessmentId: _, ...said } = payload
      return { at: recordedAt.toISOString(), position, type, ...said }
    }),
    name: state.name,
    period: { from: state.periodFrom, to: state.periodTo },
    samples: events.filter(isSample).map(({ payload, recordedAt, position, actor }) => {
      const { assessmentId: _, ...said } = payload
      return {
        ...said,
        drawn: drawn.get(payload.sampleId)?.map(key => ranked(payload, key)) ?? null,
        drawnAt: recordedAt.toISOString(),
        drawnBy: actor,
        recordedPosition: position,
      }
    }),
    status: state.status,
  })
}

const ranked = ({ seed }: EventPayload<'SampleDrawn'>, subjectKey: string) => ({
  rank: sha256Hex(rankedText(seed, subjectKey)),
  subjectKey,
})

type Decision = Extract<
  AssessmentEvent,
  { type: 'AssessmentSubmitted' | 'AssessmentSentBack' | 'AssessmentApproved' }
>

const isDecision = (event: RecordedEvent): event is RecordedEvent & Decision =>
  event.type === 'AssessmentSubmitted' ||
  event.type === 'AssessmentSentBack' ||
  event.type === 'AssessmentApproved'

export const isSample = (event: RecordedEvent): event is Extract<RecordedEvent, { type: 'SampleDrawn' }> =>
  event.type === 'SampleDrawn'

export const isAssessmentEvent = (event: RecordedEvent): event is RecordedEvent & AssessmentEvent =>
  event.type.startsWith('Assessment')
