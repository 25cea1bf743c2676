/** Standard Base 64 with padding (RFC 4648 section 4), of exactly one form for given bytes; null for anything else. */
export function bytesOfBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? bytes : null
}

export const base64Of = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
