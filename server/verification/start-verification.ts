import { verification } from '../../db/schema/state.ts'
import { readLogHead } from '../ledger/checkpoints.ts'
import { newId } from '../ledger/ids.ts'
import { lockHead } from '../ledger/lock-head.ts'
import type { Services } from '../services.ts'
import { isOpen, listVerifications } from './stored-verification.ts'

/**
 * Asks for a verification of the whole ledger. One that waits or runs already is not doubled.
 * @returns whether it is a new one
 */
export async function startVerification(
  services: Pick<Services, 'database' | 'queue' | 'clock'>,
  { organizationId, userId }: { organizationId: string; userId: string },
): Promise<{ isNew: boolean }> {
  return services.database.withOrganization(organizationId, async transaction => {
    await lockHead({ transaction, organizationId })
    const now = services.clock.now()
    const [newest] = await listVerifications(transaction, organizationId, { now, limit: 1 })
    if (newest && isOpen(newest.status)) return { isNew: false }
    const id = newId()
    const { size } = await readLogHead(transaction, organizationId)
    await transaction.insert(verification).values({
      organizationId,
      id,
      requestedBy: userId,
      requestedAt: now,
      status: 'waiting',
      size,
      progress: { part: 'waiting', done: 0, of: null, at: now.toISOString() },
    })
    await services.queue.enqueue(transaction, 'verify-ledger', { organizationId, verificationId: id })
    return { isNew: true }
  })
}
