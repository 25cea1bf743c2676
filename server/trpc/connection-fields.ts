import { z } from 'zod'
import { secretStates } from '../domain/connection/secret-expiry.ts'
import { freshnessStates } from '../domain/coverage/freshness.ts'
import { cadences } from '../domain/evidence/kinds.ts'

/** What answers about connections have in common. */

export const kindOutput = z.strictObject({
  kind: z.string(),
  title: z.string(),
  mode: z.enum(['state', 'feed']),
  cadence: z.enum(cadences),
  state: z.enum(['collected', 'reaffirmed', 'unavailable', 'not_offered', 'waiting']),
  isSettled: z.boolean(),
  reason: z.string().nullable(),
  explanation: z.string().nullable(),
  items: z.int().nullable(),
  lastSuccessAt: z.date().nullable(),
  freshness: z.enum(freshnessStates),
})

export const connectionOutput = z.strictObject({
  id: z.uuid(),
  connector: z.strictObject({ id: z.string(), name: z.string() }),
  externalTenantId: z.string(),
  clientId: z.string(),
  cloud: z.string(),
  cloudName: z.string(),
  status: z.enum(['connected', 'needs_attention', 'revoked']),
  /** What a person has to do before it can sync again. */
  attention: z
    .strictObject({
      remedy: z.string(),
      title: z.string(),
      explanation: z.string(),
      code: z.string().nullable(),
    })
    .nullable(),
  connectedAt: z.date(),
  authorizedAt: z.date(),
  revokedAt: z.date().nullable(),
  secret: z.strictObject({
    state: z.enum(secretStates),
    expiresAt: z.date().nullable(),
    /** Whole days. */
    daysLeft: z.int().nullable(),
  }),
  missingScopes: z.array(z.string()),
  excessScopes: z.array(z.string()),
  freshness: z.enum(freshnessStates),
  lastSuccessAt: z.date().nullable(),
  staleAt: z.date().nullable(),
  kinds: z.array(kindOutput),
})

export const runProgressOutput = z.strictObject({
  kind: z.string(),
  title: z.string(),
  pages: z.int(),
  items: z.int(),
  state: z.enum(['waiting', 'reading', 'read', 'failed']),
})

/** An address to send the browser to. */
export const authorizeOutput = z.strictObject({ authorizeUrl: z.url() })

/** One line of a form; what it has to look like is said by the use case, by field. */
export const formText = z.string().max(1_000, 'This is longer than any such value.')
