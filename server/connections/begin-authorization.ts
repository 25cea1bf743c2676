import { randomBytes } from 'node:crypto'
import { and, eq, lt, ne } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { authorizationAttempt, connection } from '../../db/schema/state.ts'
import { AppError, notFound } from '../errors.ts'
import { sha256 } from '../ledger/canonical.ts'
import { newId, sourceIdOf } from '../ledger/ids.ts'
import { isOpen } from '../projections/range.ts'
import type { Services } from '../services.ts'
import { Secret } from '../vault/secret.ts'
import { openCredential } from './credentials.ts'
import { type ConnectFields, checkConnectFields } from './settings.ts'

/** Who sits at the browser that is sent away and must come back. */
export interface Browser {
  organizationId: string
  userId: string
  sessionId: string
}

const lifetime = 10 * 60_000

/**
 * Checks and seals what the admin typed and answers the address of the source's sign-in. Nothing is connected yet: an
 * attempt that does not come back within ten minutes is gone.
 * @throws {AppError} bad_input by field, conflict where the directory is connected already
 */
export async function beginConnection(
  services: Services,
  browser: Browser,
  input: { connector: string; fields: ConnectFields },
): Promise<{ authorizeUrl: string }> {
  const { manifest } = services.connectors.get(input.connector)
  const fields = checkConnectFields(input.fields, manifest, services.clock.now())
  await services.database.withOrganization(browser.organizationId, transaction =>
    refuseSecondConnection(transaction, browser.organizationId, manifest.id, fields.externalTenantId),
  )
  return begin(services, browser, {
    purpose: 'connect',
    connector: manifest.id,
    connectionId: newId(),
    externalTenantId: fields.externalTenantId,
    clientId: fields.clientId,
    cloud: fields.cloud,
    secretExpiresOn: fields.secretExpiresOn,
    clientSecret: new Secret(fields.clientSecret),
  })
}

/** Sends the admin to sign in again with the connection's own settings and secret. */
export async function beginReauthorization(
  services: Services,
  browser: Browser,
  connectionId: string,
): Promise<{ authorizeUrl: string }> {
  const { organizationId } = browser
  const found = await services.database.withOrganization(organizationId, async transaction => {
    const [row] = await transaction
      .select()
      .from(connection)
      .where(and(isOpen(connection, organizationId), eq(connection.id, connectionId)))
    if (!row) throw notFound('connection')
    const clientSecret = await openCredential(
      services,
      transaction,
      organizationId,
      connectionId,
      'client_secret',
    )
    if (!clientSecret) {
      const words = 'This connection was revoked and its credential destroyed. Connect the directory anew.'
      throw new AppError('precondition_failed', 'revoked', { userMessage: words })
    }
    return { row, clientSecret }
  })
  const { connector, externalTenantId, clientId, cloud, secretExpiresOn } = found.row
  return begin(services, browser, {
    purpose: 'reauthorize',
    connector,
    connectionId,
    externalTenantId,
    clientId,
    cloud,
    secretExpiresOn,
    clientSecret: found.clientSecret,
  })
}

interface Attempt {
  purpose: 'connect' | 'reauthorize'
  connector: string
  connectionId: string
  externalTenantId: string
  clientId: string
  cloud: string
  secretExpiresOn: string | null
  clientSecret: Secret
}

async function begin(
  services: Services,
  browser: Browser,
  attempt: Attempt,
): Promise<{ authorizeUrl: string }> {
  const { organizationId, userId, sessionId } = browser
  const connector = services.connectors.get(attempt.connector)
  const { clientSecret, ...kept } = attempt
  const state = [organizationId, attempt.connectionId, randomBytes(32).toString('base64url')].join('.')
  const { url, verifier, nonce } = await connector.authorization.begin({
    settings: attempt,
    clientSecret,
    redirectUri: `${services.appOrigin}${connector.manifest.callbackPath}`,
    state,
  })
  const id = newId()
  const createdAt = services.clock.now()
  await services.database.withOrganization(organizationId, async transaction => {
    const seal = (field: string, secret: Secret) =>
      services.vault.seal(transaction, { organizationId, record: id, field }, secret)
    await dropExpiredAttempts(transaction, organizationId, createdAt)
    await transaction.insert(authorizationAttempt).values({
      ...kept,
      organizationId,
      id,
      stateHash: sha256(state),
      sessionId,
      userId,
      sealedClientSecret: await seal('client_secret', clientSecret),
      sealedVerifier: await seal('verifier', verifier),
      sealedNonce: await seal('nonce', nonce),
      createdAt,
      expiresAt: new Date(createdAt.getTime() + lifetime),
    })
  })
  return { authorizeUrl: url }
}

/** Sign-ins that were begun and did not come back in time, with the secrets sealed for them. */
export async function dropExpiredAttempts(
  transaction: Transaction,
  organizationId: string,
  now: Date,
): Promise<void> {
  await transaction
    .delete(authorizationAttempt)
    .where(
      and(eq(authorizationAttempt.organizationId, organizationId), lt(authorizationAttempt.expiresAt, now)),
    )
}

/** One directory is connected at most once to an organization. */
export async function refuseSecondConnection(
  transaction: Transaction,
  organizationId: string,
  connector: string,
  externalTenantId: string,
): Promise<void> {
  const sourceId = sourceIdOf(organizationId, connector, externalTenantId)
  const [active] = await transaction
    .select({ id: connection.id })
    .from(connection)
    .where(
      and(
        isOpen(connection, organizationId),
        eq(connection.sourceId, sourceId),
        ne(connection.status, 'revoked'),
      ),
    )
  if (!active) return
  throw new AppError('conflict', 'the directory is connected already', {
    userMessage:
      'This directory is connected already. Open its connection to sign in again or to replace the secret.',
    fields: { externalTenantId: 'This directory is connected already.' },
    details: { connectionId: active.id },
  })
}
