import { createCipheriv, createDecipheriv, randomBytes, sign, verify } from 'node:crypto'
import { z } from 'zod'
import type { KeyStore, KmsKey } from './keys.ts'

/** An answer that AWS KMS gives as an exception of this name. */
export class KmsProblem extends Error {
  readonly type: string
  constructor(type: string, message: string) {
    super(message)
    this.type = type
  }
}

type Operation = (keys: KeyStore, input: unknown) => Record<string, unknown>

const bytes = z.base64().transform(text => Buffer.from(text, 'base64'))
const context = z.record(z.string(), z.string()).default({})

/** The operations that the stand-in knows, by the name after `TrentService.`. Source: AWS KMS API Reference. */
export const operations: Record<string, Operation> = {
  GenerateDataKey(keys, input) {
    const { KeyId, KeySpec, NumberOfBytes, EncryptionContext } = z
      .object({
        KeyId: z.string(),
        KeySpec: z.enum(['AES_256', 'AES_128']).optional(),
        NumberOfBytes: z.number().int().min(1).max(1024).optional(),
        EncryptionContext: context,
      })
      .parse(input)
    const key = symmetric(keys, KeyId)
    const plaintext = randomBytes(NumberOfBytes ?? (KeySpec === 'AES_128' ? 16 : 32))
    return {
      KeyId: key.arn,
      Plaintext: base64(plaintext),
      CiphertextBlob: base64(seal(key, plaintext, EncryptionContext)),
    }
  },
  Encrypt(keys, input) {
    const { KeyId, Plaintext, EncryptionContext } = z
      .object({ KeyId: z.string(), Plaintext: bytes, EncryptionContext: context })
      .parse(input)
    const key = symmetric(keys, KeyId)
    return {
      KeyId: key.arn,
      CiphertextBlob: base64(seal(key, Plaintext, EncryptionContext)),
      EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
    }
  },
  Decrypt(keys, input) {
    const { KeyId, CiphertextBlob, EncryptionContext } = z
      .object({ KeyId: z.string().optional(), CiphertextBlob: bytes, EncryptionContext: context })
      .parse(input)
    const { key, plaintext } = unseal(keys, CiphertextBlob, EncryptionContext, KeyId)
    return { KeyId: key.arn, Plaintext: base64(plaintext), EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' }
  },
  ReEncrypt(keys, input) {
    const request = z
      .object({
        CiphertextBlob: bytes,
        SourceKeyId: z.string().optional(),
        SourceEncryptionContext: context,
        DestinationKeyId: z.string(),
        DestinationEncryptionContext: context,
      })
      .parse(input)
    const source = unseal(keys, request.CiphertextBlob, request.SourceEncryptionContext, request.SourceKeyId)
    const target = symmetric(keys, request.DestinationKeyId)
    return {
      CiphertextBlob: base64(seal(target, source.plaintext, request.DestinationEncryptionContext)),
      SourceKeyId: source.key.arn,
      KeyId: target.arn,
      SourceEncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
      DestinationEncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
    }
  },
  DescribeKey(keys, input) {
    const key = found(keys, z.object({ KeyId: z.string() }).parse(input).KeyId)
    return {
      KeyMetadata: {
        AWSAccountId: '000000000000',
        KeyId: key.id,
        Arn: key.arn,
        CreationDate: key.createdAt.getTime() / 1000,
        Enabled: key.enabled,
        KeyState: key.enabled ? 'Enabled' : 'Disabled',
        KeyManager: 'CUSTOMER',
        Origin: 'AWS_KMS',
        MultiRegion: false,
        KeySpec: key.spec,
        CustomerMasterKeySpec: key.spec,
        ...usageOf(key),
      },
    }
  },
  GetPublicKey(keys, input) {
    const key = found(keys, z.object({ KeyId: z.string() }).parse(input).KeyId)
    return {
      KeyId: key.arn,
      KeySpec: key.spec,
      PublicKey: base64(pairOf(key).publicKey.export({ type: 'spki', format: 'der' })),
      ...usageOf(key),
    }
  },
  Sign(keys, input) {
    const { KeyId, Message, MessageType, SigningAlgorithm } = signing.parse(input)
    const key = usable(keys, KeyId)
    const hash = checkAlgorithm(key, SigningAlgorithm, MessageType)
    return {
      KeyId: key.arn,
      Signature: base64(sign(hash, Message, pairOf(key).privateKey)),
      SigningAlgorithm,
    }
  },
  Verify(keys, input) {
    const { KeyId, Message, MessageType, SigningAlgorithm, Signature } = signing
      .extend({ Signature: bytes })
      .parse(input)
    const key = usable(keys, KeyId)
    const hash = checkAlgorithm(key, SigningAlgorithm, MessageType)
    if (!verify(hash, Message, pairOf(key).publicKey, Signature)) {
      throw new KmsProblem('KMSInvalidSignatureException', 'The signature is not valid.')
    }
    return { KeyId: key.arn, SignatureValid: true, SigningAlgorithm }
  },
}

const signing = z.object({
  KeyId: z.string(),
  Message: bytes,
  MessageType: z.string().default('RAW'),
  SigningAlgorithm: z.string(),
})

/** Blob: version, key id, IV, tag, ciphertext. The encryption context and the key id are authenticated. */
function seal(key: KmsKey, plaintext: Buffer, encryptionContext: Record<string, string>): Buffer {
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key.secret, iv)
  cipher.setAAD(contextBytes(key, encryptionContext))
  const sealed = Buffer.concat([cipher.update(plaintext), cipher.final()])
  return Buffer.concat([Buffer.from([1]), Buffer.from(key.id), iv, cipher.getAuthTag(), sealed])
}

