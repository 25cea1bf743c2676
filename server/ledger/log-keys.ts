import { asc, eq } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { logKey } from '../../db/schema/log.ts'
import { adoptSigningKey } from '../domain/log/signing-keys.ts'
import { derivedId } from './ids.ts'
import type { Ledger, Unit } from './ledger.ts'
import { lockHead } from './lock-head.ts'
import { logOriginOf } from './log-origin.ts'
import type { SignerKey } from './log-signer.ts'
import { base64Of } from './strict-base64.ts'
import { type KeyAlgorithm, type VerifierKey, verifierKey } from './verifier-key.ts'

export const sealerActor = 'system:sealer'

/** A key that signs or has signed an organization's checkpoints. Its name is the log's origin. */
export interface LogKey extends VerifierKey {
  /** The event that announced it. */
  position: number
}

/** Keys in the order of their adoption. */
export async function readLogKeys(transaction: Transaction, organizationId: string): Promise<LogKey[]> {
  const rows = await transaction
    .select()
    .from(logKey)
    .where(eq(logKey.organizationId, organizationId))
    .orderBy(asc(logKey.position))
  return rows.map(({ origin, keyId, algorithm, publicKey, position }) => ({
    name: origin,
    keyId,
    // The column's check admits no other.
    algorithm: algorithm as KeyAlgorithm,
    publicKey,
    position,
  }))
}

/**
 * The key that signs the organization's checkpoints from now on. One that is new to the log is adopted first: an event
 * and its row in one transaction. The origin was fixed with the organization, or with its first key where its creation did
 * not say it; what the deployment is called today plays no part.
 */
export async function adoptKey(
  ledger: Ledger,
  organizationId: string,
  { key: { algorithm, publicKey, kmsKeyId }, appOrigin }: { key: SignerKey; appOrigin: string },
): Promise<VerifierKey> {
  const before = await ledger.database.withOrganization(organizationId, transaction =>
    readLogKeys(transaction, organizationId),
  )
  const [first] = before
  const own = first && verifierKey({ name: first.name, algorithm, publicKey })
  if (own && before.some(({ keyId }) => keyId === own.keyId)) return own
  return ledger.command(organizationId, sealerActor, async unit => {
    await lockHead(unit)
    const known = await readLogKeys(unit.transaction, organizationId)
    const name = known[0]?.name ?? (await createdOrigin(unit)) ?? logOriginOf(appOrigin, organizationId)
    const key = verifierKey({ name, algorithm, publicKey })
    const events = adoptSigningKey(payloadOf(key), known.map(payloadOf))
    await unit.append(
      { type: 'organization', id: organizationId },
      'any',
      events.map(event => ({ ...event, id: derivedId('signing-key', organizationId, key.keyId) })),
      async ([recorded]) => {
        if (!recorded) return
        await unit.transaction.insert(logKey).values({
          organizationId,
          keyId: key.keyId,
          origin: key.name,
          algorithm,
          publicKey: Buffer.from(publicKey),
          kmsKeyId,
          position: recorded.position,
        })
      },
    )
    return key
  })
}

/** What the organization's first event says; null where it was recorded before it said so. */
async function createdOrigin({ load, organizationId }: Unit): Promise<string | null> {
  const events = await load(organizationId)
  return events.find(event => event.type === 'OrganizationCreated')?.payload.logOrigin ?? null
}

const payloadOf = ({ keyId, name, algorithm, publicKey }: VerifierKey) => ({
  keyId,
  origin: name,
  algorithm,
  publicKey: base64Of(publicKey),
})
