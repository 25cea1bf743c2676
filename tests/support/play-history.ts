import type { DomainEvent, StreamType } from '../../server/domain/events.ts'
import type { EvidenceKind } from '../../server/domain/evidence/kinds.ts'
import {
  accountStream,
  controlStream,
  derivedId,
  erasureStream,
  memberStream,
  newId,
  reviewStream,
  sourceIdOf,
} from '../../server/ledger/ids.ts'
import type { Ledger, Unit } from '../../server/ledger/ledger.ts'
import { attachEvidence } from './attach-evidence.ts'
import type { JumpingClock } from './entra.ts'
import type { Found, Step } from './histories.ts'
import { openOrganization } from './ledger.ts'

const hour = 3_600_000
const directories = [
  'aaaaaaaa-1111-4111-8111-111111111111',
  // Some portals show ids in capitals.
  'BBBBBBBB-2222-4222-8222-222222222222',
] as const

/** Plays a generated past into a new organization through the real ledger, on a moved clock. @returns its id */
export async function playHistory(
  { ledger, clock }: { ledger: Ledger; clock: JumpingClock },
  steps: readonly Step[],
): Promise<string> {
  const organizationId = await openOrganization(ledger, { simulated: true })
  const known: Known = { live: new Map(), held: new Map(), members: new Set(), exceptions: [] }
  for (const step of steps) {
    clock.jump(step.pause)
    await ledger.command(organizationId, 'system:test', unit => take(unit, step, known))
  }
  return organizationId
}

/** What the past has led to so far, as far as it says what can happen next. */
interface Known {
  /** The connection to each directory. */
  live: Map<number, string>
  /** The subjects of each population. */
  held: Map<string, Set<number>>
  members: Set<number>
  /** What was asked for, in its order. */
  exceptions: string[]
}

interface Of {
  connectionId: string
  sourceId: string
}

async function take(unit: Unit, step: Step, known: Known): Promise<void> {
  const { organizationId } = unit
  switch (step.do) {
    case 'adopt_catalogue':
      return append(unit, 'organization', organizationId, {
        type: 'CatalogueAdopted',
        payload: { version: 1 },
      })
    case 'keep_for':
      return append(unit, 'organization', organizationId, {
        type: 'RetentionChanged',
        payload: { years: step.years, reason: null },
      })
    case 'require_second_factor':
      return append(unit, 'organization', organizationId, {
        type: step.isRequired ? 'SecondFactorRequired' : 'SecondFactorMadeOptional',
        payload: {},
      })
    case 'ask_deletion':
      return append(unit, 'organization', organizationId, {
        type: 'OrganizationDeletionRequested',
        payload: { deletesAt: iso(unit, 720 * hour) },
      })
    case 'cancel_deletion':
      return append(unit, 'organization', organizationId, {
        type: 'OrganizationDeletionCancelled',
        payload: {},
      })
    case 'erase':
    case 'complete_erasure':
    case 'lift_erasure':
      return takeErasure(unit, step)
    case 'join':
    case 'change_role':
    case 'leave':
      return takePerson(unit, step, known)
    case 'set_threshold':
    case 'scope_control':
    case 'scope_source':
    case 'declare':
    case 'withdraw':
    case 'approve_administrator':
    case 'withdraw_administrator':
    case 'review':
    case 'request_exception':
    case 'approve':
    case 'reject':
    case 'withdraw_exception':
      return takeDecision(unit, step, known)
    case 'connect': {
      if (known.live.has(step.directory)) return
      const connectionId = newId()
      known.live.set(step.directory, connectionId)
      return append(unit, 'connection', connectionId, connected(unit, step.directory, connectionId))
    }
    default: {
      const connectionId = known.live.get(step.directory)
      if (connectionId === undefined) return
      const of = { connectionId, sourceId: sourceOf(unit, step.directory) }
      if (step.do === 'run') return takeRun(unit, of, step.found, known)
      if (step.do === 'judge') return judge(unit, of, step)
      if (step.do === 'break_off') return append(unit, 'run', newId(), started(of, newId(), []))
      if (step.do === 'revoke') known.live.delete(step.directory)
      return append(unit, 'connection', connectionId, ofConnection(unit, of, step))
    }
  }
}

