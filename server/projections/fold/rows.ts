import type { Population, Reason, Verdict } from '../../domain/control/judgement.ts'
import type { EventPayload } from '../../domain/events.ts'
import type { Cadence, EvidenceKind, UnavailableReason } from '../../domain/evidence/kinds.ts'
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
}

export interface MemberRow extends Range {
  readonly userId: string
  readonly role: Role
  /** An auditor's grant: the period that can be seen, and when access ends. */
  readonly periodFrom: Date | null
  readonly periodTo: Date | null
  readonly expiresAt: Date | null
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
}

export type ProjectionName = keyof ProjectionRows
