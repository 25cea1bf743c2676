/** Bytes of a subject key. PostgreSQL orders UUIDs by their bytes, and so does everything here. */
export const keyLength = 16

/** Writes the bytes of a UUID, without the strings in between that cutting it up would make. */
export function writeKey(target: Uint8Array, uuid: string): void {
  let written = 0
  for (let index = 0; index < uuid.length; index++) {
    const nibble = nibbles[uuid.charCodeAt(index)]
    if (nibble === undefined || nibble > 15) continue
    const at = written >> 1
    target[at] = written % 2 === 0 ? nibble << 4 : (target[at] ?? 0) | nibble
    written += 1
  }
}

/** The UUID whose bytes stand at an offset, in lower case. */
export function keyText(bytes: Buffer, offset: number): string {
  const hex = bytes.toString('hex', offset, offset + keyLength)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** Below 0 where the first key comes before the second, 0 where they are one. */
export function compareKeys(one: Uint8Array, at: number, other: Uint8Array, otherAt: number): number {
  for (let index = 0; index < keyLength; index++) {
    const difference = (one[at + index] ?? 0) - (other[otherAt + index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

/** By character code; 255 for what is no hexadecimal digit. */
const nibbles = Uint8Array.from({ length: 128 }, (_, code) => {
  const digit = '0123456789abcdef'.indexOf(String.fromCharCode(code).toLowerCase())
  return digit < 0 ? 255 : digit
})
