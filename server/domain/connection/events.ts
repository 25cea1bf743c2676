import { z } from 'zod'
import { evidenceKinds } from '../evidence/kinds.ts'
import { secretNotices } from './secret-expiry.ts'

const scopes = {
  grantedScopes: z.array(z.string()),
  missingScopes: z.array(z.string()),
  excessScopes: z.array(z.string()),
}

export const connectionConnected = z.strictObject({
  connectionId: z.uuid(),
  /** The connected directory within this organization: stays the same over connections to it. */
  sourceId: z.uuid(),
  connector: z.string(),
  externalTenantId: z.guid(),
  clientId: z.guid(),
  cloud: z.string(),
  secretExpiresOn: z.iso.date().nullable(),
  ...scopes,
  /** The directory's object id of the account that signed in. */
  authorizedBy: z.guid(),
})

export const connectionReauthorized = z.strictObject({
  connectionId: z.uuid(),
  ...scopes,
  authorizedBy: z.guid(),
})

export const clientSecretReplaced = z.strictObject({
  connectionId: z.uuid(),
  secretExpiresOn: z.iso.date().nullable(),
})

/** The client secret ends within so many days, and this is the first that is said of it. */
export const clientSecretExpiryNoticed = z.strictObject({
  connectionId: z.uuid(),
  secretExpiresOn: z.iso.date(),
  daysBefore: z.literal(secretNotices),
})

/** What is granted at the source is no longer what it was at the refresh before. */
export const grantedScopesChanged = z.strictObject({ connectionId: z.uuid(), ...scopes })

/** No retry will help until a person acts: sign in again, or fix the app registration. */
export const reauthorizationRequired = z.strictObject({
  connectionId: z.uuid(),
  remedy: z.enum(['reauthorize', 'fix_application']),
  cause: z.string(),
  explanation: z.string(),
  code: z.string().nullable(),
})

/** Nothing came for longer than evidence stays fresh: once an outage, whatever noticed it. */
export const connectionBecameStale = z.strictObject({
  connectionId: z.uuid(),
  sourceId: z.uuid(),
  /** When something came last; null where nothing did since it was connected. */
  lastSuccessAt: z.iso.datetime().nullable(),
  /** When the threshold passed: before this event where it was noticed late. */
  staleSince: z.iso.datetime(),
  /** What is missing by the time of the event. */
  kinds: z.array(z.enum(evidenceKinds)).min(1),
})

/** Everything that had not come for too long has come again. */
export const connectionRecovered = z.strictObject({
  connectionId: z.uuid(),
  sourceId: z.uuid(),
  staleSince: z.iso.datetime(),
})

export const connectionRevoked = z.strictObject({
  connectionId: z.uuid(),
  sourceId: z.uuid(),
  /** The credential fields that were destroyed with this event. */
  destroyed: z.array(z.string()),
})
