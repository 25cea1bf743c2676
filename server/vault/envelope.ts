import { createCipheriv, createDecipheriv, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'
import canonicalize from 'canonicalize'

/** What a sealed value belongs to. All of it is authenticated: a value moved to another place does not open. */
export interface SealedPlace {
  organizationId: string
  /** The row, such as `connection/<id>`. */
  record: string
  field: string
}

/** A sealed value that is damaged, foreign, or of a version this build does not know. Says nothing about its content. */
export class EnvelopeError extends Error {
  override readonly name = 'EnvelopeError'
}

/**
 * Encrypts `plaintext` for one place under a data key (32 bytes) of the given version.
 *
 * The envelope is `version 1 | algorithm 1 | key version 4 | salt 32 | commitment 32 | iv 12 | tag 16 | ciphertext`.
 * HKDF-SHA-512 (RFC 5869) derives an AES-256-GCM key and a commitment to the data key from a fresh salt: GCM alone
 * would let one ciphertext open under two keys.
 */
export function sealEnvelope(input: {
  dataKey: Uint8Array
  keyVersion: number
  place: SealedPlace
  plaintext: Uint8Array
}): Buffer {
  const salt = randomBytes(saltLength)
  const iv = randomBytes(ivLength)
  const { encryptionKey, commitment } = deriveKeys(input.dataKey, salt)
  try {
    const cipher = createCipheriv('aes-256-gcm', encryptionKey, iv, { authTagLength: tagLength })
    cipher.setAAD(authenticatedData(input.place, input.keyVersion))
    const ciphertext = Buffer.concat([cipher.update(input.plaintext), cipher.final()])
    const start = Buffer.from([envelopeVersion, algorithmNumber, 0, 0, 0, 0])
    start.writeUInt32BE(input.keyVersion, 2)
    return Buffer.concat([start, salt, commitment, iv, cipher.getAuthTag(), ciphertext])
  } finally {
    encryptionKey.fill(0)
  }
}

/**
 * Decrypts what {@link sealEnvelope} made for the same place under the same data key.
 * @throws {EnvelopeError} for anything else.
 */
export function openEnvelope(input: { dataKey: Uint8Array; place: SealedPlace; sealed: Uint8Array }): Buffer {
  const { keyVersion, salt, commitment, iv, tag, ciphertext } = parseEnvelope(input.sealed)
  const derived = deriveKeys(input.dataKey, salt)
  try {
    if (!timingSafeEqual(derived.commitment, commitment)) throw new EnvelopeError('sealed under another key')
    const decipher = createDecipheriv('aes-256-gcm', derived.encryptionKey, iv, { authTagLength: tagLength })
    decipher.setAAD(authenticatedData(input.place, keyVersion))
    decipher.setAuthTag(tag)
    const start = decipher.update(ciphertext)
    try {
      return Buffer.concat([start, decipher.final()])
    } catch {
      throw new EnvelopeError('sealed for another place, or damaged')
    } finally {
      start.fill(0)
    }
  } finally {
    derived.encryptionKey.fill(0)
  }
}

/** The version of the data key an envelope asks for. @throws {EnvelopeError} when it is not an envelope of ours. */
export const envelopeKeyVersion = (sealed: Uint8Array): number => parseEnvelope(sealed).keyVersion

const envelopeVersion = 1
const algorithmNumber = 1
const algorithmName = 'HKDF-SHA-512 AES-256-GCM with key commitment'
const saltLength = 32
const commitmentLength = 32
const ivLength = 12
const tagLength = 16
const keyLength = 32
const startLength = 6
const overhead = startLength + saltLength + commitmentLength + ivLength + tagLength

function parseEnvelope(sealed: Uint8Array) {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength)
  if (bytes.length < overhead) throw new EnvelopeError('too short to be an envelope')
  if (bytes[0] !== envelopeVersion || bytes[1] !== algorithmNumber)
    throw new EnvelopeError('an envelope of an unknown version')
  let offset = startLength
  const take = (length: number) => {
    offset += length
    return bytes.subarray(offset - length, offset)
  }
  return {
    keyVersion: bytes.readUInt32BE(2),
    salt: take(saltLength),
    commitment: take(commitmentLength),
    iv: take(ivLength),
    tag: take(tagLength),
    ciphertext: bytes.subarray(offset),
  }
}

function deriveKeys(dataKey: Uint8Array, salt: Uint8Array) {
  if (dataKey.length !== keyLength) throw new TypeError('a data key has 32 bytes')
  const derive = (purpose: string) =>
    Buffer.from(hkdfSync('sha512', dataKey, salt, `attestry vault ${envelopeVersion} ${purpose}`, keyLength))
  return { encryptionKey: derive('encrypt'), commitment: derive('commit') }
}

/** RFC 8785 canonical JSON, so that no two places share one spelling. */
function authenticatedData({ organizationId, record, field }: SealedPlace, keyVersion: number): Buffer {
  const canonical = canonicalize({ algorithm: algorithmName, organizationId, record, field, keyVersion })
  return Buffer.from(canonical ?? '', 'utf8')
}
