import type { Transaction } from '../../db/client.ts'
import type { AsOf, AsOfRequest } from '../ledger/position-at.ts'
import { assertWithinGrant } from '../members/auditor-window.ts'
import type { Access } from '../members/resolve-access.ts'
import type { Services } from '../services.ts'
import { answeredAsOf } from './read-as-of.ts'

/**
 * Reads what people made of the ledger, exports and assessments, as it stood at the moment that was asked for. Without
 * one it is now, for an auditor whose period is over as well: what may be examined is bounded, not when that was done.
 */
export async function readPresent<T extends object>(
  ctx: { services: Pick<Services, 'ledger'>; access: Access; asOf: AsOfRequest },
  asked: string | undefined,
  work: (transaction: Transaction, asOf: AsOf) => Promise<T>,
): Promise<T & { asOf: ReturnType<typeof answeredAsOf> }> {
  const { services, access } = ctx
  return services.ledger.query(access.organizationId, presentOr(ctx, asked), async (transaction, asOf) => {
    if (asked !== undefined) assertWithinGrant(access, asOf)
    return { ...(await work(transaction, asOf)), asOf: answeredAsOf(asOf) }
  })
}

/** The moment that was asked for, or now. */
export const presentOr = (ctx: { asOf: AsOfRequest }, asked: string | undefined): AsOfRequest =>
  asked === undefined ? { kind: 'now' } : ctx.asOf
