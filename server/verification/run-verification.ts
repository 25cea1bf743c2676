import { and, eq } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { verification } from '../../db/schema/state.ts'
import { derivedId } from '../ledger/ids.ts'
import type { JobPayload } from '../queue.ts'
import type { Services } from '../services.ts'
import { ProgressWriter } from './progress-writer.ts'
import { isOpen, type StoredResult, type VerificationStatus } from './stored-verification.ts'
import { type VerificationResult, verifyLedger } from './verify-ledger.ts'

export const verifierActor = 'system:verifier'

type Key = JobPayload<'verify-ledger'>
type VerifyingServices = Pick<Services, 'database' | 'ledger' | 'clock' | 'logger'>

/**
 * Runs a verification that was asked for and records how it came out, as an event and for the page. One that has come
 * to its end is not run again; where the signal ends it, it waits for the next worker.
 */
export async function runVerification(
  services: VerifyingServices,
  key: Key,
  signal: AbortSignal,
): Promise<void> {
  const { database, logger } = services
  const { organizationId } = key
  const asked = await database.withOrganization(organizationId, transaction => take(transaction, key))
  if (!asked) return
  const writer = new ProgressWriter(services, key)
  try {
    const result = await verifyLedger({
      database,
      organizationId,
      signal,
      onProgress: progress => writer.note(progress),
    })
    await writer.settled()
    await record(services, key, asked.requestedBy, result)
    const { outcome, size } = result
    if (outcome === 'fails') logger.error({ ...key, problems: result.problems }, 'a ledger does not hold')
    else logger.info({ ...key, size }, 'a ledger was verified')
  } catch (error) {
    await writer.settled()
    if (signal.aborted) throw error
    logger.error({ err: error, ...key }, 'a verification broke off')
    await breakOff(services, key)
  }
}

/** Null for one that is unknown or over. */
async function take(transaction: Transaction, { organizationId, verificationId }: Key) {
  const own = and(eq(verification.organizationId, organizationId), eq(verification.id, verificationId))
  const [row] = await transaction
    .select({ status: verification.status, requestedBy: verification.requestedBy })
    .from(verification)
    .where(own)
    .for('update')
  // Written by this folder alone.
  if (!row || !isOpen(row.status as VerificationStatus)) return null
  await transaction.update(verification).set({ status: 'running' }).where(own)
  return row
}

async function record(
  { ledger }: Pick<Services, 'ledger'>,
  { organizationId, verificationId }: Key,
  requestedBy: string,
  result: VerificationResult,
) {
  const { size, root, outcome, problems } = result
  await ledger.command(organizationId, verifierActor, async unit => {
    const [recorded] = await unit.append({ type: 'verification', id: verificationId }, 0, [
      {
        id: derivedId(verificationId, 'verified'),
        type: 'LedgerVerified',
        payload: { size, root, outcome, problems, requestedBy },
      },
    ])
    if (!recorded) return
    await finish(unit.transaction, { organizationId, verificationId }, 'done', unit.now, {
      ...result,
      position: recorded.position,
    })
  })
}

/** What broke off was ours, and says nothing of the ledger. */
async function breakOff({ database, clock }: Pick<Services, 'database' | 'clock'>, key: Key) {
  await database.withOrganization(key.organizationId, transaction =>
    finish(transaction, key, 'broken', clock.now(), {
      explanation:
        'Something went wrong on our side before the end, which says nothing about the log. Start another; if it breaks off again, the log of the worker says why.',
    }),
  )
}

async function finish(
  transaction: Transaction,
  { organizationId, verificationId }: Key,
  status: VerificationStatus,
  finishedAt: Date,
  result: StoredResult,
) {
  await transaction
    .update(verification)
    .set({ status, finishedAt, result })
    .where(and(eq(verification.organizationId, organizationId), eq(verification.id, verificationId)))
}
