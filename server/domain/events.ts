import type { z } from 'zod'
import * as account from './account/events.ts'
import * as alert from './alert/events.ts'
import * as alertChannel from './alert-channel/events.ts'
import * as assessment from './assessment/events.ts'
import * as connection from './connection/events.ts'
import * as control from './control/events.ts'
import * as evidence from './evidence/events.ts'
import * as exception from './exception/events.ts'
import * as exported from './export/events.ts'
import * as log from './log/events.ts'
import * as member from './member/events.ts'
import * as organization from './organization/events.ts'
import * as retention from './retention/events.ts'
import * as review from './review/events.ts'
import * as run from './run/events.ts'
import * as subscription from './subscription/events.ts'
import * as vault from './vault/events.ts'
import * as webhook from './webhook/events.ts'

/** Streams there are: one per aggregate. */
export const streamTypes = [
  'organization',
  'member',
  'connection',
  'run',
  'evidence',
  'control',
  'account',
  'exception',
  'review',
  'export',
  'verification',
  'retention',
  'webhook',
  'subscription',
  'assessment',
  'sample',
  'access',
  'alert',
  'alert_channel',
] as const
export type StreamType = (typeof streamTypes)[number]

/** Every type of event in its newest schema version, checked when written and when read. */
export const eventSchemas = {
  OrganizationCreated: organization.organizationCreated,
  CatalogueAdopted: organization.catalogueAdopted,
  ThresholdChanged: organization.thresholdChanged,
  ControlTakenOutOfScope: organization.controlTakenOutOfScope,
  ControlTakenIntoScope: organization.controlTakenIntoScope,
  SourceTakenOutOfScope: organization.sourceTakenOutOfScope,
  SourceTakenIntoScope: organization.sourceTakenIntoScope,
  RetentionChanged: organization.retentionChanged,
  SecondFactorRequired: organization.secondFactorRequired,
  SecondFactorMadeOptional: organization.secondFactorMadeOptional,
  OrganizationDeletionRequested: organization.organizationDeletionRequested,
  OrganizationDeletionCancelled: organization.organizationDeletionCancelled,
  OrganizationDeleted: organization.organizationDeleted,
  KmsKeyChosen: vault.kmsKeyChosen,
  DataKeyRotated: vault.dataKeyRotated,
  SecretsReencrypted: vault.secretsReencrypted,
  DataKeyRewrapped: vault.dataKeyRewrapped,
  DataKeysDestroyed: vault.dataKeysDestroyed,
  MemberInvited: member.memberInvited,
  InvitationWithdrawn: member.invitationWithdrawn,
  MemberJoined: member.memberJoined,
  MemberRoleChanged: member.memberRoleChanged,
  MemberRemoved: member.memberRemoved,
  ConnectionConnected: connection.connectionConnected,
  ConnectionReauthorized: connection.connectionReauthorized,
  ClientSecretReplaced: connection.clientSecretReplaced,
  ClientSecretExpiryNoticed: connection.clientSecretExpiryNoticed,
  GrantedScopesChanged: connection.grantedScopesChanged,
  ReauthorizationRequired: connection.reauthorizationRequired,
  ConnectionBecameStale: connection.connectionBecameStale,
  ConnectionRecovered: connection.connectionRecovered,
  ConnectionRevoked: connection.connectionRevoked,
  SyncStarted: run.syncStarted,
  SyncSucceeded: run.syncSucceeded,
  SyncPartlySucceeded: run.syncPartlySucceeded,
  SyncFailed: run.syncFailed,
  EvidenceAttached: evidence.evidenceAttached,
  EvidenceReaffirmed: evidence.evidenceReaffirmed,
  EvidenceUnavailable: evidence.evidenceUnavailable,
  ControlEvaluated: control.controlEvaluated,
  AccountClassDeclared: account.accountClassDeclared,
  AccountClassWithdrawn: account.accountClassWithdrawn,
  AdministratorApproved: account.administratorApproved,
  AdministratorWithdrawn: account.administratorWithdrawn,
  ExceptionRequested: exception.exceptionRequested,
  ExceptionApproved: exception.exceptionApproved,
  ExceptionRejected: exception.exceptionRejected,
  ExceptionWithdrawn: exception.exceptionWithdrawn,
  PolicyChangeAcknowledged: review.policyChangeAcknowledged,
  SignInSettled: review.signInSettled,
  SettlementCorrected: review.settlementCorrected,
  GuestsReviewed: review.guestsReviewed,
  ExportRequested: exported.exportRequested,
  ExportCompleted: exported.exportCompleted,
  ExportFailed: exported.exportFailed,
  ExportDownloaded: exported.exportDownloaded,
  SigningKeyAdopted: log.signingKeyAdopted,
  SealingFailed: log.sealingFailed,
  SealingResumed: log.sealingResumed,
  LedgerVerified: log.ledgerVerified,
  ItemsPurged: log.itemsPurged,
  SealEndSet: log.sealEndSet,
  ErasureRequested: retention.erasureRequested,
  ErasureCompleted: retention.erasureCompleted,
  ErasureLifted: retention.erasureLifted,
  WebhookAdded: webhook.webhookAdded,
  WebhookRemoved: webhook.webhookRemoved,
  WebhookTested: webhook.webhookTested,
  CheckpointSubscribed: subscription.checkpointSubscribed,
  CheckpointUnsubscribed: subscription.checkpointUnsubscribed,
  CheckpointDelivered: subscription.checkpointDelivered,
  CheckpointDeliveryFailed: subscription.checkpointDeliveryFailed,
  AssessmentOpened: assessment.assessmentOpened,
  AssessmentRenamed: assessment.assessmentRenamed,
  AssessmentPeriodChanged: assessment.assessmentPeriodChanged,
  AssessmentEvidenceAttached: assessment.assessmentEvidenceAttached,
  AssessmentEvidenceDetached: assessment.assessmentEvidenceDetached,
  AssessmentSubmitted: assessment.assessmentSubmitted,
  AssessmentSentBack: assessment.assessmentSentBack,
  AssessmentApproved: assessment.assessmentApproved,
  SampleDrawn: assessment.sampleDrawn,
  PopulationDownloaded: assessment.populationDownloaded,
  AuditorViewed: assessment.auditorViewed,
  AlertRaised: alert.alertRaised,
  AlertReminded: alert.alertReminded,
  AlertAcknowledged: alert.alertAcknowledged,
  AlertResolved: alert.alertResolved,
  AlertChannelOpened: alertChannel.alertChannelOpened,
  AlertChannelChanged: alertChannel.alertChannelChanged,
  AlertChannelClosed: alertChannel.alertChannelClosed,
  AlertChannelTested: alertChannel.alertChannelTested,
  AlertDelivered: alertChannel.alertDelivered,
  AlertDeliveryFailed: alertChannel.alertDeliveryFailed,
} as const

