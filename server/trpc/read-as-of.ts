import { z } from 'zod'
import type { Transaction } from '../../db/client.ts'
import type { AsOf, AsOfRequest } from '../ledger/position-at.ts'
import { assertWithinGrant } from '../members/auditor-window.ts'
import type { Access } from '../members/resolve-access.ts'
import type { Services } from '../services.ts'
import { formatAsOf } from './as-of.ts'

/** What an answer says of the moment it is about. */
export const asOfOutput = z.strictObject({
  instant: z.date(),
  position: z.int(),
  isNow: z.boolean(),
  /** The form that addresses carry; null for now. */
  text: z.string().nullable(),
})

/**
 * Reads as of what the caller asked, inside an auditor's period, and says in the answer which moment that was.
 * @throws {AppError} bad_input for a moment that cannot be looked up, forbidden for one outside the period
 */
export async function readAsOf<T extends object>(
  ctx: { services: Pick<Services, 'ledger'>; access: Access; asOf: AsOfRequest },
  work: (transaction: Transaction, asOf: AsOf) => Promise<T>,
): Promise<T & { asOf: z.infer<typeof asOfOutput> }> {
  const { services, access } = ctx
  return services.ledger.query(access.organizationId, ctx.asOf, async (transaction, asOf) => {
    assertWithinGrant(access, asOf)
    const answer = await work(transaction, asOf)
    const { instant, position, isNow } = asOf
    return { ...answer, asOf: { instant, position, isNow, text: formatAsOf(asOf) } }
  })
}
