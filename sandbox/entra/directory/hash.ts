/** Mixes whole numbers into one 32-bit number; the same input always gives the same output. */
export function hash(...parts: number[]): number {
  let h = 0x9e3779b9
  for (const part of parts) {
    h = Math.imul(h ^ (part | 0), 0x85ebca6b)
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
    h ^= h >>> 16
    h = (Math.imul(h, 5) + 0xe6546b64) | 0
  }
  h ^= h >>> 16
  h = Math.imul(h, 0x7feb352d)
  return (h ^ (h >>> 15)) >>> 0
}

/** A UUID (version 4 in form) that belongs to the numbers given. */
export function uuidOf(...parts: number[]): string {
  return formatUuid(hash(...parts, 1), hash(...parts, 2), hash(...parts, 3), hash(...parts, 4))
}

/** A user's object id. Its first 32 bits are a bijection of the index, so the index can be read back. */
export function userIdOf(seed: number, index: number): string {
  return formatUuid(scramble(index ^ seed), hash(seed, index, 2), hash(seed, index, 3), hash(seed, index, 4))
}

/** The index behind an object id, or -1 for an id that this seed never made. */
export function indexOfUserId(seed: number, id: string): number {
  const index = unscramble(Number.parseInt(id.slice(0, 8), 16)) ^ seed
  return index >= 0 && userIdOf(seed, index) === id.toLowerCase() ? index : -1
}

// Odd factor and its inverse modulo 2^32: multiplication by one undoes the other.
const factor = 0x9e3779b1
const inverse = inverseOf(factor)

function scramble(value: number): number {
  const product = Math.imul(value, factor)
  return (product ^ (product >>> 16)) >>> 0
}

function unscramble(value: number): number {
  return Math.imul(value ^ (value >>> 16), inverse)
}

function inverseOf(odd: number): number {
  let x = odd
  for (let round = 0; round < 5; round += 1) x = Math.imul(x, 2 - Math.imul(odd, x))
  return x
}

function formatUuid(a: number, b: number, c: number, d: number): string {
  const second = hex(b)
  const third = hex(c)
  return `${hex(a)}-${second.slice(0, 4)}-4${second.slice(5)}-${variant[c >>> 30]}${third.slice(1, 4)}-${third.slice(4)}${hex(d)}`
}

const variant = ['8', '9', 'a', 'b']

function hex(value: number): string {
  return value.toString(16).padStart(8, '0')
}
