import type { Transaction } from '../../db/client.ts'
import type { AsOfRequest } from '../ledger/position-at.ts'
import { assertWithinGrant } from '../members/auditor-window.ts'
import type { Access } from '../members/resolve-access.ts'
import type { Services } from '../services.ts'
import { answeredAsOf } from './read-as-of.ts'

/**
 * Reads exports as they stood at the instant that was asked for. Without one it is this moment, for an auditor whose
 * period is over as well: what may be exported is bounded, not when.
 */
export async function readExports<T extends object>(
  ctx: { services: Pick<Services, 'ledger'>; access: Access; asOf: AsOfRequest },
  asked: string | undefined,
  work: (transaction: Transaction, at: Date) => Promise<T>,
): Promise<T & { asOf: ReturnType<typeof answeredAsOf> }> {
  const { services, access } = ctx
  const request = asked === undefined ? ({ kind: 'now' } as const) : ctx.asOf
  return services.ledger.query(access.organizationId, request, async (transaction, asOf) => {
    if (asked !== undefined) assertWithinGrant(access, asOf)
    return { ...(await work(transaction, asOf.instant)), asOf: answeredAsOf(asOf) }
  })
}
