import type { AccountClass } from '../../domain/account/class.ts'
import type { AlertCause, AlertKind } from '../../domain/alert/causes.ts'
import type { Resolution } from '../../domain/alert/events.ts'
import type { ThresholdId } from '../../domain/control/definition.ts'
import type { Population, Reason, Verdict } from '../../domain/control/judgement.ts'
import type { EventPayload } from '../../domain/events.ts'
import type { Cadence, EvidenceKind, UnavailableReason } from '../../domain/evidence/kinds.ts'
import type { ExceptionRecord } from '../../domain/exception/exceptions-at.ts'
import type { ExceptionSubject } from '../../domain/exception/subject.ts'
import type { Role } from '../../domain/member/roles.ts'

/*
 * The rows that events fold into, of one organization. Hashes are lower-case hexadecimal; what is derived from bodies
 * (names in lists) is no part of them, so that they can be told from events and deltas alone.
 */

/** The positions over which a row held: from the first, up to and without the last; null while nothing has ended it. */
export interface Range {
  readonly fromPosition: number
  readonly toPosition: number | null
}

export interface OrganizationProfileRow extends Range {
  readonly name: string
  readonly slug: string
  readonly simulated: boolean
  readonly catalogueVersion: number
  readonly retentionYears: number
  readonly isSecondFactorRequired: boolean
  readonly deletesAt: Date | null
  readonly deletedAt: Date | null
  readonly kmsKeyId: string | null
}

export interface MemberRow extends Range {
  readonly userId: string
  readonly role: Role
  /** An auditor's grant: the period that can be seen, and when access ends. */
  readonly periodFrom: Date | null
  readonly periodTo: Date | null
  readonly expiresAt: Date | null
  /** The assessments that the grant is bound to; none where it is bound to its period alone. */
  readonly assessments: readonly string[]
  readonly since: Date
}

type Connected = EventPayload<'ConnectionConnected'>
type Attention = Omit<EventPayload<'ReauthorizationRequired'>, 'connectionId'>

export interface ConnectionRow extends Range, Omit<Connected, 'connectionId'> {
  readonly id: string
  readonly status: 'connected' | 'needs_attention' | 'revoked'
  readonly attention: Attention | null
  readonly connectedAt: Date
  readonly authorizedAt: Date
  readonly revokedAt: Date | null
}

export interface RunRow {
  readonly id: string
  readonly connectionId: string
  readonly sourceId: string
  readonly trigger: EventPayload<'SyncStarted'>['trigger']
  /** As the kinds that it was due to read have it. */
  readonly cadence: Cadence
  readonly startedPosition: number
  readonly startedAt: Date
  readonly finishedPosition: number | null
  readonly finishedAt: Date | null
  readonly outcome: 'succeeded' | 'partly' | 'failed' | null
  readonly explanation: string | null
  readonly kinds: Readonly<Record<string, RunKind>>
}

export interface RunKind {
  readonly outcome: 'collected' | 'reaffirmed' | 'unavailable'
  readonly items?: number
  readonly reason?: UnavailableReason
}

export interface KindStatusRow extends Range {
  readonly sourceId: string
  readonly kind: EvidenceKind
  readonly connectionId: string
  readonly runId: string
  readonly at: Date
  readonly outcome: 'collected' | 'reaffirmed' | 'unavailable'
  readonly reason: UnavailableReason | null
  readonly explanation: string | null
  readonly evidenceId: string | null
  readonly fingerprint: string | null
  readonly itemCount: number | null
  readonly lastSuccessAt: Date | null
  readonly licenceAnswers: number
}

export interface SuccessChainRow {
  readonly sourceId: string
  readonly kind: EvidenceKind
  readonly firstAt: Date
  readonly lastAt: Date
}

export interface MembershipRow extends Range {
  readonly sourceId: string
  readonly kind: EvidenceKind
  readonly subjectKey: string
  readonly itemHash: string
}

export interface VerdictRow extends Range {
  readonly controlId: string
  readonly sourceId: string
  readonly connectionId: string
  readonly at: Date
  readonly toAt: Date | null
  readonly verdict: Verdict
  readonly reasons: readonly Reason[]
  readonly population: Population
  readonly changes: EventPayload<'ControlEvaluated'>['changes']
  readonly inputs: string
  readonly catalogueVersion: number
}

export interface AssessmentRow extends Range {
  readonly id: string
  readonly name: string
  readonly periodFrom: Date
  readonly periodTo: Date
  readonly controls: readonly string[]
  readonly catalogueVersion: number
  readonly status: 'open' | 'submitted' | 'approved'
  /** By whom, as the event's actor says it. */
  readonly openedBy: string
  readonly openedAt: Date
  readonly submittedBy: string | null
  readonly submittedAt: Date | null
  /** Why it was sent back; null once it is submitted again. */
  readonly sentBackReason: string | null
  readonly approvedBy: string | null
  readonly approvedAt: Date | null
  readonly checkpointSize: number | null
  readonly checkpointRoot: string | null
  readonly itemsSealed: number | null
  readonly itemsGone: number | null
}

