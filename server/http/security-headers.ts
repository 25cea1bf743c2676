import { randomBytes } from 'node:crypto'
import type { RequestHandler } from 'express'

export interface SecurityHeaderOptions {
  appOrigin: string
  /** Origins to which a form of ours may lead: Chromium applies form-action to the redirects that follow. */
  signInOrigins: readonly string[]
}

/**
 * Sets the headers of design: an enforced content security policy with a nonce of this request (`res.locals.cspNonce`),
 * and `no-store`, which only hashed assets lift.
 */
export function setSecurityHeaders({ appOrigin, signInOrigins }: SecurityHeaderOptions): RequestHandler {
  const formAction = ["'self'", ...new Set(signInOrigins)].join(' ')
  const isSecure = appOrigin.startsWith('https://')
  return (_request, response, next) => {
    const nonce = randomBytes(18).toString('base64')
    response.locals.cspNonce = nonce
    response.setHeader('Content-Security-Policy', contentSecurityPolicy(nonce, formAction))
    for (const [name, value] of fixedHeaders) response.setHeader(name, value)
    if (isSecure) response.setHeader('Strict-Transport-Security', 'max-age=31536000; includeSubDomains')
    next()
  }
}

/** The nonce that {@link setSecurityHeaders} gave this answer. */
export function nonceOf(response: { locals: Record<string, unknown> }): string {
  return String(response.locals.cspNonce)
}

const fixedHeaders = [
  ['Cache-Control', 'no-store'],
  ['X-Content-Type-Options', 'nosniff'],
  ['X-Frame-Options', 'DENY'],
  // Not `no-referrer`: with it browsers send `Origin: null` with our own forms.
  ['Referrer-Policy', 'same-origin'],
  ['Cross-Origin-Opener-Policy', 'same-origin'],
  ['Cross-Origin-Resource-Policy', 'same-origin'],
  ['Permissions-Policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=()'],
] as const

const contentSecurityPolicy = (nonce: string, formAction: string) =>
  [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    // Pages rendered on the server carry style attributes, which no nonce can cover.
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    `form-action ${formAction}`,
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
