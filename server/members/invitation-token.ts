import { hash, randomBytes } from 'node:crypto'

/** What an invitation's link names: the organization, so that the hash is looked up inside it, and the secret's hash. */
export interface InvitationReference {
  organizationId: string
  tokenHash: Buffer
}

/** A new link's token: the organization's 16 bytes and 32 random ones, as base64url. The token itself is never stored. */
export function newInvitationToken(organizationId: string): { token: string; tokenHash: Buffer } {
  const secret = randomBytes(secretLength)
  const token = Buffer.concat([Buffer.from(organizationId.replaceAll('-', ''), 'hex'), secret]).toString(
    'base64url',
  )
  return { token, tokenHash: hash('sha256', secret, 'buffer') }
}

/** Reads a link's token; null for anything that is none. */
export function parseInvitationToken(token: string): InvitationReference | null {
  if (!/^[\w-]{64}$/.test(token)) return null
  const bytes = Buffer.from(token, 'base64url')
  if (bytes.length !== organizationLength + secretLength) return null
  const organizationId = bytes
    .toString('hex', 0, organizationLength)
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  return { organizationId, tokenHash: hash('sha256', bytes.subarray(organizationLength), 'buffer') }
}

const organizationLength = 16
const secretLength = 32
