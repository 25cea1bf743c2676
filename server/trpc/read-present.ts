import type { Transaction } from '../../db/client.ts'
import type { AsOf, AsOfRequest } from '../ledger/position-at.ts'
import { assertWithinGrant } from '../members/auditor-window.ts'
import type { Access } from '../members/resolve-access.ts'
import type { Services } from '../services.ts'
import { answeredAsOf, type Reading } from './read-as-of.ts'

type Asking = { access: Access; asOf: AsOfRequest }

/**
 * Reads what people made of the ledger, exports and assessments, as it stood at the moment that was asked for. Without
 * one it is now, for an auditor whose period is over as well: what may be examined is bounded, not when that was done.
 */
export async function readPresent<T extends object>(
  ctx: Asking & Reading & { services: Pick<Services, 'ledger'> },
  asked: string | undefined,
  work: (transaction: Transaction, asOf: AsOf) => Promise<T>,
): Promise<T & { asOf: ReturnType<typeof answeredAsOf> }> {
  const { services, access, reading } = ctx
  const request = presentOr(ctx, asked)
  const read = async (transaction: Transaction, asOf: AsOf) => {
    assertPresent(ctx, request, asOf)
    return { ...(await work(transaction, asOf)), asOf: answeredAsOf(asOf) }
  }
  return services.ledger.query(access.organizationId, request, read, reading)
}

/** The moment that was asked for, or now: the last instant of a period that is over is the present of its auditor. */
export function presentOr({ access, asOf }: Asking, asked: string | undefined): AsOfRequest {
  const isLast =
    (asOf.kind === 'instant' || asOf.kind === 'pair') &&
    asOf.instant.getTime() === access.grant?.periodTo.getTime()
  return asked === undefined || isLast ? { kind: 'now' } : asOf
}

/** A moment that was asked for lies in an auditor's period; the present may lie behind it. @throws {AppError} not_found */
export function assertPresent({ access }: Asking, request: AsOfRequest, asOf: AsOf): void {
  if (request.kind !== 'now') assertWithinGrant(access, asOf)
}
