import type { Logger } from 'pino'
import type { SignedIn } from '../auth/auth.ts'
import type { Services } from '../services.ts'

/** What a procedure knows of its caller. One is made per request, for pages and for /api/trpc alike. */
export interface Context {
  readonly services: Services
  readonly requestId: string
  readonly logger: Logger
  /** The request's headers, for the session's cookie. */
  readonly headers: Headers
  /** The client's address as the trusted proxies tell it. */
  readonly clientAddress: string
  readonly signedIn: SignedIn | null
  /** Adds a Set-Cookie header to the answer. */
  setCookie(cookie: string): void
}
