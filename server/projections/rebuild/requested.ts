import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Transaction } from '../../../db/client.ts'
import { projectionRebuild } from '../../../db/schema/state.ts'
import { newId } from '../../ledger/ids.ts'
import type { Services } from '../../services.ts'
import { projectionsVersion } from './hold.ts'

/** A rebuild, or a comparison, that was left to the workers. Its record is gone once one has ended. */
type Requested = 'rebuild_requested' | 'check_requested'

/** What one that has ended answers: a rebuild compares as well. */
const answeredBy = (isCheck: boolean): Requested[] =>
  isCheck ? ['check_requested'] : ['check_requested', 'rebuild_requested']

/** Leaves a rebuild to the workers: notes that it was asked for, and puts its job into the queue. */
export async function requestRebuild(
  { queue, clock }: Pick<Services, 'queue' | 'clock'>,
  transaction: Transaction,
  { organizationId, isCheck }: { organizationId: string; isCheck: boolean },
): Promise<void> {
  await transaction.insert(projectionRebuild).values({
    organizationId,
    id: newId(),
    startedAt: clock.now(),
    status: (isCheck ? 'check_requested' : 'rebuild_requested') satisfies Requested,
    version: projectionsVersion,
    appliedPosition: -1,
  })
  await queue.enqueue(transaction, 'rebuild-projections', { organizationId, isCheck })
}

/** In the transaction of a rebuild's end: whoever asked for it until now has had what they asked for. */
export async function settleRequests(
  transaction: Transaction,
  organizationId: string,
  isCheck: boolean,
): Promise<void> {
  await transaction
    .delete(projectionRebuild)
    .where(
      and(
        eq(projectionRebuild.organizationId, organizationId),
        inArray(projectionRebuild.status, answeredBy(isCheck)),
      ),
    )
}

/** A job that waits is taken up within this time as a rule; one that was lost never is. */
const silence = 10 * 60_000
/** After this long nobody waits for it any more, and what ended its workers is not to end others every hour. */
const longestWait = 24 * 60 * 60_000

/** The safety net: a job for what was asked for and nobody has at hand, whatever became of its own. */
export async function enqueueLostRebuild(
  { queue, clock }: Pick<Services, 'queue' | 'clock'>,
  transaction: Transaction,
  organizationId: string,
): Promise<void> {
  const rows = await transaction
    .select({
      status: projectionRebuild.status,
      startedAt: projectionRebuild.startedAt,
      isHeld: sql<boolean>`coalesce(${projectionRebuild.leaseUntil} > statement_timestamp(), false)`,
    })
    .from(projectionRebuild)
    .where(
      and(
        eq(projectionRebuild.organizationId, organizationId),
        inArray(projectionRebuild.status, ['running', ...answeredBy(false)]),
      ),
    )
  if (rows.some(({ isHeld }) => isHeld)) return
  const now = clock.now().getTime()
  const lost = rows.filter(({ status, startedAt }) => {
    const age = now - startedAt.getTime()
    return status !== 'running' && age > silence && age < longestWait
  })
  if (lost.length === 0) return
  const isCheck = lost.every(({ status }) => status === 'check_requested')
  await queue.enqueue(transaction, 'rebuild-projections', { organizationId, isCheck })
}