type DecisionStep = Extract<
  Step,
  { thresholdId: unknown } | { isInScope: boolean } | { subject: number } | { exception: number }
>

/** Whatever may have been decided: what the rules of a decision refuse is for their own tests. */
async function takeDecision(unit: Unit, step: DecisionStep, { exceptions }: Pick<Known, 'exceptions'>) {
  const { organizationId } = unit
  const reason = 'Because it is so.'
  const person = derivedId('person', organizationId, 0)
  const settle = (event: DomainEvent) => append(unit, 'organization', organizationId, event)
  switch (step.do) {
    case 'set_threshold': {
      const { thresholdId, value } = step
      return settle({ type: 'ThresholdChanged', payload: { thresholdId, value } })
    }
    case 'scope_control': {
      const payload = { controlId: step.controlId, reason }
      const type = step.isInScope ? 'ControlTakenIntoScope' : 'ControlTakenOutOfScope'
      return settle({ type, payload })
    }
    case 'scope_source': {
      const payload = { sourceId: sourceOf(unit, step.directory), reason }
      return settle({ type: step.isInScope ? 'SourceTakenIntoScope' : 'SourceTakenOutOfScope', payload })
    }
    case 'approve':
    case 'reject':
    case 'withdraw_exception': {
      const exceptionId = exceptions[step.exception]
      if (exceptionId === undefined) return
      const payload = { exceptionId, decidedBy: person, reason }
      return append(unit, 'exception', exceptionId, { type: decisionTypes[step.do], payload })
    }
    case 'review': {
      const sourceId = sourceOf(unit, step.directory)
      const subjectKey = subjectOf(step.subject)
      const stream = reviewStream(sourceId, step.of, subjectKey)
      return append(unit, 'review', stream, reviewOf(unit, step.of, { sourceId, subjectKey }))
    }
    case 'request_exception': {
      const exceptionId = newId()
      exceptions.push(exceptionId)
      return append(unit, 'exception', exceptionId, {
        type: 'ExceptionRequested',
        payload: {
          exceptionId,
          controlId: step.controlId,
          sourceId: sourceOf(unit, step.directory),
          subject: { kind: 'account', id: subjectOf(step.subject) },
          reason,
          ownerId: person,
          requestedBy: person,
          expiresAt: iso(unit, step.lasting),
        },
      })
    }
    default: {
      const account = { sourceId: sourceOf(unit, step.directory), subjectKey: subjectOf(step.subject) }
      return append(
        unit,
        'account',
        accountStream(account.sourceId, account.subjectKey),
        ofAccount(unit, step, { ...account, reason }),
      )
    }
  }
}

function reviewOf(
  unit: Unit,
  of: Extract<Step, { do: 'review' }>['of'],
  { sourceId, subjectKey }: { sourceId: string; subjectKey: string },
): DomainEvent {
  switch (of) {
    case 'policy_change':
      return { type: 'PolicyChangeAcknowledged', payload: { sourceId, evidenceId: subjectKey, note: null } }
    case 'sign_in': {
      const payload = { sourceId, subjectKey, outcome: 'benign', reason: 'It was a drill.' } as const
      return { type: 'SignInSettled', payload: { ...payload, settledAt: iso(unit, 0) } }
    }
    case 'corrected_sign_in': {
      const payload = { sourceId, subjectKey, outcome: 'reopened', reason: 'It was none.' } as const
      return { type: 'SettlementCorrected', payload: { ...payload, settledAt: null } }
    }
    case 'guests': {
      const payload = { sourceId, listPosition: 0, count: 0, fingerprint: '0'.repeat(64), note: null }
      return { type: 'GuestsReviewed', payload }
    }
  }
}

function ofAccount(
  unit: Unit,
  step: Extract<Step, { do: 'declare' | 'withdraw' | 'approve_administrator' | 'withdraw_administrator' }>,
  account: { sourceId: string; subjectKey: string; reason: string },
): DomainEvent {
  switch (step.do) {
    case 'declare': {
      const expiresAt = step.lasting === null ? null : iso(unit, step.lasting)
      const ownerId = derivedId('person', unit.organizationId, 1)
      return {
        type: 'AccountClassDeclared',
        payload: { ...account, class: step.class, ownerId, expiresAt },
      }
    }
    case 'withdraw':
      return { type: 'AccountClassWithdrawn', payload: account }
    case 'approve_administrator':
      return { type: 'AdministratorApproved', payload: account }
    case 'withdraw_administrator':
      return { type: 'AdministratorWithdrawn', payload: account }
  }
}

