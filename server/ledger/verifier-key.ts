import { createPublicKey, hash, type KeyObject, verify } from 'node:crypto'
import { MalformedNote } from './malformed-note.ts'
import { base64Of, bytesOfBase64 } from './strict-base64.ts'

export type KeyAlgorithm = 'ed25519' | 'ecdsa-p256'

/** A public key by which a note's signature is checked: C2SP signed-note, types 0x01 and 0x02. */
export interface VerifierKey {
  name: string
  /** The first four bytes of the key's hash, in lower-case hexadecimal. */
  keyId: string
  algorithm: KeyAlgorithm
  /** Ed25519: 32 raw bytes (RFC 8032); ECDSA: SubjectPublicKeyInfo in DER. */
  publicKey: Uint8Array
}

/**
 * A key with its id: of Ed25519 the hash of name, line end, type and key; of ECDSA the hash of the key alone, as the
 * format has it from the witnesses that came before it.
 * @throws {MalformedNote} for a name or key that cannot stand in a note
 */
export function verifierKey({ name, algorithm, publicKey }: Omit<VerifierKey, 'keyId'>): VerifierKey {
  if (!isKeyName(name)) throw new MalformedNote('The key’s name is empty or holds a space or a plus sign.')
  if (!keyObject({ algorithm, publicKey }))
    throw new MalformedNote('The key is no public key of its algorithm.')
  const hashed =
    algorithm === 'ed25519'
      ? Buffer.concat([Buffer.from(`${name}\n`), Uint8Array.of(typeBytes.ed25519), publicKey])
      : publicKey
  return { name, keyId: hash('sha256', hashed, 'hex').slice(0, 8), algorithm, publicKey }
}

/**
 * Reads `<name>+<key id>+<base64 of type and key>`.
 * @throws {MalformedNote} saying what is wrong
 */
export function parseVerifierKey(text: string): VerifierKey {
  const [, name, keyId, base64] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(text) ?? []
  const bytes = base64 === undefined ? null : bytesOfBase64(base64)
  if (name === undefined || !bytes) {
    throw new MalformedNote('A verifier key is a name, a key id and a Base 64 text with plus signs between.')
  }
  const [type] = bytes
  const algorithm = algorithms.find(candidate => typeBytes[candidate] === type)
  if (!algorithm) throw new MalformedNote('The key is neither of Ed25519 nor of ECDSA.')
  const key = verifierKey({ name, algorithm, publicKey: bytes.subarray(1) })
  if (key.keyId !== keyId) throw new MalformedNote('The key id does not belong to the key.')
  return key
}

/** `<name>+<key id>+<base64 of type and key>`: what a reader keeps to check signatures by. */
export const formatVerifierKey = ({ name, keyId, algorithm, publicKey }: VerifierKey): string =>
  `${name}+${keyId}+${base64Of(Buffer.concat([Uint8Array.of(typeBytes[algorithm]), publicKey]))}`

/** The key as notes have it, of its SubjectPublicKeyInfo in DER. */
export const publicKeyOf = (algorithm: KeyAlgorithm, spki: Uint8Array): Uint8Array =>
  algorithm === 'ed25519' ? spki.subarray(ed25519Prefix.length) : spki

/** What a key signs with, by its SubjectPublicKeyInfo in DER; null for a key that no note is signed by. */
export const algorithmOf = (spki: Uint8Array): KeyAlgorithm | null =>
  algorithms.find(algorithm => keyObject({ algorithm, publicKey: publicKeyOf(algorithm, spki) })) ?? null

/** SubjectPublicKeyInfo in PEM, for tools that know nothing of notes; null where the bytes are no key. */
export const publicKeyPem = (key: VerifierKey): string | null =>
  keyObject(key)?.export({ type: 'spki', format: 'pem' }).toString() ?? null

/** Whether a signature is of this message by this key. ECDSA: over its SHA-256, ASN.1 DER. */
export function checkSignature(key: VerifierKey, message: Uint8Array, signature: Uint8Array): boolean {
  const object = keyObject(key)
  return object !== null && verify(key.algorithm === 'ed25519' ? null : 'sha256', message, object, signature)
}

/** Non-empty, without Unicode spaces or plus signs. */
export const isKeyName = (name: string): boolean => name !== '' && !/[\p{White_Space}+]/u.test(name)

const typeBytes: Readonly<Record<KeyAlgorithm, number>> = { ed25519: 0x01, 'ecdsa-p256': 0x02 }
const algorithms: readonly KeyAlgorithm[] = ['ed25519', 'ecdsa-p256']

/** What stands before the 32 bytes of an Ed25519 key in its SubjectPublicKeyInfo: RFC 8410. */
const ed25519Prefix = Buffer.from('302a300506032b6570032100', 'hex')

/** Null where the bytes are no key of the algorithm, or not in the one form that they have. */
function keyObject({ algorithm, publicKey }: Pick<VerifierKey, 'algorithm' | 'publicKey'>): KeyObject | null {
  const der = algorithm === 'ed25519' ? Buffer.concat([ed25519Prefix, publicKey]) : Buffer.from(publicKey)
  try {
    const object = createPublicKey({ key: der, format: 'der', type: 'spki' })
    const isKind =
      algorithm === 'ed25519'
        ? object.asymmetricKeyType === 'ed25519'
        : object.asymmetricKeyDetails?.namedCurve === 'prime256v1'
    return isKind && object.export({ type: 'spki', format: 'der' }).equals(der) ? object : null
  } catch {
    return null
  }
}
