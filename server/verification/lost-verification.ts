import type { Transaction } from '../../db/client.ts'
import type { Services } from '../services.ts'
import { listVerifications } from './stored-verification.ts'

/** After this long nobody waits for it any more, and what ended its workers is not to end others every hour. */
const longestWait = 24 * 60 * 60_000

/** The safety net: a job for the newest verification where nobody was heard of that takes it up, whatever became of its own. */
export async function enqueueLostVerification(
  { queue, clock }: Pick<Services, 'queue' | 'clock'>,
  transaction: Transaction,
  organizationId: string,
): Promise<void> {
  const now = clock.now()
  const [newest] = await listVerifications(transaction, organizationId, { now, limit: 1 })
  if (!newest) return
  const isSilent = newest.status === 'broken' && newest.finishedAt === null
  if (isSilent && now.getTime() - newest.requestedAt.getTime() < longestWait)
    await queue.enqueue(transaction, 'verify-ledger', { organizationId, verificationId: newest.id })
}
