import { DomainRefusal } from '../domain/refusal.ts'
import { nextKeyVersion, readKmsKeyArn } from '../domain/vault/keys.ts'
import { AppError } from '../errors.ts'
import type { Access } from '../members/resolve-access.ts'
import type { Services } from '../services.ts'
import { chosenKmsKey, listKeys } from '../vault/key-records.ts'

type Needed = Pick<Services, 'ledger' | 'database' | 'vault' | 'queue'>
type Actor = Pick<Access, 'organizationId' | 'userId'>

/**
 * Makes a new data key, which seals from then on; what is stored is sealed anew by a job.
 * @throws {AppError} precondition_failed where there is no key yet or the last rotation is not through; unavailable when
 * the key service does not help: nothing changed then
 */
export async function rotateDataKey(
  { ledger, vault, queue }: Needed,
  { organizationId, userId }: Actor,
): Promise<void> {
  await ledger.command(organizationId, `user:${userId}`, async unit => {
    const { transaction } = unit
    const version = nextKeyVersion(await listKeys(transaction, organizationId))
    const kmsKeyId = await vault.addKey(transaction, organizationId, version)
    await unit.append({ type: 'organization', id: organizationId }, 'any', [
      { type: 'DataKeyRotated', payload: { version, kmsKeyId } },
    ])
    await queue.enqueue(transaction, 'renew-secrets', { organizationId })
  })
}

/**
 * Chooses the key of the key service that wraps the organization's data keys; what is wrapped is wrapped anew by a job.
 * The key is tried first: one that cannot be used is never chosen.
 * @param typed the key's ARN; nothing is the product's own key
 * @throws {AppError} bad_input on `kmsKeyId`; unavailable when the key service does not answer
 */
export async function chooseKmsKey(
  { ledger, database, vault, queue }: Needed,
  { organizationId, userId }: Actor,
  typed: string,
): Promise<void> {
  const kmsKeyId = readArn(typed)
  if (kmsKeyId !== null) {
    await database
      .withOrganization(organizationId, transaction =>
        vault.tryWrappingKey(transaction, organizationId, kmsKeyId),
      )
      .catch(explainRefusal)
  }
  await ledger.command(organizationId, `user:${userId}`, async unit => {
    const { transaction } = unit
    if ((await chosenKmsKey(transaction, organizationId)) === kmsKeyId) return
    await unit.append({ type: 'organization', id: organizationId }, 'any', [
      { type: 'KmsKeyChosen', payload: { kmsKeyId } },
    ])
    await queue.enqueue(transaction, 'renew-secrets', { organizationId })
  })
}

function readArn(typed: string): string | null {
  try {
    return readKmsKeyArn(typed)
  } catch (error) {
    if (error instanceof DomainRefusal) throw notChosen(error.words, error)
    throw error
  }
}

/** What is wrong with the key itself is said beside its field; a key service that does not answer is not. */
function explainRefusal(error: unknown): never {
  if (error instanceof AppError && aboutTheKey.has(String(error.details.reason))) {
    throw notChosen(error.userMessage, error)
  }
  throw error
}

const aboutTheKey = new Set([
  'AccessDeniedException',
  'NotFoundException',
  'DisabledException',
  'KMSInvalidStateException',
  'InvalidArnException',
  'InvalidKeyUsageException',
  'UnsupportedOperationException',
])

const notChosen = (words: string, cause: unknown) =>
  new AppError('bad_input', 'the key was not chosen', { fields: { kmsKeyId: words }, cause })