const decisionTypes = {
  approve: 'ExceptionApproved',
  reject: 'ExceptionRejected',
  withdraw_exception: 'ExceptionWithdrawn',
} as const

/** Some sources name their objects in capitals. */
const subjectOf = (subject: number) => `AAAAAAAA-0000-4000-8000-00000000000${subject}`

type ErasureStep = Extract<Step, { do: 'erase' | 'complete_erasure' | 'lift_erasure' }>

async function takeErasure(unit: Unit, step: ErasureStep) {
  const subjectKey = derivedId('subject', step.erased)
  return append(unit, 'retention', erasureStream(unit.organizationId, subjectKey), erasing(step, subjectKey))
}

function erasing(step: ErasureStep, subjectKey: string): DomainEvent {
  const reason = 'Asked for.'
  switch (step.do) {
    case 'erase':
      return { type: 'ErasureRequested', payload: { subjectKey, reason } }
    case 'complete_erasure':
      return { type: 'ErasureCompleted', payload: { subjectKey, removed: 1, kept: 0 } }
    case 'lift_erasure':
      return { type: 'ErasureLifted', payload: { subjectKey, reason } }
  }
}

async function takePerson(
  unit: Unit,
  step: Extract<Step, { person: number }>,
  { members }: Pick<Known, 'members'>,
) {
  if (members.has(step.person) === (step.do === 'join')) return
  const userId = derivedId('person', unit.organizationId, step.person)
  const stream = memberStream(unit.organizationId, userId)
  if (step.do === 'leave') {
    members.delete(step.person)
    return append(unit, 'member', stream, { type: 'MemberRemoved', payload: { userId } })
  }
  members.add(step.person)
  const { role } = step
  const grant =
    role === 'auditor'
      ? {
          periodFrom: iso(unit, -hour),
          periodTo: iso(unit, hour),
          expiresAt: iso(unit, 48 * hour),
          assessments: [],
        }
      : null
  if (step.do === 'change_role') {
    return append(unit, 'member', stream, { type: 'MemberRoleChanged', payload: { userId, role, grant } })
  }
  const payload = { userId, role, grant, invitationId: newId() }
  return append(unit, 'member', stream, { type: 'MemberJoined', payload })
}

/** Everything that a run finds, then how it ended. */
async function takeRun(
  unit: Unit,
  of: Of,
  found: readonly (readonly [EvidenceKind, Found])[],
  { held }: Pick<Known, 'held'>,
) {
  const runId = newId()
  const kinds = found.map(([kind]) => kind)
  await append(unit, 'run', runId, started(of, runId, kinds))
  const results = []
  for (const [kind, what] of found) {
    const key = `${of.sourceId} ${kind}`
    const population = held.get(key) ?? new Set()
    held.set(key, population)
    const evidence = { ...of, runId, kind }
    if (what.do === 'attach') await attachEvidence(unit, evidence, what.subjects, population)
    else
      await append(
        unit,
        'evidence',
        derivedId(key),
        what.do === 'miss' ? missed(evidence, what.reason) : reaffirmed(unit, evidence, population.size),
      )
    results.push({
      kind,
      outcome:
        what.do === 'attach'
          ? ('collected' as const)
          : what.do === 'miss'
            ? ('unavailable' as const)
            : ('reaffirmed' as const),
      reason: what.do === 'miss' ? what.reason : null,
      items: what.do === 'miss' ? null : population.size,
    })
  }
  const missing = results.filter(result => result.outcome === 'unavailable').length
  const end = { ...of, runId, kinds: results }
  await append(
    unit,
    'run',
    runId,
    missing === 0
      ? { type: 'SyncSucceeded', payload: end }
      : missing < results.length
        ? { type: 'SyncPartlySucceeded', payload: end }
        : { type: 'SyncFailed', payload: { ...end, cause: 'unavailable', explanation: 'Nothing came.' } },
  )
}