export interface AssessmentEvidenceRow extends Range {
  readonly assessmentId: string
  readonly attachmentId: string
  readonly evidenceId: string
  readonly sourceId: string
  readonly kind: EvidenceKind
  readonly fingerprint: string
  readonly itemCount: number
  /** The moment at which it was in force, as the pair of both. */
  readonly instant: Date
  readonly atPosition: number
}

export interface SampleRow extends Range {
  readonly id: string
  readonly assessmentId: string
  readonly controlId: string
  readonly attachmentId: string
  readonly populationCount: number
  readonly populationRoot: string
  readonly size: number
  readonly seed: string
  readonly algorithm: number
  readonly drawnBy: string
  readonly drawnAt: Date
}

/** What an organization set in the place of a default. */
export interface ThresholdRow extends Range {
  readonly thresholdId: ThresholdId
  readonly value: number
  readonly at: Date
  readonly actor: string
}

/** A control, or a directory, while it does not count for coverage. */
export interface OutOfScopeRow extends Range {
  readonly what: 'control' | 'source'
  readonly id: string
  readonly reason: string
  readonly at: Date
  readonly toAt: Date | null
  readonly actor: string
}

/** The last word on an account's class; without one where it was withdrawn. */
export interface AccountClassRow extends Range {
  readonly sourceId: string
  readonly subjectKey: string
  readonly class: AccountClass | null
  readonly ownerId: string | null
  readonly reason: string
  readonly expiresAt: Date | null
  readonly at: Date
  readonly actor: string
}

export interface AdministratorRow extends Range {
  readonly sourceId: string
  readonly subjectKey: string
  readonly reason: string
  readonly at: Date
  readonly actor: string
}

export interface ExceptionRow extends Range, Omit<ExceptionRecord, 'subject'> {
  readonly subjectKind: ExceptionSubject['kind']
  readonly subjectId: string
  readonly reason: string
  readonly ownerId: string
  readonly requestedBy: string
  readonly requestedAt: Date
  readonly decidedBy: string | null
  readonly decidedAt: Date | null
  readonly decisionReason: string | null
}

export interface AlertRow extends Range {
  readonly id: string
  readonly kind: AlertKind
  /** The cause with what it is about, as one word. */
  readonly subject: string
  readonly cause: AlertCause
  readonly since: Date
  /** The position of the event that it followed from. */
  readonly causedAt: number
  readonly raisedAt: Date
  readonly isOpen: boolean
  readonly reminders: number
  readonly remindedAt: Date | null
  readonly acknowledgedAt: Date | null
  readonly acknowledgedBy: string | null
  readonly resolvedAt: Date | null
  readonly because: Resolution | null
}

/** An erasure that holds; `completedAt` is null while contents are still being removed. */
export interface ErasureRow extends Range {
  readonly subjectKey: string
  readonly reason: string
  readonly at: Date
  readonly actor: string
  readonly completedAt: Date | null
}

export interface ReviewRow extends Range {
  readonly sourceId: string
  readonly kind: 'policy_change' | 'sign_in' | 'guests'
  /** Evidence, a sign-in's subject key, or the source itself. */
  readonly subjectId: string
  /** The instant that counts: of the event, or the earlier one at which something was settled elsewhere. */
  readonly doneAt: Date
  readonly outcome: string | null
  readonly note: string | null
  /** Of a list of guests: where it stood, how many it had, and its fingerprint. */
  readonly listPosition: number | null
  readonly listCount: number | null
  readonly listFingerprint: string | null
  readonly at: Date
  readonly actor: string
}

/** Every projection by name, with its rows. */
export interface ProjectionRows {
  readonly organizationProfile: OrganizationProfileRow
  readonly member: MemberRow
  readonly connection: ConnectionRow
  readonly run: RunRow
  readonly kindStatus: KindStatusRow
  readonly successChain: SuccessChainRow
  readonly membership: MembershipRow
  readonly verdict: VerdictRow
  readonly alert: AlertRow
  readonly assessment: AssessmentRow
  readonly assessmentEvidence: AssessmentEvidenceRow
  readonly sample: SampleRow
  readonly threshold: ThresholdRow
  readonly outOfScope: OutOfScopeRow
  readonly accountClass: AccountClassRow
  readonly administrator: AdministratorRow
  readonly exception: ExceptionRow
  readonly erasure: ErasureRow
  readonly review: ReviewRow
}

export type ProjectionName = keyof ProjectionRows
