import {
  DecryptCommand,
  DescribeKeyCommand,
  GenerateDataKeyCommand,
  GetPublicKeyCommand,
  KMSClient,
  type KMSClientConfig,
  ReEncryptCommand,
  SignCommand,
} from '@aws-sdk/client-kms'
import { AppError } from '../errors.ts'
import { algorithmOf, type KeyAlgorithm } from '../ledger/verifier-key.ts'

/** Bound to a wrapped key by KMS: the same is needed to unwrap it, and the key service's own log shows it. */
export type EncryptionContext = Record<string, string>

/** The calls the product makes to AWS KMS, or to anything that speaks its protocol. */
export interface Kms {
  /** A fresh 32-byte key, plain and wrapped. The caller zeroes the plain one. */
  generateDataKey(keyId: string, context: EncryptionContext): Promise<{ plaintext: Buffer; wrapped: Buffer }>
  /** Unwraps a key. The caller zeroes it. */
  decrypt(keyId: string, wrapped: Uint8Array, context: EncryptionContext): Promise<Buffer>
  /** Wraps a key anew under another key of the key service; its bytes never leave it. The context stays. */
  reEncrypt(input: {
    from: string
    to: string
    wrapped: Uint8Array
    context: EncryptionContext
  }): Promise<Buffer>
  /** The public half of a signing key: SubjectPublicKeyInfo in DER. */
  publicKey(keyId: string): Promise<{ algorithm: KeyAlgorithm; spki: Buffer }>
  /** Signs a message of at most 4,096 bytes: Ed25519 over the message, or ECDSA (ASN.1 DER) over its SHA-256. */
  sign(keyId: string, algorithm: KeyAlgorithm, message: Uint8Array): Promise<Buffer>
  /** Resolves when the key service answers for this key and the key is enabled. */
  check(keyId: string): Promise<void>
  close(): void
}

interface KmsOptions extends KMSClientConfig {
  /** Milliseconds that a request may take. */
  answerWithin?: number
}

/**
 * A client of AWS KMS. Address, region and credentials come from the AWS SDK's own environment variables.
 * Every method throws an {@link AppError}: `unavailable` when the service is down, refuses access or its key is
 * disabled; `internal` when what was to be unwrapped does not belong to the key or the context.
 */
export function createKms({ answerWithin = 5_000, ...options }: KmsOptions = {}): Kms {
  const client = new KMSClient({
    maxAttempts: 3,
    // Without the last one a request that takes longer is only warned of.
    requestHandler: { connectionTimeout: 2_000, requestTimeout: answerWithin, throwOnRequestTimeout: true },
    ...options,
  })
  return {
    generateDataKey: (keyId, context) =>
      explainFailure(keyId, async () => {
        const command = new GenerateDataKeyCommand({
          KeyId: keyId,
          KeySpec: 'AES_256',
          EncryptionContext: context,
        })
        const { Plaintext, CiphertextBlob } = await client.send(command)
        if (!Plaintext || !CiphertextBlob) throw new Error('the answer holds no key')
        return { plaintext: moveBytes(Plaintext), wrapped: Buffer.from(CiphertextBlob) }
      }),
    decrypt: (keyId, wrapped, context) =>
      explainFailure(keyId, async () => {
        const command = new DecryptCommand({
          KeyId: keyId,
          CiphertextBlob: wrapped,
          EncryptionContext: context,
        })
        const { Plaintext } = await client.send(command)
        if (!Plaintext) throw new Error('the answer holds no key')
        return moveBytes(Plaintext)
      }),
    reEncrypt: ({ from, to, wrapped, context }) =>
      explainFailure(to, async () => {
        const command = new ReEncryptCommand({
          SourceKeyId: from,
          SourceEncryptionContext: context,
          DestinationKeyId: to,
          DestinationEncryptionContext: context,
          CiphertextBlob: wrapped,
        })
        const { CiphertextBlob } = await client.send(command)
        if (!CiphertextBlob) throw new Error('the answer holds no key')
        return Buffer.from(CiphertextBlob)
      }),
    publicKey: keyId =>
      explainFailure(keyId, async () => {
        const { PublicKey } = await client.send(new GetPublicKeyCommand({ KeyId: keyId }))
        if (!PublicKey) throw new Error('the answer holds no key')
        const spki = Buffer.from(PublicKey)
        // Not by the answer's KeySpec, which not every server gives.
        const algorithm = algorithmOf(spki)
        if (!algorithm)
          throw Object.assign(new Error('the key signs otherwise'), { name: 'InvalidKeyUsageException' })
        return { algorithm, spki }
      }),
    sign: async (keyId, algorithm, message) => {
      if (message.length > longestMessage) throw new AppError('internal', 'KMS signs at most 4,096 bytes')
      return explainFailure(keyId, async () => {
        const command = new SignCommand({
          KeyId: keyId,
          Message: message,
          MessageType: 'RAW',
          SigningAlgorithm: signingAlgorithms[algorithm],
        })
        const { Signature } = await client.send(command)
        if (!Signature) throw new Error('the answer holds no signature')
        return Buffer.from(Signature)
      })
    },
    check: keyId =>
      explainFailure(keyId, async () => {
        const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: keyId }))
        if (KeyMetadata?.Enabled === false)
          throw Object.assign(new Error('disabled'), { name: 'DisabledException' })
      }),
    close: () => client.destroy(),
  }
}

