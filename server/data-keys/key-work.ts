import { eq } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { keyObstacle } from '../../db/schema/state.ts'
import { type DueKeyWork, dueKeyWork, isWorkDue } from '../domain/vault/keys.ts'
import { AppError } from '../errors.ts'
import type { Services } from '../services.ts'
import { listKeys } from '../vault/key-records.ts'

/** What is left to do on an organization's keys by now. */
export async function readKeyWork(
  { vault, clock }: Pick<Services, 'vault' | 'clock'>,
  transaction: Transaction,
  organizationId: string,
): Promise<DueKeyWork> {
  const keys = await listKeys(transaction, organizationId)
  // Most have one key and have chosen none: nothing is asked twice for them.
  const kmsKeyId = await vault.wrappingKey(transaction, organizationId)
  return dueKeyWork(keys, { kmsKeyId, now: clock.now() })
}

/** Enqueues the work on an organization's keys where there is some, whatever became of its job. */
export async function enqueueDueKeyWork(
  services: Pick<Services, 'vault' | 'clock' | 'queue'>,
  transaction: Transaction,
  organizationId: string,
): Promise<void> {
  const work = await readKeyWork(services, transaction, organizationId)
  if (isWorkDue(work)) await services.queue.enqueue(transaction, 'renew-secrets', { organizationId })
}

/** Keeps what holds the work up, for its page; or forgets it. */
export async function noteKeyObstacle(
  { database, clock }: Pick<Services, 'database' | 'clock'>,
  organizationId: string,
  error: unknown,
): Promise<void> {
  const explanation =
    error instanceof AppError ? error.userMessage : 'Something went wrong on our side; it is tried again.'
  const at = clock.now()
  await database.withOrganization(organizationId, transaction =>
    transaction
      .insert(keyObstacle)
      .values({ organizationId, at, explanation })
      .onConflictDoUpdate({ target: keyObstacle.organizationId, set: { at, explanation } }),
  )
}

export async function forgetKeyObstacle(
  { database }: Pick<Services, 'database'>,
  organizationId: string,
): Promise<void> {
  await database.withOrganization(organizationId, transaction =>
    transaction.delete(keyObstacle).where(eq(keyObstacle.organizationId, organizationId)),
  )
}
