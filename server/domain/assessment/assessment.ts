import type { z } from 'zod'
import { catalogue, controlOf } from '../control/catalogue.ts'
import { type EvidenceKind, evidenceKind } from '../evidence/kinds.ts'
import { DomainRefusal } from '../refusal.ts'
import type {
  assessmentApproved,
  assessmentEvidenceAttached,
  assessmentEvidenceDetached,
  assessmentOpened,
  assessmentPeriodChanged,
  assessmentRenamed,
  assessmentSentBack,
  assessmentSubmitted,
} from './events.ts'
import { checkPeriod, dayOf } from './period.ts'

export type AssessmentEvent =
  | { type: 'AssessmentOpened'; payload: z.infer<typeof assessmentOpened> }
  | { type: 'AssessmentRenamed'; payload: z.infer<typeof assessmentRenamed> }
  | { type: 'AssessmentPeriodChanged'; payload: z.infer<typeof assessmentPeriodChanged> }
  | { type: 'AssessmentEvidenceAttached'; payload: z.infer<typeof assessmentEvidenceAttached> }
  | { type: 'AssessmentEvidenceDetached'; payload: z.infer<typeof assessmentEvidenceDetached> }
  | { type: 'AssessmentSubmitted'; payload: z.infer<typeof assessmentSubmitted> }
  | { type: 'AssessmentSentBack'; payload: z.infer<typeof assessmentSentBack> }
  | { type: 'AssessmentApproved'; payload: z.infer<typeof assessmentApproved> }

/** An evidence row at a moment at which it was in force. */
export type Candidate = Omit<z.infer<typeof assessmentEvidenceAttached>, 'assessmentId'>

export type AssessmentCommand =
  | ({ type: 'open'; now: string } & z.infer<typeof assessmentOpened>)
  | { type: 'rename'; name: string }
  | { type: 'change_period'; periodFrom: string; periodTo: string; now: string }
  | { type: 'attach'; evidence: readonly Candidate[] }
  | { type: 'detach'; attachmentId: string; reason: string }
  | { type: 'submit'; userId: string; now: string }
  | { type: 'send_back'; userId: string; reason: string }
  | ({ type: 'approve'; userId: string } & Pick<
      z.infer<typeof assessmentApproved>,
      'checkpoint' | 'itemsSealed' | 'itemsGone'
    >)

export interface AssessmentState {
  status: 'none' | 'open' | 'submitted' | 'approved'
  assessmentId: string
  name: string
  periodFrom: string
  periodTo: string
  /** The kinds of evidence that the controls in scope rest on. */
  kinds: readonly EvidenceKind[]
  /** By the id of the attachment. */
  attached: ReadonlyMap<string, Candidate>
  submittedBy: string | null
}

export const initialAssessment: AssessmentState = {
  status: 'none',
  assessmentId: '',
  name: '',
  periodFrom: '',
  periodTo: '',
  kinds: [],
  attached: new Map(),
  submittedBy: null,
}

/** More would make an approval that nobody can read. */
export const mostAttachments = 2_000

/** Which events a command leads to. No event means that nothing changed. @throws {DomainRefusal} */
export function decideAssessment(command: AssessmentCommand, state: AssessmentState): AssessmentEvent[] {
  const { assessmentId } = state
  switch (command.type) {
    case 'open':
      return open(command, state)
    case 'rename': {
      requireOpen(state)
      const { name } = command
      return name === state.name ? [] : [{ type: 'AssessmentRenamed', payload: { assessmentId, name } }]
    }
    case 'change_period':
      return changePeriod(command, state)
    case 'attach':
      return attach(command.evidence, state)
    case 'detach': {
      requireOpen(state)
      const { attachmentId, reason } = command
      const attached = state.attached.get(attachmentId)
      if (!attached) throw new DomainRefusal('not_attached', 'This evidence is not attached any more.')
      const { evidenceId } = attached
      const payload = { assessmentId, attachmentId, evidenceId, reason }
      return [{ type: 'AssessmentEvidenceDetached', payload }]
    }
    case 'submit':
      return submit(command, state)
    case 'send_back': {
      requireSubmitted(state)
      const { userId: sentBackBy, reason } = command
      return [{ type: 'AssessmentSentBack', payload: { assessmentId, sentBackBy, reason } }]
    }
    case 'approve':
      return approve(command, state)
  }
}

