import { z } from 'zod'
import type { Transaction } from '../../db/client.ts'
import type { SnapshotReader } from '../../db/shared-snapshot.ts'
import type { AsOf, AsOfRequest } from '../ledger/position-at.ts'
import { assertWithinGrant, boundAsOf } from '../members/auditor-window.ts'
import type { Access } from '../members/resolve-access.ts'
import type { Services } from '../services.ts'
import { formatAsOf, parseAsOf } from './as-of.ts'

/** What an answer says of the moment it is about. */
export const asOfOutput = z.strictObject({
  instant: z.date(),
  position: z.int(),
  isNow: z.boolean(),
  /** The form that addresses carry; null for now. */
  text: z.string().nullable(),
})

type Asking = { services: Pick<Services, 'ledger'>; access: Access }
/** Procedures of one request share what they read in. */
export type Reading = { reading: SnapshotReader }

/**
 * Reads as of what the caller asked, inside an auditor's period, and says in the answer which moment that was.
 * @throws {AppError} bad_input for a moment that cannot be looked up, not_found for one outside the period
 */
export async function readAsOf<T extends object>(
  ctx: Asking & Reading & { asOf: AsOfRequest },
  work: (transaction: Transaction, asOf: AsOf) => Promise<T>,
): Promise<T & { asOf: z.infer<typeof asOfOutput> }> {
  const { services, access, asOf, reading } = ctx
  const read = async (transaction: Transaction, asOf: AsOf) => {
    assertWithinGrant(access, asOf)
    return { ...(await work(transaction, asOf)), asOf: answeredAsOf(asOf) }
  }
  return services.ledger.query(access.organizationId, asOf, read, reading)
}

/**
 * Resolves a second moment that an input names, by the same rules.
 * @throws {AppError} bad_input, not_found as {@link readAsOf}
 */
export async function resolveAsOf({ services: { ledger }, access }: Asking, text: string): Promise<AsOf> {
  const request = boundAsOf(access, parseAsOf(text), ledger.clock.now())
  const asOf = await ledger.resolve(access.organizationId, request)
  assertWithinGrant(access, asOf)
  return asOf
}

/** A resolved moment as answers carry it. */
export const answeredAsOf = (asOf: AsOf): z.infer<typeof asOfOutput> => {
  const { instant, position, isNow } = asOf
  return { instant, position, isNow, text: formatAsOf(asOf) }
}