async function judge(unit: Unit, of: Of, step: Extract<Step, { do: 'judge' }>) {
  const { verdict, change } = step
  const changes = change ? [{ at: iso(unit, change.after), verdict: change.verdict, reasons: [] }] : []
  const reasons = [{ code: 'no_mfa', verdict, count: 1, subjects: [of.sourceId], detail: { days: 1.5 } }]
  const population = { inScope: 1, pass: 0, fail: 1, noData: 0 }
  for (const controlId of step.controls) {
    await append(unit, 'control', controlStream(of.sourceId, controlId), {
      type: 'ControlEvaluated',
      payload: {
        ...of,
        controlId,
        catalogueVersion: 1,
        verdict,
        reasons,
        population,
        inputs: newId(),
        changes,
        judgedAt: iso(unit, 0),
      },
    })
  }
}

const append = async (unit: Unit, type: StreamType, id: string, event: DomainEvent): Promise<void> => {
  await unit.append({ type, id }, 'any', [event])
}

const sourceOf = ({ organizationId }: Unit, directory: number) =>
  sourceIdOf(organizationId, 'entra', tenantOf(directory))

const tenantOf = (directory: number) => directories[directory] ?? directories[0]

const iso = ({ now }: Unit, after: number) => new Date(now.getTime() + after).toISOString()

const scopes = (...grantedScopes: string[]) => ({ grantedScopes, missingScopes: [], excessScopes: [] })

const connected = (unit: Unit, directory: number, connectionId: string): DomainEvent => ({
  type: 'ConnectionConnected',
  payload: {
    connectionId,
    sourceId: sourceOf(unit, directory),
    connector: 'entra',
    externalTenantId: tenantOf(directory),
    clientId: newId().toUpperCase(),
    cloud: 'global',
    secretExpiresOn: iso(unit, 90 * 24 * hour).slice(0, 10),
    ...scopes('User.Read.All'),
    authorizedBy: newId().toUpperCase(),
  },
})

type OfConnection = Exclude<
  Step,
  | DecisionStep
  | ErasureStep
  | { do: 'keep_for' | 'ask_deletion' | 'cancel_deletion' | 'require_second_factor' }
  | { do: 'connect' | 'run' | 'break_off' | 'judge' | 'join' | 'change_role' | 'leave' | 'adopt_catalogue' }
>

function ofConnection(unit: Unit, { connectionId, sourceId }: Of, step: OfConnection): DomainEvent {
  switch (step.do) {
    case 'reauthorize':
      return {
        type: 'ConnectionReauthorized',
        payload: { connectionId, ...scopes('User.Read.All', 'Policy.Read.All'), authorizedBy: newId() },
      }
    case 'rescope':
      return { type: 'GrantedScopesChanged', payload: { connectionId, ...scopes() } }
    case 'replace_secret': {
      const secretExpiresOn = iso(unit, 180 * 24 * hour).slice(0, 10)
      return { type: 'ClientSecretReplaced', payload: { connectionId, secretExpiresOn } }
    }
    case 'revoke':
      return { type: 'ConnectionRevoked', payload: { connectionId, sourceId, destroyed: ['client_secret'] } }
    case 'refuse': {
      const refusal = { cause: 'expired', explanation: 'The secret has expired.', code: 'AADSTS7000222' }
      return { type: 'ReauthorizationRequired', payload: { connectionId, remedy: step.remedy, ...refusal } }
    }
  }
}

const started = (of: Of, runId: string, kinds: EvidenceKind[]): DomainEvent => ({
  type: 'SyncStarted',
  payload: { ...of, runId, trigger: 'schedule', kinds },
})

type OfKind = Of & { runId: string; kind: EvidenceKind }

const reaffirmed = (unit: Unit, of: OfKind, itemCount: number): DomainEvent => ({
  type: 'EvidenceReaffirmed',
  payload: {
    ...of,
    evidenceId: newId(),
    fingerprint: '0'.repeat(64),
    itemCount,
    collectedFrom: iso(unit, 0),
    collectedTo: iso(unit, 0),
    requestIds: [],
  },
})

const missed = (of: OfKind, reason: Extract<Found, { do: 'miss' }>['reason']): DomainEvent => ({
  type: 'EvidenceUnavailable',
  payload: { ...of, reason, explanation: 'It did not come.', status: null, code: null, requestId: null },
})
