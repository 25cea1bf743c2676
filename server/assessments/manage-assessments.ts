import { readCatalogue } from '../coverage/read-coverage.ts'
import {
  type AssessmentCommand,
  type AssessmentState,
  initialAssessment,
} from '../domain/assessment/assessment.ts'
import { notFound } from '../errors.ts'
import { newId } from '../ledger/ids.ts'
import { lockHead } from '../ledger/lock-head.ts'
import { positionAt } from '../ledger/position-at.ts'
import type { Access } from '../members/resolve-access.ts'
import type { Services } from '../services.ts'
import type { AssessmentPeriod } from './assessment-fields.ts'
import { commandAssessment, loadAssessment } from './assessment-stream.ts'

type Actor = Pick<Access, 'organizationId' | 'userId'>
type Ledgered = Pick<Services, 'ledger' | 'clock'>

/**
 * Opens an assessment of controls of the catalogue that is in force now.
 * @throws {AppError} precondition_failed for a period or controls that the rules refuse
 */
export async function openAssessment(
  { ledger, clock }: Ledgered,
  { organizationId, userId }: Actor,
  { name, period, controls }: { name: string; period: AssessmentPeriod; controls: readonly string[] },
): Promise<{ assessmentId: string }> {
  const assessmentId = newId()
  await ledger.command(organizationId, `user:${userId}`, async unit => {
    await lockHead(unit)
    const { position } = await positionAt(unit.transaction, organizationId, clock, { kind: 'now' })
    const { version } = await readCatalogue(unit.transaction, organizationId, position)
    await commandAssessment(
      unit,
      { state: initialAssessment, version: 0 },
      {
        type: 'open',
        assessmentId,
        name,
        ...inWords(period),
        controls: [...new Set(controls)].sort(),
        catalogueVersion: version,
        now: unit.now.toISOString(),
      },
    )
  })
  return { assessmentId }
}

/** Calls an open assessment differently. @throws {AppError} not_found, precondition_failed */
export const renameAssessment = (services: Ledgered, actor: Actor, assessmentId: string, name: string) =>
  change(services, actor, assessmentId, () => ({ type: 'rename', name }))

/** Gives an open assessment another period. @throws {AppError} not_found, precondition_failed */
export const changePeriod = (
  services: Ledgered,
  actor: Actor,
  assessmentId: string,
  period: AssessmentPeriod,
) => change(services, actor, assessmentId, now => ({ type: 'change_period', ...inWords(period), now }))

/** Takes evidence off an open assessment. @throws {AppError} not_found, precondition_failed */
export const detachEvidence = (
  services: Ledgered,
  actor: Actor,
  { assessmentId, attachmentId, reason }: { assessmentId: string; attachmentId: string; reason: string },
) =>
  change(services, actor, assessmentId, (_, { attached }) => {
    if (!attached.has(attachmentId)) throw notFound('attached evidence')
    return { type: 'detach', attachmentId, reason }
  })

/** Hands an assessment to who approves it. @throws {AppError} not_found, precondition_failed */
export const submitAssessment = (services: Ledgered, actor: Actor, assessmentId: string) =>
  change(services, actor, assessmentId, now => ({ type: 'submit', userId: actor.userId, now }))

/** Gives a submitted assessment back to be worked on. @throws {AppError} not_found, precondition_failed */
export const sendBack = (services: Ledgered, actor: Actor, assessmentId: string, reason: string) =>
  change(services, actor, assessmentId, () => ({ type: 'send_back', userId: actor.userId, reason }))

async function change(
  { ledger }: Ledgered,
  { organizationId, userId }: Actor,
  assessmentId: string,
  command: (now: string, state: AssessmentState) => AssessmentCommand,
): Promise<void> {
  await ledger.command(organizationId, `user:${userId}`, async unit => {
    const loaded = await loadAssessment(unit, assessmentId)
    await commandAssessment(unit, loaded, command(unit.now.toISOString(), loaded.state))
  })
}

const inWords = ({ from, to }: AssessmentPeriod) => ({
  periodFrom: from.toISOString(),
  periodTo: to.toISOString(),
})
