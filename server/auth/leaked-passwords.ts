import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'

/**
 * Whether a password, in lower case, is one of the leaked ones of at least 15 characters that this product knows: those
 * among the million most common of ten million leaked, and in SecLists' lists, by the first 8 bytes of their SHA-256.
 * scripts/list-leaked-passwords.ts makes the file.
 */
export const isLeaked = (lowerCase: string): boolean =>
  leaked.has(hash('sha256', lowerCase, 'buffer').readBigUInt64BE())

const leaked = readLeaked()

function readLeaked(): ReadonlySet<bigint> {
  const bytes = readFileSync(new URL('./leaked-passwords.bin', import.meta.url))
  return new Set(Array.from({ length: bytes.length / 8 }, (_, index) => bytes.readBigUInt64BE(index * 8)))
}
