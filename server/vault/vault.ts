import { and, desc, eq } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { dataKey } from '../../db/schema/state.ts'
import type { Clock } from '../clock.ts'
import { AppError } from '../errors.ts'
import {
  EnvelopeError,
  envelopeKeyVersion,
  openEnvelope,
  type SealedPlace,
  sealEnvelope,
} from './envelope.ts'
import { KeyCache } from './key-cache.ts'
import type { EncryptionContext, Kms } from './kms.ts'
import { Secret } from './secret.ts'

/** Seals secrets of an organization so that only it, in the same record and field, can open them again. */
export interface Vault {
  /**
   * Encrypts a secret under the organization's newest data key, which is made on first use. May call KMS: seal before
   * taking locks others wait for. The transaction must be one of the same organization.
   * @throws {AppError} `unavailable` when the key service does not help; nothing was written then.
   */
  seal(transaction: Transaction, place: SealedPlace, secret: Secret): Promise<Buffer>
  /**
   * Decrypts what {@link Vault.seal} made for the same place.
   * @throws {AppError} `unavailable` when the key service does not help; `internal` when the value was damaged, moved or
   * belongs to another organization; `precondition_failed` when its data key was deleted.
   */
  open(transaction: Transaction, place: SealedPlace, sealed: Buffer): Promise<Secret>
  /** Zeroes the keys in memory; afterwards nothing can be sealed or opened. */
  close(): void
}

export function createVault({ kms, kmsKeyId, clock }: { kms: Kms; kmsKeyId: string; clock: Clock }): Vault {
  const cache = new KeyCache(clock)

  const withKey = <T>(organizationId: string, row: KeyRow, work: (key: Buffer) => T) =>
    cache.use(
      row.wrapped,
      () => kms.decrypt(row.kmsKeyId, row.wrapped, keyContext(organizationId, row.version)),
      work,
    )

  /** The first key is wrapped before its row is written: no one waits for KMS behind our row lock. */
  const createFirstKey = async (transaction: Transaction, organizationId: string): Promise<KeyRow> => {
    const { plaintext, wrapped } = await kms.generateDataKey(kmsKeyId, keyContext(organizationId, 1))
    plaintext.fill(0)
    await transaction
      .insert(dataKey)
      .values({ organizationId, version: 1, wrapped, kmsKeyId, createdAt: clock.now() })
      .onConflictDoNothing()
    // Of two at once the first to commit wins, and both go on with its key.
    const row = await findNewestKey(transaction, organizationId)
    if (!row) throw new AppError('internal', 'the data key just written is not there')
    return row
  }

  return {
    async seal(transaction, place, secret) {
      const { organizationId } = place
      const row =
        (await findNewestKey(transaction, organizationId)) ??
        (await createFirstKey(transaction, organizationId))
      return withKey(organizationId, row, key => {
        const plaintext = Buffer.from(secret.reveal(), 'utf8')
        try {
          return sealEnvelope({ dataKey: key, keyVersion: row.version, place, plaintext })
        } finally {
          plaintext.fill(0)
        }
      })
    },

    async open(transaction, place, sealed) {
      const version = refuseForeign(place, () => envelopeKeyVersion(sealed))
      const row = await findKey(transaction, place.organizationId, version)
      if (!row) throw keyGone(place, version)
      return withKey(place.organizationId, row, key =>
        refuseForeign(place, () => {
          const plaintext = openEnvelope({ dataKey: key, place, sealed })
          try {
            return new Secret(plaintext.toString('utf8'))
          } finally {
            plaintext.fill(0)
          }
        }),
      )
    },

    close: () => cache.close(),
  }
}

type KeyRow = Pick<typeof dataKey.$inferSelect, 'version' | 'wrapped' | 'kmsKeyId'>

const keyContext = (organizationId: string, version: number): EncryptionContext => ({
  organizationId,
  purpose: 'credentials',
  keyVersion: String(version),
})

const keyColumns = { version: dataKey.version, wrapped: dataKey.wrapped, kmsKeyId: dataKey.kmsKeyId }

async function findNewestKey(transaction: Transaction, organizationId: string): Promise<KeyRow | undefined> {
  const [row] = await transaction
    .select(keyColumns)
    .from(dataKey)
    .where(eq(dataKey.organizationId, organizationId))
    .orderBy(desc(dataKey.version))
    .limit(1)
  return row
}

async function findKey(
  transaction: Transaction,
  organizationId: string,
  version: number,
): Promise<KeyRow | undefined> {
  const [row] = await transaction
    .select(keyColumns)
    .from(dataKey)
    .where(and(eq(dataKey.organizationId, organizationId), eq(dataKey.version, version)))
  return row
}

function refuseForeign<T>({ record, field }: SealedPlace, open: () => T): T {
  try {
    return open()
  } catch (error) {
    if (!(error instanceof EnvelopeError)) throw error
    throw new AppError('internal', `a sealed value was refused: ${error.message}`, {
      userMessage: 'A stored credential could not be opened. Authorize the connection again to replace it.',
      details: { record, field },
      cause: error,
    })
  }
}

const keyGone = ({ record, field }: SealedPlace, version: number) =>
  new AppError('precondition_failed', `data key version ${version} is gone`, {
    userMessage: 'The key of this credential was deleted. Authorize the connection again.',
    details: { record, field, version },
  })
