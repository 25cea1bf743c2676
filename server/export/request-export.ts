import { exportArchive } from '../../db/schema/state.ts'
import { visibleAssessment } from '../assessments/visible-assessments.ts'
import type { ExportScope } from '../domain/export/export.ts'
import { minuteWords } from '../domain/minute-words.ts'
import { AppError } from '../errors.ts'
import { newId } from '../ledger/ids.ts'
import type { Unit } from '../ledger/ledger.ts'
import { lockHead } from '../ledger/lock-head.ts'
import { type AsOf, lastPositionAt, positionAt } from '../ledger/position-at.ts'
import type { Access } from '../members/resolve-access.ts'
import type { Services } from '../services.ts'
import { keepDays } from './expiry.ts'
import { noProgress } from './export-record.ts'
import { commandExport } from './export-stream.ts'

/** What a person asks for: the whole organization, a period, which without an end ends now, or an assessment. */
export type AskedScope =
  | { kind: 'organization' }
  | { kind: 'period'; from: Date; to: Date | null }
  | { kind: 'assessment'; assessmentId: string }

/**
 * Records that an archive was asked for and puts its making into the queue. It covers what was recorded up to this moment,
 * the request itself included; an auditor's lies within the grant.
 * @throws {AppError} bad_input by field, not_found outside an auditor's period
 */
export async function requestExport(
  services: Pick<Services, 'clock' | 'ledger' | 'queue'>,
  access: Access,
  asked: AskedScope,
): Promise<{ exportId: string }> {
  const { organizationId, userId } = access
  const exportId = newId()
  await services.ledger.command(organizationId, `user:${userId}`, async unit => {
    // No event may come between the instant that is chosen and the position that belongs to it.
    await lockHead(unit)
    const now = await positionAt(unit.transaction, organizationId, services.clock, { kind: 'now' })
    const scope =
      asked.kind === 'assessment'
        ? await scopeOfAssessment(unit, access, asked.assessmentId, now)
        : scopeOf(access, asked, now.instant)
    const { recordedAt, position } = await commandExport(unit, exportId, { type: 'request', exportId, scope })
    const period =
      scope.kind === 'organization' ? null : { from: new Date(scope.from), to: new Date(scope.to) }
    const assessmentId = scope.kind === 'assessment' ? scope.assessmentId : null
    await unit.transaction.insert(exportArchive).values({
      organizationId,
      id: exportId,
      requestedBy: userId,
      requestedAt: recordedAt,
      periodFrom: period?.from ?? null,
      periodTo: period?.to ?? null,
      asOfInstant: period?.to ?? recordedAt,
      asOfPosition: period ? await positionInside(unit, period.to) : position,
      assessmentId,
      assessmentPosition: assessmentId === null ? null : position,
      status: 'requested',
      progress: noProgress(),
      expiresAt: keepDays(recordedAt),
    })
    await services.queue.enqueue(unit.transaction, 'export-archive', { organizationId, exportId })
  })
  return { exportId }
}

/** An assessment that somebody may see, for its period as far as it has passed. */
async function scopeOfAssessment(
  { transaction }: Unit,
  access: Access,
  assessmentId: string,
  { instant, position }: AsOf,
): Promise<ExportScope> {
  const { periodFrom, periodTo } = await visibleAssessment(transaction, access, position, assessmentId)
  const to = new Date(Math.min(periodTo.getTime(), instant.getTime()))
  if (to <= periodFrom) throw notBegun()
  return { kind: 'assessment', assessmentId, from: periodFrom.toISOString(), to: to.toISOString() }
}

function scopeOf(access: Access, asked: Exclude<AskedScope, { kind: 'assessment' }>, now: Date): ExportScope {
  const grant = access.role === 'auditor' ? access.grant : null
  if (access.role === 'auditor' && !grant) throw new AppError('forbidden', 'an auditor without a grant')
  if (asked.kind === 'organization') {
    if (grant) throw outsideGrant(grant, 'Choose a period within it.')
    return { kind: 'organization' }
  }
  const { from } = asked
  const to = asked.to ?? (grant && grant.periodTo < now ? grant.periodTo : now)
  if (to > now)
    throw refuse({ to: 'This is in the future: nothing is known of it yet. Leave it empty to end now.' })
  if (from >= to) throw refuse({ to: 'The period must end after it begins.' })
  if (grant && (from < grant.periodFrom || to > grant.periodTo)) {
    throw outsideGrant(grant, 'Choose a period within it.')
  }
  return { kind: 'period', from: from.toISOString(), to: to.toISOString() }
}

async function positionInside({ transaction, organizationId }: Unit, to: Date): Promise<number> {
  const position = await lastPositionAt(transaction, organizationId, to)
  if (position < 0)
    throw refuse({ to: 'This is before the organization’s first event: there is nothing to export.' })
  return position
}

const notBegun = () =>
  new AppError('precondition_failed', 'the period of the assessment has not begun', {
    userMessage: 'The period of this assessment has not begun yet: there is nothing to export.',
  })

const refuse = (fields: Record<string, string>) =>
  new AppError('bad_input', 'export form refused', { fields })

const outsideGrant = ({ periodFrom, periodTo }: { periodFrom: Date; periodTo: Date }, remedy: string) =>
  new AppError('not_found', 'an export outside the auditor’s period', {
    userMessage: `Your access covers ${minuteWords(periodFrom)} to ${minuteWords(periodTo)}. ${remedy}`,
    details: { periodFrom: periodFrom.toISOString(), periodTo: periodTo.toISOString() },
  })
