import { and, desc, eq } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { dataKey, organizationProfile } from '../../db/schema/state.ts'
import { isOpen } from '../projections/range.ts'

/** A data key as it is stored: wrapped by a key of the key service. */
export type KeyRow = Omit<typeof dataKey.$inferSelect, 'organizationId'>

const columns = {
  version: dataKey.version,
  wrapped: dataKey.wrapped,
  kmsKeyId: dataKey.kmsKeyId,
  createdAt: dataKey.createdAt,
  retiredAt: dataKey.retiredAt,
}

/** Every data key of an organization, the newest first. */
export const listKeys = (transaction: Transaction, organizationId: string): Promise<KeyRow[]> =>
  transaction
    .select(columns)
    .from(dataKey)
    .where(eq(dataKey.organizationId, organizationId))
    .orderBy(desc(dataKey.version))

/**
 * The key that seals now. It is held until the transaction ends, so that it does not retire before what is sealed under
 * it can be seen.
 */
export async function holdNewestKey(
  transaction: Transaction,
  organizationId: string,
): Promise<KeyRow | undefined> {
  const [row] = await transaction
    .select(columns)
    .from(dataKey)
    .where(eq(dataKey.organizationId, organizationId))
    .orderBy(desc(dataKey.version))
    .limit(1)
    .for('key share')
  return row
}

export async function findKey(
  transaction: Transaction,
  organizationId: string,
  version: number,
): Promise<KeyRow | undefined> {
  const [row] = await transaction
    .select(columns)
    .from(dataKey)
    .where(and(eq(dataKey.organizationId, organizationId), eq(dataKey.version, version)))
  return row
}

/** The key of the key service that an organization brought; null where it uses the product's. */
export async function chosenKmsKey(transaction: Transaction, organizationId: string): Promise<string | null> {
  const [profile] = await transaction
    .select({ kmsKeyId: organizationProfile.kmsKeyId })
    .from(organizationProfile)
    .where(isOpen(organizationProfile, organizationId))
  return profile?.kmsKeyId ?? null
}