/** What a RAW message may have, in bytes: Sign in the AWS KMS API reference. */
const longestMessage = 4_096

const signingAlgorithms = { ed25519: 'ED25519_SHA_512', 'ecdsa-p256': 'ECDSA_SHA_256' } as const

/** Copies key bytes and zeroes where they came from. */
function moveBytes(source: Uint8Array): Buffer {
  const copy = Buffer.alloc(source.length)
  copy.set(source)
  source.fill(0)
  return copy
}

async function explainFailure<T>(keyId: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    const reason = error instanceof Error ? error.name : 'unknown'
    const { code, words } = failures[reason] ?? (isForbidden(error) ? denied : unreachable)
    throw new AppError(code, `KMS (${reason}): ${words}`, {
      userMessage:
        `${words} ${code === 'unavailable' ? 'Nothing was lost; try again once it is repaired.' : ''}`.trim(),
      details: { service: 'kms', keyId, reason },
      cause: error,
    })
  }
}

/** Told by the status alone where something else answers in the service's place, or not in its format. */
const isForbidden = (error: unknown): boolean => Object(error).$metadata?.httpStatusCode === 403

const denied = { code: 'unavailable', words: 'The key service refuses us access to the key.' } as const
const unreachable = { code: 'unavailable', words: 'The key service does not answer.' } as const
const disabled = { code: 'unavailable', words: 'The key in the key service is missing or disabled.' } as const
const foreign = {
  code: 'internal',
  words: 'A stored key does not belong to this organization or key.',
} as const

const elsewhere = {
  code: 'unavailable',
  words: 'The key in the key service is in another region, or its ARN is wrong.',
} as const

const unfit = {
  code: 'unavailable',
  words:
    'The key in the key service is of the wrong kind: data keys take SYMMETRIC_DEFAULT, checkpoints ECC_NIST_EDWARDS25519 or ECC_NIST_P256.',
} as const

const unknown = {
  code: 'unavailable',
  words: 'The key service does not accept the credentials of this installation.',
} as const

/** Source: the errors of Decrypt, GenerateDataKey, GetPublicKey and Sign in the AWS KMS API reference, its common errors, and the SDK's own. */
const failures: Record<string, { code: 'unavailable' | 'internal'; words: string }> = {
  AccessDeniedException: denied,
  NotFoundException: disabled,
  DisabledException: disabled,
  KMSInvalidStateException: disabled,
  InvalidCiphertextException: foreign,
  IncorrectKeyException: foreign,
  InvalidArnException: elsewhere,
  InvalidKeyUsageException: unfit,
  UnsupportedOperationException: unfit,
  UnrecognizedClientException: unknown,
  InvalidClientTokenId: unknown,
  InvalidSignatureException: unknown,
  IncompleteSignature: unknown,
  MissingAuthenticationToken: unknown,
  ExpiredTokenException: unknown,
  CredentialsProviderError: unknown,
}
