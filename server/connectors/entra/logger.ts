import type { Logger } from 'pino'

/** What the connector logs with: no tokens, no secrets, no personal data. */
export type EntraLogger = Pick<Logger, 'info' | 'warn'>
