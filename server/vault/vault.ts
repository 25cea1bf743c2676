import { and, eq } from 'drizzle-orm'
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
import { chosenKmsKey, findKey, holdNewestKey, type KeyRow } from './key-records.ts'
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
  /**
   * Seals anew, under the organization's newest data key, what {@link Vault.seal} made for the same place.
   * @throws {AppError} as {@link Vault.open} and {@link Vault.seal}
   */
  reseal(transaction: Transaction, place: SealedPlace, sealed: Buffer): Promise<Buffer>
  /**
   * Stores a new data key of this version, which seals from then on. Calls KMS before it writes.
   * @returns the key that wraps it
   * @throws {AppError} `unavailable` as {@link Vault.seal}; `conflict` where the version is there already
   */
  addKey(transaction: Transaction, organizationId: string, version: number): Promise<string>
  /**
   * Wraps a data key anew, by the key that is to wrap the organization's keys. Its bytes never leave the key service.
   * @returns the key that wraps it now, and null where nothing had to change
   * @throws {AppError} `unavailable` as {@link Vault.seal}; nothing was written then
   */
  rewrapKey(
    transaction: Transaction,
    organizationId: string,
    version: number,
  ): Promise<{ kmsKeyId: string; formerKmsKeyId: string } | null>
  /** The key of the key service that is to wrap the organization's data keys. */
  wrappingKey(transaction: Transaction, organizationId: string): Promise<string>
  /**
   * Tries whether a key of the key service can do all that wrapping takes, before anything depends on it.
   * @throws {AppError} `unavailable` with the reason in `details.reason`
   */
  tryWrappingKey(transaction: Transaction, organizationId: string, kmsKeyId: string): Promise<void>
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

  const wrappingKey = async (transaction: Transaction, organizationId: string) =>
    (await chosenKmsKey(transaction, organizationId)) ?? kmsKeyId

  /** Wrapped before its row is written: no one waits for KMS behind our row lock. */
  const writeKey = async (transaction: Transaction, organizationId: string, version: number) => {
    const wrappedBy = await wrappingKey(transaction, organizationId)
    const { plaintext, wrapped } = await kms.generateDataKey(wrappedBy, keyContext(organizationId, version))
    plaintext.fill(0)
    const written = await transaction
      .insert(dataKey)
      .values({ organizationId, version, wrapped, kmsKeyId: wrappedBy, createdAt: clock.now() })
      .onConflictDoNothing()
      .returning({ version: dataKey.version })
    return { wrappedBy, isWritten: written.length > 0 }
  }

  /** Of two at once the first to commit wins, and both go on with its key. */
  const createFirstKey = async (transaction: Transaction, organizationId: string): Promise<KeyRow> => {
    await writeKey(transaction, organizationId, 1)
    const row = await holdNewestKey(transaction, organizationId)
    if (!row) throw new AppError('internal', 'the data key just written is not there')
    return row
  }

  const keyThatSeals = async (transaction: Transaction, organizationId: string) =>
    (await holdNewestKey(transaction, organizationId)) ?? (await createFirstKey(transaction, organizationId))

  /** Opens a value and hands it to `work` in a buffer that is zeroed after. */
  const openWith = async <T>(
    transaction: Transaction,
    place: SealedPlace,
    sealed: Buffer,
    work: (plaintext: Buffer) => T | Promise<T>,
  ): Promise<T> => {
    const version = refuseForeign(place, () => envelopeKeyVersion(sealed))
    const row = await findKey(transaction, place.organizationId, version)
    if (!row) throw keyGone(place, version)
    const plaintext = await withKey(place.organizationId, row, key =>
      refuseForeign(place, () => openEnvelope({ dataKey: key, place, sealed })),
    )
    try {
      return await work(plaintext)
    } finally {
      plaintext.fill(0)
    }
  }

  const sealBytes = async (transaction: Transaction, place: SealedPlace, plaintext: Buffer) => {
    const row = await keyThatSeals(transaction, place.organizationId)
    return withKey(place.organizationId, row, key =>
      sealEnvelope({ dataKey: key, keyVersion: row.version, place, plaintext }),
    )
  }

  return {
    async seal(transaction, place, secret) {
      const plaintext = Buffer.from(secret.reveal(), 'utf8')
      try {
        return await sealBytes(transaction, place, plaintext)
      } finally {
        plaintext.fill(0)
      }
    },

    open: (transaction, place, sealed) =>
      openWith(transaction, place, sealed, plaintext => new Secret(plaintext.toString('utf8'))),

    reseal: (transaction, place, sealed) =>
      openWith(transaction, place, sealed, plaintext => sealBytes(transaction, place, plaintext)),

    async addKey(transaction, organizationId, version) {
      const { wrappedBy, isWritten } = await writeKey(transaction, organizationId, version)
      if (!isWritten) throw new AppError('conflict', `data key version ${version} is there already`)
      return wrappedBy
    },

    async rewrapKey(transaction, organizationId, version) {
      const target = await wrappingKey(transaction, organizationId)
      const row = await findKey(transaction, organizationId, version)
      if (!row || row.kmsKeyId === target) return null
      const context = keyContext(organizationId, version)
      const wrapped = await kms.reEncrypt({ from: row.kmsKeyId, to: target, wrapped: row.wrapped, context })
      const changed = await transaction
        .update(dataKey)
        .set({ wrapped, kmsKeyId: target })
        .where(
          and(
            eq(dataKey.organizationId, organizationId),
            eq(dataKey.version, version),
            eq(dataKey.wrapped, row.wrapped),
          ),
        )
        .returning({ version: dataKey.version })
      return changed.length > 0 ? { kmsKeyId: target, formerKmsKeyId: row.kmsKeyId } : null
    },

    wrappingKey,

    async tryWrappingKey(transaction, organizationId, candidate) {
      const context = keyContext(organizationId, 0)
      const { plaintext, wrapped } = await kms.generateDataKey(candidate, context)
      plaintext.fill(0)
      const again = await kms.decrypt(candidate, wrapped, context)
      again.fill(0)
      const newest = await holdNewestKey(transaction, organizationId)
      if (!newest || newest.kmsKeyId === candidate) return
      await kms.reEncrypt({
        from: newest.kmsKeyId,
        to: candidate,
        wrapped: newest.wrapped,
        context: keyContext(organizationId, newest.version),
      })
    },

    close: () => cache.close(),
  }
}

const keyContext = (organizationId: string, version: number): EncryptionContext => ({
  organizationId,
  purpose: 'credentials',
  keyVersion: String(version),
})

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
