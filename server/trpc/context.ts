import type { Logger } from 'pino'
import type { SnapshotReader } from '../../db/shared-snapshot.ts'
import type { SignedIn } from '../auth/auth.ts'
import type { KeptFrames } from '../coverage/kept-frames.ts'
import type { KeptOverviews } from '../coverage/kept-overviews.ts'
import type { Access } from '../members/resolve-access.ts'
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
  /**
   * What the person may do where, by slug, once it was asked: a page's procedures ask for the same. Without it each one
   * looks for itself.
   */
  readonly accesses?: Map<string, Promise<Access>>
  /** What a page's procedures read in together, so that all of it is of one moment. Without it each one reads apart. */
  readonly reading?: SnapshotReader
  /** What the web process keeps between requests; without, each is read. */
  readonly keptOverviews?: KeptOverviews
  readonly keptFrames?: KeptFrames
  /** Adds a Set-Cookie header to the answer. */
  setCookie(cookie: string): void
}
