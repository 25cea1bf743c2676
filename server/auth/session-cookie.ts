import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto'
import type { Secret } from '../vault/secret.ts'

/**
 * Reads the session's token from a request's cookie, as the library signs it: `<token>.<HMAC-SHA-256, base64>`,
 * percent-encoded. Null where there is none, or where the signature is not ours. The library's own look-up of a session
 * is an endpoint with all that endpoints have, and took a tenth of a page (decision 195).
 */
export function sessionCookieReader(config: {
  appOrigin: string
  authSecret: Secret
}): (headers: Headers) => string | null {
  const name = `${config.appOrigin.startsWith('https:') ? '__Host-' : ''}attestry.session_token`
  const pattern = new RegExp(`(?:^|;)\\s*${name.replaceAll('.', '\\.')}=([^;]*)`)
  const key = createSecretKey(config.authSecret.reveal(), 'utf8')
  return headers => {
    const [, sent = ''] = pattern.exec(headers.get('cookie') ?? '') ?? []
    const [, token, seal] = signed.exec(sent.replaceAll(/%(2B|2F|3D)/gi, decodeURIComponent)) ?? []
    if (token === undefined || seal === undefined) return null
    const right = createHmac('sha256', key).update(token).digest()
    return timingSafeEqual(Buffer.from(seal, 'base64'), right) ? token : null
  }
}

/** 32 bytes in base64 are 43 characters and a sign of their end. */
const signed = /^([\w-]+)\.([A-Za-z0-9+/]{43}=)$/
