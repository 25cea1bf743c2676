import { and, eq } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { credential } from '../../db/schema/state.ts'
import type { TokenCacheStore } from '../connectors/contract.ts'
import { LeaseLost } from '../evidence/lease.ts'
import { sha256 } from '../ledger/canonical.ts'
import type { Services } from '../services.ts'
import type { Secret } from '../vault/secret.ts'

export type CredentialField = 'client_secret' | 'token_cache'

type Vaulted = Pick<Services, 'vault' | 'clock'>

/** Seals a secret and stores it as the connection's, replacing what stood there. */
export async function storeCredential(
  services: Vaulted,
  transaction: Transaction,
  organizationId: string,
  connectionId: string,
  field: CredentialField,
  secret: Secret,
): Promise<void> {
  const sealed = await services.vault.seal(
    transaction,
    { organizationId, record: connectionId, field },
    secret,
  )
  const updatedAt = services.clock.now()
  await transaction
    .insert(credential)
    .values({ organizationId, connectionId, field, sealed, updatedAt })
    .onConflictDoUpdate({
      target: [credential.organizationId, credential.connectionId, credential.field],
      set: { sealed, updatedAt },
    })
}

/** Opens a credential; null where there is none (it was revoked). */
export async function openCredential(
  services: Vaulted,
  transaction: Transaction,
  organizationId: string,
  connectionId: string,
  field: CredentialField,
): Promise<Secret | null> {
  const [row] = await transaction
    .select({ sealed: credential.sealed })
    .from(credential)
    .where(isCredential(organizationId, connectionId, field))
  return row
    ? services.vault.open(transaction, { organizationId, record: connectionId, field }, row.sealed)
    : null
}

/** Destroys all credentials of a connection. @returns the fields that were destroyed, sorted */
export async function destroyCredentials(
  transaction: Transaction,
  organizationId: string,
  connectionId: string,
): Promise<string[]> {
  const rows = await transaction
    .delete(credential)
    .where(and(eq(credential.organizationId, organizationId), eq(credential.connectionId, connectionId)))
    .returning({ field: credential.field })
  return rows.map(row => row.field).sort()
}

/** Destroys the tokens alone: a credential that can do more than it may is not kept until somebody has acted. */
export async function destroyTokens(
  transaction: Transaction,
  { organizationId, connectionId }: { organizationId: string; connectionId: string },
): Promise<void> {
  await transaction.delete(credential).where(isCredential(organizationId, connectionId, 'token_cache'))
}

/**
 * The connector's view of the token cache: opened for reading, and written back only over what was read. A cache that
 * comes back after a new sign-in would put the old one in its place: it is dropped.
 */
export function tokenCacheStore(
  services: Vaulted & Pick<Services, 'database'>,
  organizationId: string,
  connectionId: string,
): TokenCacheStore {
  const field = 'token_cache'
  const place = { organizationId, record: connectionId, field }
  const isCache = isCredential(organizationId, connectionId, field)
  let known: { sealed: Buffer; digest: Buffer } | null = null
  const digestOf = (cache: Secret) => sha256(cache.reveal())
  /** The same bytes, or the same cache sealed anew under another data key meanwhile. */
  const isKnown = async (transaction: Transaction, sealed: Buffer) => {
    if (known === null || known.sealed.equals(sealed)) return known !== null
    return digestOf(await services.vault.open(transaction, place, sealed)).equals(known.digest)
  }
  return {
    read: () =>
      services.database.withOrganization(organizationId, async transaction => {
        const [row] = await transaction.select({ sealed: credential.sealed }).from(credential).where(isCache)
        const cache = row ? await services.vault.open(transaction, place, row.sealed) : null
        known = row && cache ? { sealed: row.sealed, digest: digestOf(cache) } : null
        return cache
      }),
    write: cache =>
      services.database.withOrganization(organizationId, async transaction => {
        const sealed = await services.vault.seal(transaction, place, cache)
        const [row] = await transaction
          .select({ sealed: credential.sealed })
          .from(credential)
          .where(isCache)
          .for('update')
        // Revoking deletes the row; a cache that comes back later must not bring it back.
        if (!row) throw new LeaseLost()
        if (!(await isKnown(transaction, row.sealed))) return
        await transaction.update(credential).set({ sealed, updatedAt: services.clock.now() }).where(isCache)
        known = { sealed, digest: digestOf(cache) }
      }),
  }
}

const isCredential = (organizationId: string, connectionId: string, field: CredentialField) =>
  and(
    eq(credential.organizationId, organizationId),
    eq(credential.connectionId, connectionId),
    eq(credential.field, field),
  )
