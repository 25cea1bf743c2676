import { sealedStream } from '../../db/schema/ledger.ts'
import { requireApprovable } from '../domain/assessment/assessment.ts'
import { AppError } from '../errors.ts'
import type { Unit } from '../ledger/ledger.ts'
import { lockHead } from '../ledger/lock-head.ts'
import { sealNow } from '../ledger/seal-log.ts'
import type { Access } from '../members/resolve-access.ts'
import type { Services } from '../services.ts'
import { commandAssessment, loadAssessment } from './assessment-stream.ts'
import { countSealed, sealBodies } from './seal-bodies.ts'

type Sealing = Pick<Services, 'ledger' | 'database' | 'signer' | 'logger' | 'appOrigin'>

const attempts = 3

/**
 * Approves what another person submitted, and seals it: in one transaction the approval becomes the last event of the
 * assessment's stream, the stream is closed, and the contents of the attached populations are held for good. The
 * approval names a signed checkpoint that covers everything that was approved: the log is sealed before, behind no lock.
 * @throws {AppError} not_found; bad_input for another word than the name; precondition_failed for self-approval and what
 * is not submitted; unavailable where no checkpoint can be signed
 */
export async function approveAssessment(
  services: Sealing,
  { organizationId, userId }: Pick<Access, 'organizationId' | 'userId'>,
  { assessmentId, confirmation }: { assessmentId: string; confirmation: string },
): Promise<void> {
  const actor = `user:${userId}`
  // Nothing is signed for what would be refused.
  await services.ledger.command(organizationId, actor, async unit => {
    const { state } = await loadAssessment(unit, assessmentId)
    requireApprovable(state, userId)
    if (confirmation.trim() !== state.name) throw unconfirmed(state.name)
  })
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const { size, root } = await sealNow(services, organizationId)
    const checkpoint = { size, root: root.toString('hex') }
    const isApproved = await services.ledger.command(organizationId, actor, unit =>
      approve(unit, { assessmentId, userId, checkpoint }),
    )
    if (isApproved) return
  }
  throw new AppError('conflict', 'the assessment moved on while it was sealed')
}

/** False where the checkpoint does not cover the assessment: it was sent back and submitted again in between. */
async function approve(
  unit: Unit,
  asked: { assessmentId: string; userId: string; checkpoint: { size: number; root: string } },
): Promise<boolean> {
  const { assessmentId, userId, checkpoint } = asked
  // Before the rows of bodies, as a purge takes them: of the two one waits, and neither for the other.
  await lockHead(unit)
  const loaded = await loadAssessment(unit, assessmentId)
  requireApprovable(loaded.state, userId)
  if (loaded.position >= checkpoint.size) return false
  const { transaction, organizationId } = unit
  await sealBodies(transaction, organizationId, assessmentId)
  const { itemsSealed, itemsGone } = await countSealed(transaction, organizationId, assessmentId)
  await commandAssessment(unit, loaded, { type: 'approve', userId, checkpoint, itemsSealed, itemsGone })
  await transaction.insert(sealedStream).values({ organizationId, streamId: assessmentId })
  return true
}

const unconfirmed = (name: string) =>
  new AppError('bad_input', 'not confirmed', {
    fields: { confirmation: `Type the assessment’s name, ${name}, to confirm.` },
  })
