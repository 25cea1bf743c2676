import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Secret } from '../vault/secret.ts'

/**
 * Browsers in which a person signed in before. Attempts from them are counted apart, so that who guesses at an account
 * from elsewhere uses up the guesses of strangers, never those of the account's owner (OWASP: device cookies).
 */
export interface KnownBrowsers {
  /** The name under which attempts of a known browser are counted; null for a browser that the account does not know. */
  recognise(headers: Headers, email: string): string | null
  /** The cookie that makes a browser known to an account, after a sign-in that was complete. */
  remember(email: string): string
}

export function createKnownBrowsers(config: { appOrigin: string; authSecret: Secret }): KnownBrowsers {
  const isSecure = config.appOrigin.startsWith('https:')
  const name = `${isSecure ? '__Host-' : ''}attestry.known_browser`
  const key = createHmac('sha256', config.authSecret.reveal()).update('known browsers').digest()
  const sealOf = (browser: string, email: string) =>
    createHmac('sha256', key).update(`${browser} ${email.trim().toLowerCase()}`).digest()
  return {
    recognise(headers, email) {
      const [, browser = '', seal = ''] = cookiePattern(name).exec(headers.get('cookie') ?? '') ?? []
      const given = Buffer.from(seal, 'base64url')
      const right = sealOf(browser, email)
      return given.length === right.length && timingSafeEqual(given, right) ? browser : null
    },
    remember(email) {
      const browser = randomBytes(16).toString('base64url')
      const value = `${browser}.${sealOf(browser, email).toString('base64url')}`
      return `${name}=${value}; Path=/; Max-Age=${yearSeconds}; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`
    },
  }
}

const yearSeconds = 365 * 24 * 60 * 60

const cookiePattern = (name: string) =>
  new RegExp(`(?:^|;\\s*)${name.replaceAll('.', '\\.')}=([\\w-]+)\\.([\\w-]+)`)