export function evolveAssessment(state: AssessmentState, event: AssessmentEvent): AssessmentState {
  switch (event.type) {
    case 'AssessmentOpened': {
      const { assessmentId, name, periodFrom, periodTo, controls, catalogueVersion } = event.payload
      const kinds = kindsOf(controls, catalogueVersion)
      return { ...initialAssessment, status: 'open', assessmentId, name, periodFrom, periodTo, kinds }
    }
    case 'AssessmentRenamed':
      return { ...state, name: event.payload.name }
    case 'AssessmentPeriodChanged': {
      const { periodFrom, periodTo } = event.payload
      return { ...state, periodFrom, periodTo }
    }
    case 'AssessmentEvidenceAttached': {
      const { assessmentId: _, ...candidate } = event.payload
      return { ...state, attached: new Map(state.attached).set(candidate.attachmentId, candidate) }
    }
    case 'AssessmentEvidenceDetached': {
      const attached = new Map(state.attached)
      attached.delete(event.payload.attachmentId)
      return { ...state, attached }
    }
    case 'AssessmentSubmitted':
      return { ...state, status: 'submitted', submittedBy: event.payload.submittedBy }
    case 'AssessmentSentBack':
      return { ...state, status: 'open', submittedBy: null }
    case 'AssessmentApproved':
      return { ...state, status: 'approved' }
  }
}

/** Whether somebody may approve what was submitted. @throws {DomainRefusal} */
export function requireApprovable(state: AssessmentState, userId: string): void {
  requireSubmitted(state)
  if (userId === state.submittedBy) {
    throw new DomainRefusal(
      'self_approval',
      'You submitted this assessment. Another compliance lead, admin or owner has to approve it.',
    )
  }
  if (state.attached.size === 0) throw withoutEvidence()
}

/** The kinds of evidence that controls of a catalogue rest on. @throws {RangeError} for a control that is not in it */
export function kindsOf(controls: readonly string[], catalogueVersion: number): EvidenceKind[] {
  const from = catalogue(catalogueVersion)
  return [...new Set(controls.flatMap(id => controlOf(from, id).evidence))]
}

function open(
  { type: _, now, ...payload }: Extract<AssessmentCommand, { type: 'open' }>,
  state: AssessmentState,
): AssessmentEvent[] {
  if (state.status !== 'none') throw new DomainRefusal('opened_before', 'This assessment exists already.')
  const known = catalogue(payload.catalogueVersion).controls.map(({ id }): string => id)
  if (payload.controls.length === 0) {
    throw new DomainRefusal('no_controls', 'An assessment needs at least one control in its scope.')
  }
  const unknown = payload.controls.find(id => !known.includes(id))
  if (unknown) {
    throw new DomainRefusal(
      'unknown_control',
      `There is no control ${unknown} in the catalogue that is in force.`,
    )
  }
  checkPeriod(payload, now)
  return [{ type: 'AssessmentOpened', payload }]
}

function changePeriod(
  { periodFrom, periodTo, now }: Extract<AssessmentCommand, { type: 'change_period' }>,
  state: AssessmentState,
): AssessmentEvent[] {
  requireOpen(state)
  checkPeriod({ periodFrom, periodTo }, now)
  const { assessmentId, attached } = state
  const outside = [...attached.values()].filter(({ instant }) => instant < periodFrom || instant > periodTo)
  if (outside.length > 0) {
    throw new DomainRefusal(
      'evidence_outside',
      `${outside.length} of the attached evidence would lie outside that period. Detach it first.`,
    )
  }
  if (periodFrom === state.periodFrom && periodTo === state.periodTo) return []
  return [{ type: 'AssessmentPeriodChanged', payload: { assessmentId, periodFrom, periodTo } }]
}

