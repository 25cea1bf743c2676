import { and, eq } from 'drizzle-orm'
import { connection, organizationProfile, verdict } from '../../db/schema/state.ts'
import { rejudge } from '../coverage/rejudge.ts'
import { storedVerdict } from '../coverage/stored-verdict.ts'
import { catalogue } from '../domain/control/catalogue.ts'
import { verdictAt } from '../domain/control/verdict.ts'
import {
  decideException,
  type ExceptionAggregate,
  type ExceptionEvent,
  evolveException,
  longestException,
} from '../domain/exception/exception.ts'
import type { ExceptionSubject } from '../domain/exception/subject.ts'
import { AppError, notFound } from '../errors.ts'
import { newId } from '../ledger/ids.ts'
import type { Unit } from '../ledger/ledger.ts'
import { lockHead } from '../ledger/lock-head.ts'
import type { RecordedEvent } from '../ledger/recorded-event.ts'
import type { Access } from '../members/resolve-access.ts'
import { isOpen } from '../projections/range.ts'
import type { Services } from '../services.ts'
import { DecisionFields } from './decision-fields.ts'
import { requireMember, requireSource, sourceOfAccount } from './known-parties.ts'

type Needed = Pick<Services, 'ledger' | 'connectors'>
type Actor = Pick<Access, 'organizationId' | 'userId'>

export interface ExceptionRequest {
  controlId: string
  /** For what is no account: the directory that it is for; the only one, where it is not given. */
  sourceId?: string | undefined
  subject: ExceptionSubject
  reason: string
  ownerId: string
  /** The last day in UTC, `yyyy-mm-dd`. */
  expiresOn: string
}

/**
 * Asks for an exception, which counts once another person has approved it.
 * @returns its id
 * @throws {AppError} bad_input by field, not_found for a control, a directory or an account that is not theirs
 */
export async function requestException(
  { ledger }: Pick<Services, 'ledger'>,
  { organizationId, userId }: Actor,
  request: ExceptionRequest,
): Promise<string> {
  return ledger.command(organizationId, `user:${userId}`, async unit => {
    await lockHead(unit)
    const { subject } = request
    const sourceId = await sourceFor(unit, request)
    await requireMember(unit, request.ownerId)
    await requireControl(unit, request.controlId)
    const fields = new DecisionFields()
    const reason = fields.reason(request.reason)
    const now = unit.now
    const expiresAt = fields.lastDay(request.expiresOn, { now, longest: longestException, isRequired: true })
    if (subject.kind === 'reason' && !(await isFailingFor(unit, sourceId, request.controlId, subject.id))) {
      fields.refuse(
        'subjectId',
        'The control does not fail for this reason now, so there is nothing to except.',
      )
    }
    fields.check()
    if (!expiresAt) throw new AppError('bad_input', 'no expiry')
    const exceptionId = newId()
    const events = decideException(
      {
        type: 'request',
        request: {
          exceptionId,
          controlId: request.controlId,
          sourceId,
          subject,
          reason,
          ownerId: request.ownerId,
          requestedBy: userId,
          expiresAt: expiresAt.toISOString(),
        },
        now,
      },
      null,
    )
    await unit.append({ type: 'exception', id: exceptionId }, 0, events)
    return exceptionId
  })
}

/**
 * Approves, rejects or withdraws an exception, and judges at once by what counts from here on.
 * @throws {AppError} bad_input, not_found, precondition_failed for one's own request and for what has ended
 */
export async function decideOnException(
  services: Needed,
  { organizationId, userId }: Actor,
  {
    exceptionId,
    decision,
    reason: text,
  }: { exceptionId: string; decision: ExceptionDecision; reason: string },
): Promise<void> {
  const fields = new DecisionFields()
  const reason = fields.reason(text)
  fields.check()
  await services.ledger.command(organizationId, `user:${userId}`, async unit => {
    await lockHead(unit)
    const known = (await unit.load(exceptionId)).map(exceptionEvent)
    const state = known.reduce<ExceptionAggregate>(evolveException, null)
    if (!state) throw notFound('exception')
    const events = decideException({ type: decision, userId, reason, now: unit.now }, state)
    await unit.append({ type: 'exception', id: exceptionId }, known.length, events)
    if (decision === 'approve' || state.decision === 'approved') await rejudge(services, unit)
  })
}

export const exceptionDecisions = ['approve', 'reject', 'withdraw'] as const
export type ExceptionDecision = (typeof exceptionDecisions)[number]

async function requireControl({ transaction, organizationId }: Unit, controlId: string): Promise<void> {
  const [profile] = await transaction
    .select({ version: organizationProfile.catalogueVersion })
    .from(organizationProfile)
    .where(isOpen(organizationProfile, organizationId))
  const control = profile && catalogue(profile.version).controls.find(({ id }) => id === controlId)
  if (!control) throw notFound('control')
  if (control.heeds?.includes('exceptions')) return
  throw new AppError('precondition_failed', 'the version in force knows no exceptions', {
    userMessage:
      'The version of the control catalogue in force knows no exceptions. An admin can adopt the newest one in the settings.',
  })
}

async function sourceFor(unit: Unit, { sourceId, subject }: ExceptionRequest): Promise<string> {
  if (sourceId) await requireSource(unit, sourceId)
  if (subject.kind === 'account') return sourceOfAccount(unit, subject.id)
  if (sourceId) return sourceId
  const rows = await unit.transaction
    .select({ sourceId: connection.sourceId })
    .from(connection)
    .where(isOpen(connection, unit.organizationId))
  const [only, ...others] = new Set(rows.map(row => row.sourceId))
  if (only && others.length === 0) return only
  throw new AppError('bad_input', 'no source', {
    fields: { sourceId: 'Choose the directory that it is for.' },
  })
}

async function isFailingFor(
  { transaction, organizationId, now }: Unit,
  sourceId: string,
  controlId: string,
  code: string,
): Promise<boolean> {
  const [row] = await transaction
    .select()
    .from(verdict)
    .where(
      and(isOpen(verdict, organizationId), eq(verdict.sourceId, sourceId), eq(verdict.controlId, controlId)),
    )
  if (!row) return false
  const { reasons } = verdictAt(storedVerdict(row), now)
  return reasons.some(reason => reason.verdict === 'fail' && reason.code === code)
}

function exceptionEvent(event: RecordedEvent): ExceptionEvent {
  switch (event.type) {
    case 'ExceptionRequested':
    case 'ExceptionApproved':
    case 'ExceptionRejected':
    case 'ExceptionWithdrawn':
      return event
    default:
      // An id of another stream: there is no such exception.
      throw notFound('exception')
  }
}
