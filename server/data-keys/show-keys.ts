import { eq } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { keyObstacle, organizationProfile } from '../../db/schema/state.ts'
import { notFound } from '../errors.ts'
import type { AsOf } from '../ledger/position-at.ts'
import { holdsAt } from '../projections/range.ts'
import type { Services } from '../services.ts'
import { listKeys } from '../vault/key-records.ts'
import { countValues } from './sealed-values.ts'

/** Which key wrapped the data keys as of a moment, and at present the data keys and what is left to do on them. */
export async function showKeys(
  { vault }: Pick<Services, 'vault'>,
  transaction: Transaction,
  organizationId: string,
  { position, isNow }: AsOf,
) {
  const [profile] = await transaction
    .select({ kmsKeyId: organizationProfile.kmsKeyId })
    .from(organizationProfile)
    .where(holdsAt(organizationProfile, organizationId, position))
  if (!profile) throw notFound('organization')
  return {
    organizationId,
    ownKmsKeyId: profile.kmsKeyId,
    present: isNow ? await showPresent({ vault }, transaction, organizationId) : null,
  }
}

async function showPresent(
  { vault }: Pick<Services, 'vault'>,
  transaction: Transaction,
  organizationId: string,
) {
  const keys = await listKeys(transaction, organizationId)
  const wrappingKey = await vault.wrappingKey(transaction, organizationId)
  const { all, before } = await countValues(transaction, organizationId, keys[0]?.version ?? 0)
  const [obstacle] = await transaction
    .select({ at: keyObstacle.at, explanation: keyObstacle.explanation })
    .from(keyObstacle)
    .where(eq(keyObstacle.organizationId, organizationId))
  return {
    dataKeys: keys.map(({ version, createdAt, retiredAt, kmsKeyId }, index) => ({
      version,
      createdAt,
      state:
        index === 0 ? ('seals' as const) : retiredAt ? ('retired' as const) : ('being_replaced' as const),
      isWrappedAsChosen: kmsKeyId === wrappingKey,
    })),
    secrets: all,
    secretsLeft: before,
    obstacle: obstacle ?? null,
  }
}
