import { and, eq } from 'drizzle-orm'
import { itemBody } from '../../db/schema/ledger.ts'
import type { Unit } from '../ledger/ledger.ts'

/** An item's canonical body; null where it was purged. */
export async function bodyOf(
  { transaction, organizationId }: Pick<Unit, 'transaction' | 'organizationId'>,
  hash: Buffer,
): Promise<string | null> {
  const [row] = await transaction
    .select({ body: itemBody.body })
    .from(itemBody)
    .where(and(eq(itemBody.organizationId, organizationId), eq(itemBody.hash, hash)))
  return row?.body ?? null
}