function unseal(keys: KeyStore, blob: Buffer, encryptionContext: Record<string, string>, keyId?: string) {
  const key = blob.length > 65 && blob[0] === 1 ? keys.find(blob.toString('utf8', 1, 37)) : undefined
  if (keyId !== undefined && key && found(keys, keyId).id !== key.id) {
    throw new KmsProblem(
      'IncorrectKeyException',
      'The key ID in the request does not identify a CMK that can perform this operation.',
    )
  }
  if (!key) throw invalidCiphertext()
  requireEnabled(key)
  const decipher = createDecipheriv('aes-256-gcm', key.secret, blob.subarray(37, 49))
  decipher.setAAD(contextBytes(key, encryptionContext))
  decipher.setAuthTag(blob.subarray(49, 65))
  try {
    return { key, plaintext: Buffer.concat([decipher.update(blob.subarray(65)), decipher.final()]) }
  } catch {
    throw invalidCiphertext()
  }
}

function contextBytes(key: KmsKey, encryptionContext: Record<string, string>): Buffer {
  const pairs = Object.entries(encryptionContext).sort(([a], [b]) => (a < b ? -1 : 1))
  return Buffer.from(JSON.stringify([key.id, pairs]))
}

function found(keys: KeyStore, name: string): KmsKey {
  const key = keys.find(name)
  if (!key) throw new KmsProblem('NotFoundException', `Key '${name}' does not exist`)
  return key
}

function usable(keys: KeyStore, name: string): KmsKey {
  const key = found(keys, name)
  requireEnabled(key)
  return key
}

function requireEnabled(key: KmsKey): void {
  if (!key.enabled) throw new KmsProblem('DisabledException', `${key.arn} is disabled.`)
}

function symmetric(keys: KeyStore, name: string): KmsKey {
  const key = usable(keys, name)
  if (key.pair)
    throw new KmsProblem(
      'InvalidKeyUsageException',
      `${key.arn} key usage is SIGN_VERIFY which is not valid for this operation.`,
    )
  return key
}

function pairOf(key: KmsKey) {
  if (!key.pair) throw new KmsProblem('UnsupportedOperationException', `${key.arn} is a symmetric key.`)
  return key.pair
}

/** The digest name for node:crypto, or null where the algorithm brings its own. */
function checkAlgorithm(key: KmsKey, algorithm: string, messageType: string): string | null {
  if (messageType !== 'RAW')
    throw new KmsProblem('UnsupportedOperationException', 'Only MessageType RAW is supported.')
  if (!usageOf(key).SigningAlgorithms?.includes(algorithm)) {
    throw new KmsProblem(
      'InvalidKeyUsageException',
      `Algorithm ${algorithm} is incompatible with key spec ${key.spec}.`,
    )
  }
  return algorithm === 'ECDSA_SHA_256' ? 'sha256' : null
}

function usageOf(key: KmsKey): {
  KeyUsage: string
  EncryptionAlgorithms?: string[]
  SigningAlgorithms?: string[]
} {
  switch (key.spec) {
    case 'SYMMETRIC_DEFAULT':
      return { KeyUsage: 'ENCRYPT_DECRYPT', EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'] }
    case 'ECC_NIST_EDWARDS25519':
      return { KeyUsage: 'SIGN_VERIFY', SigningAlgorithms: ['ED25519_SHA_512'] }
    case 'ECC_NIST_P256':
      return { KeyUsage: 'SIGN_VERIFY', SigningAlgorithms: ['ECDSA_SHA_256'] }
  }
}

function invalidCiphertext(): KmsProblem {
  return new KmsProblem('InvalidCiphertextException', '')
}

function base64(buffer: Buffer): string {
  return buffer.toString('base64')
}
