import { accountClassWords } from './account/class-words.ts'
import { alertKinds } from './alert/causes.ts'
import { alertWords, resolutionWords } from './alert/words.ts'
import { catalogue } from './control/catalogue.ts'
import { thresholdSentence } from './control/threshold-words.ts'
import { explainReason, verdictWords } from './control/words.ts'
import type { DomainEvent, EventPayload, EventType } from './events.ts'
import { evidenceKind } from './evidence/kinds.ts'
import { roleNames } from './member/roles.ts'
import { minuteWords } from './minute-words.ts'
import { yearsInWords } from './retention/window.ts'
import { settlementWords } from './review/settlement.ts'
import { webhookFormatNames } from './webhook/format.ts'

/** What an event says, as one or two plain sentences. Nobody is named: names are looked up where they are shown. */
export function describeEvent(event: DomainEvent): string {
  // The pair is right by construction: the words were looked up by the very type of the payload.
  const describe = sentences[event.type] as (payload: DomainEvent['payload']) => string
  return describe(event.payload)
}

/** The type of an event as people read it: "Evidence attached". */
export function eventTypeWords(type: EventType): string {
  const words = type.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

type Sentences = { [T in EventType]: (payload: EventPayload<T>) => string }

const sentences: Sentences = {
  OrganizationCreated: ({ simulated }) =>
    simulated ? 'The organization was created, on a simulated clock.' : 'The organization was created.',
  CatalogueAdopted: ({ version }) => `From here on version ${version} of the control catalogue judges.`,
  ThresholdChanged: ({ thresholdId, value }) => `${thresholdSentence(thresholdId, value)} from here on.`,
  ControlTakenOutOfScope: ({ controlId, reason }) =>
    `${controlId} no longer counts for coverage. ${quoted(reason)}`,
  ControlTakenIntoScope: ({ controlId, reason }) =>
    `${controlId} counts for coverage again. ${quoted(reason)}`,
  SourceTakenOutOfScope: ({ reason }) => `A directory no longer counts for coverage. ${quoted(reason)}`,
  SourceTakenIntoScope: ({ reason }) => `A directory counts for coverage again. ${quoted(reason)}`,
  RetentionChanged: ({ years, reason }) =>
    `From here on the content of items is kept for ${yearsInWords(years)} after their last membership.${reason ? ` ${reason}` : ''}`,
  SecondFactorRequired: () => 'From here on owners and admins get in with a second factor only.',
  SecondFactorMadeOptional: () => 'A second factor is no longer required of owners and admins.',
  OrganizationDeletionRequested: ({ deletesAt }) =>
    `The organization is to be deleted on ${minuteWords(deletesAt)}, unless an owner takes that back before.`,
  OrganizationDeletionCancelled: () => 'The organization is not deleted after all.',
  OrganizationDeleted: ({ kept }) =>
    `The organization was deleted: nobody has access, nothing is collected.${kept.count > 0 ? ` ${counted(kept.count, 'item’s content stays', 'items’ contents stay')}, held by approved assessments.` : ''}`,
  KmsKeyChosen: ({ kmsKeyId }) =>
    kmsKeyId === null
      ? 'From here on the product’s own key wraps the data keys.'
      : `From here on a key of the organization’s own wraps the data keys: ${kmsKeyId}.`,
  DataKeyRotated: ({ version }) => `From here on secrets are sealed under data key ${version}.`,
  SecretsReencrypted: ({ version, count, retired }) =>
    `${counted(count, 'stored secret is', 'stored secrets are')} sealed under data key ${version}; ${keysWords(retired)} ${retired.length === 1 ? 'serves' : 'serve'} no more.`,
  DataKeyRewrapped: ({ version, kmsKeyId }) => `Data key ${version} was wrapped anew, by ${kmsKeyId}.`,
  DataKeysDestroyed: ({ versions }) => `Destroyed for good: ${keysWords(versions)}.`,
  MemberInvited: ({ role }) => `Somebody was invited as ${roleNames[role].toLowerCase()}.`,
  InvitationWithdrawn: () => 'An invitation was withdrawn.',
  MemberJoined: ({ role }) => `A member joined as ${roleNames[role].toLowerCase()}.`,
  MemberRoleChanged: ({ role, grant }) =>
    `A member’s role is now ${roleNames[role].toLowerCase()}${grant ? `, for ${day(grant.periodFrom)} to ${day(grant.periodTo)}` : ''}.`,
  MemberRemoved: () => 'A member left or was removed.',
  ConnectionConnected: ({ missingScopes }) =>
    `A directory was connected${missingScopes.length > 0 ? `; ${counted(missingScopes.length, 'permission is', 'permissions are')} missing` : ''}.`,
  ConnectionReauthorized: () => 'The connection was authorized again.',
  ClientSecretReplaced: ({ secretExpiresOn }) =>
    `The client secret was replaced${secretExpiresOn ? `; the new one expires on ${secretExpiresOn}` : ''}.`,
  ClientSecretExpiryNoticed: ({ secretExpiresOn, daysBefore }) =>
    `The client secret ends on ${secretExpiresOn}, in ${daysBefore} days or less. Without a new one collection stops then.`,
  GrantedScopesChanged: ({ missingScopes, excessScopes }) =>
    `The granted permissions changed: ${missingScopes.length} missing, ${excessScopes.length} more than needed.`,
  ReauthorizationRequired: ({ explanation }) => `The connection needs a person. ${explanation}`,
  ConnectionBecameStale: ({ staleSince, kinds }) =>
    `The connection is stale since ${minuteWords(staleSince)}: ${counted(kinds.length, 'kind of evidence has', 'kinds of evidence have')} not come for longer than it stays fresh. Coverage counts it for half.`,
  ConnectionRecovered: ({ staleSince }) =>
    `Everything comes again. The connection was stale from ${minuteWords(staleSince)} on.`,
  ConnectionRevoked: () =>
    'The connection was revoked and its credential destroyed. What was collected is kept.',
  SyncStarted: ({ trigger, kinds }) =>
    `A sync began ${triggers[trigger]}: ${counted(kinds.length, 'kind of evidence is', 'kinds of evidence are')} due.`,
  SyncSucceeded: ({ kinds }) => `A sync succeeded${cameFrom(kinds)}`,
  SyncPartlySucceeded: ({ kinds }) => `A sync succeeded in part${cameFrom(kinds)}`,
  SyncFailed: ({ explanation }) => `A sync failed. ${explanation}`,
  EvidenceAttached: describeAttached,
  EvidenceReaffirmed: ({ kind, itemCount }) =>
    `${titleOf(kind)}: read again and found the same, ${items(kind, itemCount)}.`,
  EvidenceUnavailable: ({ kind, explanation }) => `${titleOf(kind)} could not be read. ${explanation}`,
  ControlEvaluated: describeEvaluated,
  AccountClassDeclared: ({ class: declared, expiresAt, reason }) =>
    `An account was declared ${accountClassWords[declared].article}${expiresAt ? `, until ${day(expiresAt)}` : ''}. ${quoted(reason)}`,
  AccountClassWithdrawn: ({ reason }) => `The declared class of an account was withdrawn. ${quoted(reason)}`,
  AdministratorApproved: ({ reason }) =>
    `An account was put on the list of approved administrators. ${quoted(reason)}`,
  AdministratorWithdrawn: ({ reason }) =>
    `An account was taken off the list of approved administrators. ${quoted(reason)}`,
  ExceptionRequested: ({ controlId, expiresAt, reason }) =>
    `An exception from ${controlId} until ${day(expiresAt)} was asked for. ${quoted(reason)}`,
  ExceptionApproved: ({ reason }) => `An exception was approved by a second person. ${quoted(reason)}`,
  ExceptionRejected: ({ reason }) => `An exception was rejected. ${quoted(reason)}`,
  ExceptionWithdrawn: ({ reason }) => `An exception was withdrawn. ${quoted(reason)}`,
  PolicyChangeAcknowledged: ({ note }) =>
    `A change of the conditional access policies was acknowledged.${note === null ? '' : ` ${quoted(note)}`}`,
  SignInSettled: ({ outcome, settledAt, reason }) =>
    `A risky sign-in was settled: ${settlementWords[outcome].toLowerCase()}, at ${minuteWords(settledAt)}. ${quoted(reason)}`,
  SettlementCorrected: ({ outcome, settledAt, reason }) =>
    `What was said of a risky sign-in was corrected: ${settlementWords[outcome].toLowerCase()}${settledAt === null ? '' : `, at ${minuteWords(settledAt)}`}. ${quoted(reason)}`,
  GuestsReviewed: ({ count, note }) =>
    `The list of guests was reviewed, ${count} in all.${note === null ? '' : ` ${quoted(note)}`}`,
  ExportRequested: ({ scope }) =>
    scope.kind === 'organization'
      ? 'An export of the whole organization was asked for.'
      : `An export of ${scope.kind === 'assessment' ? 'an assessment, for ' : ''}${minuteWords(scope.from)} to ${minuteWords(scope.to)} was asked for.`,
  ExportCompleted: ({ bytes, checkpointSize }) =>
    `An export was completed: ${number(bytes)} bytes, held to the log’s first ${counted(checkpointSize, 'event', 'events')}.`,
  ExportFailed: ({ explanation }) => `An export failed. ${explanation}`,
  ExportDownloaded: () => 'An export was downloaded.',
  SigningKeyAdopted: ({ keyId }) => `From here on the key ${keyId} signs the checkpoints of this log.`,
  SealingFailed: ({ size, obstacle }) =>
    obstacle === 'key_service'
      ? `The log could not be sealed: the key service does not help. ${counted(size, 'event is', 'events are')} under a signature.`
      : `The log could not be sealed: it does not continue its newest checkpoint, which ${counted(size, 'event is', 'events are')} under.`,
  SealingResumed: ({ size }) => `The log is sealed again, up to ${counted(size, 'event', 'events')}.`,
  LedgerVerified: describeVerified,
  ItemsPurged: ({ reason, count, kept }) =>
    `${counted(count, 'item’s content was', 'items’ contents were')} removed for good, ${purgeReasons[reason]}.${kept.count > 0 ? ` ${counted(kept.count, 'other stays', 'others stay')}: approved assessments hold ${kept.count === 1 ? 'it' : 'them'}.` : ''}`,
  SealEndSet: ({ until, count }) =>
    `${counted(count, 'item’s content that an approved assessment holds is', 'items’ contents that approved assessments hold are')} kept until ${day(until)}, and then removed for good.`,
  ErasureRequested: ({ reason }) =>
    `A person is to be erased: what names them is removed, and not stored again. ${quoted(reason)}`,
  ErasureCompleted: ({ removed, kept }) =>
    `A person was erased: ${counted(removed, 'item’s content', 'items’ contents')} removed${kept > 0 ? `, ${counted(kept, 'is', 'are')} held by approved assessments` : ''}.`,
  ErasureLifted: ({ reason }) => `A person who was erased is stored by name again. ${quoted(reason)}`,
  WebhookAdded: ({ host, format }) =>
    `A webhook at ${host} was added${format === 'standard' ? '' : `, for ${webhookFormatNames[format]}`}.`,
  WebhookRemoved: () => 'A webhook was removed, its address and signing secret destroyed.',
  WebhookTested: ({ isDelivered }) =>
    `A test message was sent to a webhook${isDelivered ? ' and taken' : ', which did not take it'}.`,
  CheckpointSubscribed: ({ userId, cadence }) =>
    `From here on checkpoints go out ${cadence}, ${userId ? 'to a member by e-mail' : 'to a webhook'}.`,
  CheckpointUnsubscribed: ({ reason }) =>
    `Checkpoints no longer go to one subscriber${unsubscribedBecause[reason]}.`,
  CheckpointDelivered: ({ size }) =>
    `The checkpoint of ${number(size)} events was delivered to a subscriber.`,
  CheckpointDeliveryFailed: ({ size, attempts, explanation }) =>
    `The checkpoint of ${number(size)} events was not delivered in ${counted(attempts, 'attempt', 'attempts')}. ${explanation}`,
  AssessmentOpened: ({ name, periodFrom, periodTo, controls }) =>
    `The assessment “${name}” was opened, for ${day(periodFrom)} to ${day(periodTo)} and ${counted(controls.length, 'control', 'controls')}.`,
  AssessmentRenamed: ({ name }) => `An assessment is now called “${name}”.`,
  AssessmentPeriodChanged: ({ periodFrom, periodTo }) =>
    `An assessment’s period is now ${day(periodFrom)} to ${day(periodTo)}.`,
  AssessmentEvidenceAttached: ({ kind, itemCount, instant }) =>
    `${titleOf(kind)} as of ${minuteWords(instant)} was attached to an assessment: ${items(kind, itemCount)}.`,
  AssessmentEvidenceDetached: ({ reason }) => `Evidence was detached from an assessment: ${reason}`,
  AssessmentSubmitted: ({ attachments }) =>
    `An assessment was submitted with ${counted(attachments, 'row', 'rows')} of evidence attached.`,
  AssessmentSentBack: ({ reason }) => `An assessment was sent back: ${reason}`,
  AssessmentApproved: ({ attachments, checkpoint, itemsSealed }) =>
    `An assessment was approved and sealed with ${counted(attachments, 'row', 'rows')} of evidence and the contents of ${counted(itemsSealed, 'item', 'items')}, held to the log’s first ${counted(checkpoint.size, 'event', 'events')}.`,
  SampleDrawn: ({ controlId, size, population, kind, seed }) =>
    `A sample of ${number(Math.min(size, population.count))} out of ${items(kind, population.count)} was drawn for ${controlId}, with the seed ${seed}.`,
  PopulationDownloaded: ({ controlId, sampleId }) =>
    `${sampleId ? 'A sample' : 'The population'} of ${controlId} was downloaded from an assessment.`,
  AuditorViewed: ({ what, subject }) =>
    `An auditor opened ${viewedWords(what)}${subject ? ` (${subject})` : ''}.`,
  AlertRaised: ({ cause, since }) => {
    const { title, meaning } = alertWords(cause, 'A directory')
    return `An alert was raised. ${title}, since ${minuteWords(since)}. ${meaning}`
  },
  AlertReminded: ({ reminder }) =>
    reminder === 1
      ? 'An alert is still open: the first reminder of it.'
      : `An alert is still open: reminder ${number(reminder)} of it.`,
  AlertAcknowledged: () => 'A member has seen an alert.',
  AlertResolved: ({ because }) => `An alert is over. ${resolutionWords[because]}`,
  AlertChannelOpened: ({ userId, causes }) =>
    `From here on alerts go ${userId ? 'to a member by e-mail' : 'to a webhook'}: ${causesWords(causes)}.`,
  AlertChannelChanged: ({ causes }) => `An alert channel gets other alerts now: ${causesWords(causes)}.`,
  AlertChannelClosed: ({ reason }) => `Alerts no longer go to one channel${channelClosedBecause[reason]}.`,
  AlertChannelTested: ({ isDelivered }) =>
    `A test message was sent to an alert channel${isDelivered ? ' and taken' : ', which did not take it'}.`,
  AlertDelivered: ({ alerts }) =>
    `A message of ${counted(alerts.length, 'alert', 'alerts')} was delivered to a channel.`,
  AlertDeliveryFailed: ({ alerts, attempts, explanation }) =>
    `A message of ${counted(alerts.length, 'alert', 'alerts')} was not delivered in ${counted(attempts, 'attempt', 'attempts')}. ${explanation}`,
}

/** What an auditor opened, in words: by the procedure's name where it says enough. */
const viewedWords = (what: string) =>
  what
    .replaceAll('.', ' ')
    .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toLowerCase()

function describeAttached(payload: EventPayload<'EvidenceAttached'>): string {
  const { kind, itemCount, window, cause } = payload
  if (window)
    return `${titleOf(kind)} from ${minuteWords(window.from)} to ${minuteWords(window.to)}: ${itemCount === 0 ? 'none' : number(itemCount)}.`
  const why =
    cause === 'collector' ? ' Nothing changed at the source: the collector reads it differently now.' : ''
  return `${titleOf(kind)}: ${changesWords(payload)}; ${items(kind, itemCount)} in all.${why}`
}

function changesWords({ changes, itemCount }: EventPayload<'EvidenceAttached'>): string {
  const { joined, changed, left } = changes
  if (joined === itemCount && changed === 0 && left === 0) return 'collected for the first time'
  const words = [
    joined > 0 && `${number(joined)} joined`,
    changed > 0 && `${number(changed)} changed`,
    left > 0 && `${number(left)} left`,
  ].filter(Boolean)
  return words.join(', ') || 'nothing joined, changed or left'
}

function describeEvaluated(payload: EventPayload<'ControlEvaluated'>): string {
  const { controlId, catalogueVersion, verdict, reasons } = payload
  const title = catalogue(catalogueVersion).controls.find(control => control.id === controlId)?.shortTitle
  const made = reasons.find(reason => reason.verdict === verdict)
  const because = made ? ` ${explainReason(made).text}` : ''
  return `${controlId}${title ? ` ${title}` : ''}: ${withSmallInitial(verdictWords(verdict, reasons))}.${because}`
}

function describeVerified({ size, outcome, problems }: EventPayload<'LedgerVerified'>): string {
  const what = `The log was verified up to ${counted(size, 'event', 'events')}`
  if (outcome === 'holds') return `${what}: everything holds.`
  return `${what}: ${counted(problems.length, 'thing does', 'things do')} not hold. ${problems[0]?.words ?? ''}`.trim()
}

const purgeReasons = {
  retention: 'as its time was over',
  erasure: 'to erase a person',
  organization_deleted: 'with the organization',
} as const

const unsubscribedBecause = {
  ended: '',
  webhook_removed: ': its webhook was removed',
  access_ended: ': the member’s access has ended',
} as const

const channelClosedBecause = {
  ended: '',
  webhook_removed: ': its webhook was removed',
  access_ended: ': the member’s access has ended',
} as const

const causesWords = (causes: EventPayload<'AlertChannelOpened'>['causes']) =>
  causes.length === 0
    ? 'none'
    : causes.length === alertKinds.length
      ? 'all of them'
      : `${counted(causes.length, 'sort', 'sorts')} of ${alertKinds.length}`

const triggers = {
  connect: 'with the connection',
  schedule: 'on schedule',
  manual: 'by hand',
  sweep: 'late: its job was missing',
} as const

function cameFrom(kinds: EventPayload<'SyncSucceeded'>['kinds']): string {
  const of = (outcome: string) => kinds.filter(kind => kind.outcome === outcome).length
  const words = [
    of('collected') > 0 && `${of('collected')} collected`,
    of('reaffirmed') > 0 && `${of('reaffirmed')} the same as before`,
    of('unavailable') > 0 && `${of('unavailable')} not readable`,
  ].filter(Boolean)
  return words.length === 0 ? '.' : `: ${words.join(', ')}.`
}

const titleOf = (kind: EventPayload<'EvidenceAttached'>['kind']) => evidenceKind(kind).title
const items = (kind: EventPayload<'EvidenceAttached'>['kind'], count: number) =>
  counted(count, ...evidenceKind(kind).itemName)
const number = (value: number) => new Intl.NumberFormat('en-GB').format(value)
const counted = (count: number, one: string, many: string) => `${number(count)} ${count === 1 ? one : many}`
const withSmallInitial = (words: string) => words.charAt(0).toLowerCase() + words.slice(1)
const quoted = (reason: string) => `“${reason}”`
const day = (instant: string) => instant.slice(0, 10)

const keysWords = (versions: readonly number[]) =>
  `data ${versions.length === 1 ? 'key' : 'keys'} ${versions.join(', ')}`