/**
 * What makes the next schema version of each earlier one, the first version first. Each checks what it is given by the
 * schema of its own version. Stored events are never rewritten: a new version is one more schema and one more of these.
 */
export const upcasters: Partial<
  Record<keyof typeof eventSchemas, readonly ((payload: unknown) => unknown)[]>
> = {
  OrganizationCreated: [organization.upcastOrganizationCreated1],
  ExportRequested: [exported.upcastExportRequested1],
  WebhookAdded: [webhook.upcastWebhookAdded1],
  MemberInvited: [member.upcastMemberInvited1],
  MemberJoined: [member.upcastMemberJoined1],
  MemberRoleChanged: [member.upcastMemberRoleChanged1],
  ControlEvaluated: [control.upcastControlEvaluated1],
  ItemsPurged: [log.upcastItemsPurged1],
}

export type EventType = keyof typeof eventSchemas
const typeNames: ReadonlySet<string> = new Set(Object.keys(eventSchemas))
export const isEventType = (name: string): name is EventType => typeNames.has(name)
export const eventTypes: readonly EventType[] = Object.keys(eventSchemas).filter(isEventType)

export type EventPayload<T extends EventType> = z.infer<(typeof eventSchemas)[T]>

/** What happened, in its newest schema version. */
export type DomainEvent = { [T in EventType]: { type: T; payload: EventPayload<T> } }[EventType]
