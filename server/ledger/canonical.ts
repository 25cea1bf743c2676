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

/** SHA-256 of a text's UTF-8 bytes, or of bytes: 32 bytes. */
export const sha256 = (data: string | Uint8Array): Buffer => hash('sha256', data, 'buffer')

/** SHA-256 in lower-case hexadecimal. */
export const sha256Hex = (data: string | Uint8Array): string =>
  createHash('sha256').update(data).digest('hex')

/** SHA-256 of what comes in parts. */
export const createSha256 = (): Hash => createHash('sha256')
