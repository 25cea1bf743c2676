import { and, eq } from 'drizzle-orm'
import { authorizationAttempt } from '../../db/schema/state.ts'
import { AuthorizationRefused, type CompletedAuthorization } from '../connectors/contract.ts'
import { decideConnection, initialConnection } from '../domain/connection/connection.ts'
import { lockSchedules } from '../evidence/lease.ts'
import { sha256 } from '../ledger/canonical.ts'
import { sourceIdOf } from '../ledger/ids.ts'
import type { Unit } from '../ledger/ledger.ts'
import { lockHead } from '../ledger/lock-head.ts'
import type { Services } from '../services.ts'
import { type Browser, refuseSecondConnection } from './begin-authorization.ts'
import { bringSyncs } from './bring-syncs.ts'
import { storeCredential } from './credentials.ts'
import { connectionStateOf } from './state-of.ts'

type Attempt = typeof authorizationAttempt.$inferSelect

/** How the return from the source's sign-in ended. Of a refusal everything typed but the secret is handed back. */
export type AuthorizationOutcome =
  | { outcome: 'connected' | 'reauthorized'; connectionId: string }
  | {
      outcome: 'refused'
      purpose: 'connect' | 'reauthorize'
      connectionId: string
      title: string
      explanation: string
      /** Who can mend it, as a sentence. */
      who: string
      remedy: readonly string[]
      field: AuthorizationRefused['field']
      code: string | null
      typed: { externalTenantId: string; clientId: string; cloud: string; secretExpiresOn: string | null }
    }
  | { outcome: 'unknown_state' }

/** The organization a state parameter claims to be of; its hash decides. Null where it is no state of ours. */
export function organizationOfState(state: string | null): string | null {
  return statePattern.exec(state ?? '')?.[1] ?? null
}

const id = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
const statePattern = new RegExp(`^(${id})\\.${id}\\.[A-Za-z0-9_-]{43}$`)

/**
 * Takes the browser back in: redeems the code, checks who signed in where, and connects or re-authorizes in one
 * transaction with the first sync. A reused, foreign or expired state changes nothing.
 */
export async function completeAuthorization(
  services: Services,
  browser: Browser,
  callback: URLSearchParams,
): Promise<AuthorizationOutcome> {
  const state = callback.get('state')
  const attempt = state === null ? null : await takeAttempt(services, browser, state)
  if (state === null || !attempt) return { outcome: 'unknown_state' }
  try {
    const authorized = await redeem(services, attempt, state, callback)
    if (attempt.purpose === 'connect') await connect(services, browser, attempt, authorized)
    else await reauthorize(services, browser, attempt, authorized)
    return {
      outcome: attempt.purpose === 'connect' ? 'connected' : 'reauthorized',
      connectionId: attempt.connectionId,
    }
  } catch (error) {
    if (!(error instanceof AuthorizationRefused)) throw error
    const { words, field, code } = error
    const { externalTenantId, clientId, cloud, secretExpiresOn, connectionId } = attempt
    services.logger.info({ reason: error.reason, code, connectionId }, 'authorization refused')
    return {
      outcome: 'refused',
      purpose: attempt.purpose === 'connect' ? 'connect' : 'reauthorize',
      connectionId,
      ...words,
      field,
      code,
      typed: { externalTenantId, clientId, cloud, secretExpiresOn },
    }
  }
}

/** Single use: the attempt is taken out before anything else happens, whatever comes of it. */
async function takeAttempt(services: Services, browser: Browser, state: string): Promise<Attempt | null> {
  const { organizationId, sessionId, userId } = browser
  const [attempt] = await services.database.withOrganization(organizationId, transaction =>
    transaction
      .delete(authorizationAttempt)
      .where(
        and(
          eq(authorizationAttempt.organizationId, organizationId),
          eq(authorizationAttempt.stateHash, sha256(state)),
          eq(authorizationAttempt.sessionId, sessionId),
          eq(authorizationAttempt.userId, userId),
        ),
      )
      .returning(),
  )
  return attempt && attempt.expiresAt > services.clock.now() ? attempt : null
}

async function redeem(services: Services, attempt: Attempt, state: string, callback: URLSearchParams) {
  const { organizationId, id: record } = attempt
  const connector = services.connectors.get(attempt.connector)
  const [clientSecret, verifier, nonce] = await services.database.withOrganization(
    organizationId,
    async transaction => {
      const open = (field: string, sealed: Buffer) =>
        services.vault.open(transaction, { organizationId, record, field }, sealed)
      return [
        await open('client_secret', attempt.sealedClientSecret),
        await open('verifier', attempt.sealedVerifier),
        await open('nonce', attempt.sealedNonce),
      ] as const
    },
  )
  const completed = await connector.authorization.complete({
    settings: attempt,
    clientSecret,
    redirectUri: `${services.appOrigin}${connector.manifest.callbackPath}`,
    state,
    verifier,
    nonce,
    callback,
    now: services.clock.now(),
  })
  return { ...completed, clientSecret }
}

type Authorized = CompletedAuthorization & Awaited<ReturnType<typeof redeem>>

const scopesOf = ({ grant }: CompletedAuthorization) => ({
  grantedScopes: [...grant.granted],
  missingScopes: [...grant.missing],
  excessScopes: [...grant.excess],
})

async function connect(services: Services, browser: Browser, attempt: Attempt, authorized: Authorized) {
  const { connectionId, connector, externalTenantId, clientId, cloud, secretExpiresOn } = attempt
  const { organizationId } = browser
  await services.ledger.command(organizationId, `user:${browser.userId}`, async unit => {
    await storeCredential(
      services,
      unit.transaction,
      organizationId,
      connectionId,
      'client_secret',
      authorized.clientSecret,
    )
    await storeTokens(services, unit, connectionId, authorized)
    // Two browsers may come back for one directory at once.
    await lockHead(unit)
    await refuseSecondConnection(unit.transaction, organizationId, connector, externalTenantId)
    const events = decideConnection(
      {
        type: 'connect',
        connection: {
          connectionId,
          sourceId: sourceIdOf(organizationId, connector, externalTenantId),
          connector,
          externalTenantId,
          clientId,
          cloud,
          secretExpiresOn,
          ...scopesOf(authorized),
          authorizedBy: authorized.authorizedBy,
        },
      },
      initialConnection,
    )
    await unit.append({ type: 'connection', id: connectionId }, 0, events)
    await bringSyncs(services, unit, attempt, [], 'connect')
  })
}

async function reauthorize(services: Services, browser: Browser, attempt: Attempt, authorized: Authorized) {
  const { connectionId, externalTenantId } = attempt
  await services.ledger.command(browser.organizationId, `user:${browser.userId}`, async unit => {
    const schedules = await lockSchedules(unit.transaction, {
      organizationId: browser.organizationId,
      connectionId,
    })
    const { state, version } = await connectionStateOf(unit, connectionId)
    const events = decideConnection(
      {
        type: 'reauthorize',
        externalTenantId,
        authorization: { ...scopesOf(authorized), authorizedBy: authorized.authorizedBy },
      },
      state,
    )
    await storeTokens(services, unit, connectionId, authorized)
    await unit.append({ type: 'connection', id: connectionId }, version, events)
    await bringSyncs(services, unit, attempt, schedules, 'connect')
  })
}

/** Before anything is appended: sealing may ask the key service, and an append makes the organization wait. */
async function storeTokens(
  services: Services,
  { transaction, organizationId }: Unit,
  connectionId: string,
  { tokenCache }: Authorized,
) {
  await storeCredential(services, transaction, organizationId, connectionId, 'token_cache', tokenCache)
}
