import type { Caller } from '../server/trpc/router.ts'

declare module '@remix-run/node' {
  /** What the HTTP server hands to every loader and action. */
  interface AppLoadContext {
    caller: Caller
    cspNonce: string
    requestId: string
    /** Whether people reach the product over https. */
    isSecure: boolean
    now: Date
  }

  /** Tells the types that Dates survive the way to the browser. */
  interface Future {
    v3_singleFetch: true
  }
}
