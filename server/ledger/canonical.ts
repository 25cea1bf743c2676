import { createHash, type Hash, hash } from 'node:crypto'
import canonicalize from 'canonicalize'

/**
 * RFC 8785 canonical JSON: exactly the bytes that are hashed and stored.
 * @throws {Error} for NaN, infinities and lone surrogates, which have no canonical form
 */
export function canonicalText(value: unknown): string {
  const text = canonicalize(value)
  if (text === undefined) throw new TypeError('This value has no canonical JSON.')
  return text
}

/**
 * SHA-256 of a text's UTF-8 bytes, or of bytes: 32 bytes. It comes by way of a text: a buffer from `hash` has memory of
 * its own outside the heap, which takes longer than the hash.
 */
export const sha256 = (data: string | Uint8Array): Buffer =>
  Buffer.from(hash('sha256', data, 'binary'), 'latin1')

/** SHA-256 in lower-case hexadecimal. */
export const sha256Hex = (data: string | Uint8Array): string => hash('sha256', data, 'hex')

/** SHA-256 of what comes in parts. */
export const createSha256 = (): Hash => createHash('sha256')
