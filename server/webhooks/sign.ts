import { createHmac, randomBytes } from 'node:crypto'
import { Secret } from '../vault/secret.ts'

const prefix = 'whsec_'

/** A new signing secret: `whsec_` and 32 random bytes in base64, as Standard Webhooks has it. */
export const newSigningSecret = (): Secret => new Secret(`${prefix}${randomBytes(32).toString('base64')}`)

/**
 * The headers of a signed message: id, seconds since 1970 and `v1,` with the HMAC-SHA-256 of `id.timestamp.body` in base64.
 * Source: Standard Webhooks 1.0.0 (standardwebhooks.com).
 */
export function signatureHeaders(
  secret: Secret,
  message: { id: string; at: Date; body: string },
): Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string> {
  const timestamp = String(Math.floor(message.at.getTime() / 1000))
  const key = Buffer.from(secret.reveal().slice(prefix.length), 'base64')
  const signature = createHmac('sha256', key)
    .update(`${message.id}.${timestamp}.${message.body}`)
    .digest('base64')
  key.fill(0)
  return { 'webhook-id': message.id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` }
}