function attach(evidence: readonly Candidate[], state: AssessmentState): AssessmentEvent[] {
  requireOpen(state)
  const { assessmentId, attached, kinds } = state
  for (const { instant, kind } of evidence) {
    requireWithin(state, instant)
    if (!kinds.includes(kind)) {
      throw new DomainRefusal(
        'serves_no_control',
        `${evidenceKind(kind).title} serves none of the controls in this assessment’s scope.`,
      )
    }
  }
  const known = new Set([...attached.values()].map(placeOf))
  const added = evidence.filter(candidate => !known.has(placeOf(candidate)))
  if (attached.size + added.length > mostAttachments) {
    throw new DomainRefusal(
      'too_much_evidence',
      `An assessment holds at most ${mostAttachments} attached rows of evidence. Choose fewer instants.`,
    )
  }
  return added.map(candidate => ({
    type: 'AssessmentEvidenceAttached',
    payload: { assessmentId, ...candidate },
  }))
}

/** Whether evidence may be attached as of an instant. @throws {DomainRefusal} */
export function requireWithin(
  { periodFrom, periodTo }: Pick<AssessmentState, 'periodFrom' | 'periodTo'>,
  instant: string,
): void {
  if (instant >= periodFrom && instant <= periodTo) return
  throw new DomainRefusal(
    'outside_period',
    `${dayOf(instant)} lies outside the period ${dayOf(periodFrom)} to ${dayOf(periodTo)}. Attach evidence as of a moment within it, or change the period.`,
  )
}

/** The same row at the same moment is attached once. */
const placeOf = ({ evidenceId, position }: Candidate) => `${evidenceId} ${position}`

function submit(
  { userId, now }: Extract<AssessmentCommand, { type: 'submit' }>,
  state: AssessmentState,
): AssessmentEvent[] {
  if (state.status === 'submitted') {
    throw new DomainRefusal(
      'submitted_before',
      'This assessment is submitted already and waits for approval.',
    )
  }
  requireOpen(state)
  if (now <= state.periodTo) {
    throw new DomainRefusal(
      'period_runs',
      `The period runs until ${dayOf(state.periodTo)}. Submit when it is over, or end it earlier.`,
    )
  }
  const { assessmentId, attached } = state
  if (attached.size === 0) throw withoutEvidence()
  const payload = { assessmentId, submittedBy: userId, attachments: attached.size }
  return [{ type: 'AssessmentSubmitted', payload }]
}

function approve(
  { userId, checkpoint, itemsSealed, itemsGone }: Extract<AssessmentCommand, { type: 'approve' }>,
  state: AssessmentState,
): AssessmentEvent[] {
  requireApprovable(state, userId)
  const { assessmentId, attached } = state
  return [
    {
      type: 'AssessmentApproved',
      payload: {
        assessmentId,
        approvedBy: userId,
        checkpoint,
        attachments: attached.size,
        itemsSealed,
        itemsGone,
      },
    },
  ]
}

function requireOpen({ status }: AssessmentState): void {
  if (status === 'open') return
  throw status === 'submitted'
    ? new DomainRefusal(
        'submitted',
        'This assessment is submitted and cannot be changed. It can be sent back with a reason.',
      )
    : sealed()
}

function requireSubmitted({ status }: AssessmentState): void {
  if (status === 'submitted') return
  throw status === 'open'
    ? new DomainRefusal('not_submitted', 'This assessment is open. It has to be submitted first.')
    : sealed()
}

const sealed = () =>
  new DomainRefusal('sealed', 'This assessment is approved and sealed: nothing about it can change any more.')

const withoutEvidence = () =>
  new DomainRefusal('no_evidence', 'No evidence is attached. Attach what the controls rest on first.')
