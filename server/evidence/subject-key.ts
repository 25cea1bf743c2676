/** Bytes of a subject key. PostgreSQL orders UUIDs by their bytes, and so does everything here. */
export const keyLength = 16

/** Writes the bytes of a UUID or a hexadecimal text, without the strings in between that cutting it up would make. */
export function writeHex(target: Uint8Array, text: string): void {
  let written = 0
  for (let index = 0; index < text.length; index++) {
    const nibble = nibbles[text.charCodeAt(index)]
    if (nibble === undefined || nibble > 15) continue
    const at = written >> 1
    target[at] = written % 2 === 0 ? nibble << 4 : (target[at] ?? 0) | nibble
    written += 1
  }
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
