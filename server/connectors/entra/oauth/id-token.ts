import { createLocalJWKSet, decodeJwt, errors, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose'
import { z } from 'zod'
import type { ConnectionSettings } from '../../contract.ts'
import { cloudById } from '../clouds.ts'
import { type Network, NetworkFailed } from '../network.ts'
import { refuseAuthorization, refuseForeignDirectory, refuseIdentity } from './refusals.ts'
import { noAnswer } from './token-answer.ts'
import { authorityOf } from './token-operation.ts'

interface VerifiedIdentity {
  /** The account's object id in the directory. */
  readonly objectId: string
}

/**
 * Verifies what MSAL does not: signature by the directory's published keys, `aud`, `iss`, `exp`, `tid` and `nonce`
 * (OpenID Connect Core 3.1.3.7).
 * @throws {AuthorizationRefused}
 */
export async function verifyIdToken(
  idToken: string,
  expected: { settings: ConnectionSettings; nonce: string; network: Network; now: Date },
): Promise<VerifiedIdentity> {
  const { settings, nonce, network, now } = expected
  const tenantId = settings.externalTenantId.toLowerCase()
  // Another directory signs with other keys: told apart first, so that the admin reads the reason and not "bad signature".
  if (claimedTenant(idToken) !== tenantId) throw refuseForeignDirectory()

  const keys = createLocalJWKSet(await publishedKeys(settings, network))
  const { payload } = await jwtVerify(idToken, keys, {
    algorithms: ['RS256'],
    audience: settings.clientId,
    issuer: `${cloudById(settings.cloud).loginOrigin}/${tenantId}/v2.0`,
    requiredClaims: ['exp', 'iat', 'tid', 'oid', 'nonce'],
    clockTolerance: 300,
    currentDate: now,
  }).catch((error: unknown) => {
    throw refuseIdentity(error instanceof errors.JOSEError ? error.code : 'unreadable')
  })
  const claims = claimsSchema.safeParse(payload)
  if (!claims.success) throw refuseIdentity('claims')
  if (claims.data.nonce !== nonce) throw refuseIdentity('nonce')
  return { objectId: claims.data.oid }
}

const claimsSchema = z.object({ oid: z.string().min(1), nonce: z.string() })

function claimedTenant(idToken: string): string {
  const claims = readable(idToken)
  return typeof claims.tid === 'string' ? claims.tid.toLowerCase() : ''
}

function readable(idToken: string): JWTPayload {
  try {
    return decodeJwt(idToken)
  } catch {
    throw refuseIdentity('unreadable')
  }
}

const attempts = 3

/** The code that came with the sign-in is spent by now, so a short hiccup must not cost the admin the whole attempt. */
async function publishedKeys(settings: ConnectionSettings, network: Network): Promise<JSONWebKeySet> {
  for (let attempt = 1; ; attempt += 1) {
    const keys = await fetchKeys(settings, network)
    if (keys) return keys
    if (attempt === attempts) throw refuseAuthorization(noAnswer)
  }
}

async function fetchKeys(settings: ConnectionSettings, network: Network): Promise<JSONWebKeySet | null> {
  try {
    const response = await network.send(`${authorityOf(settings)}/discovery/v2.0/keys`, {
      method: 'GET',
      headers: {},
    })
    const keys = keysSchema.safeParse(await response.json())
    return response.ok && keys.success ? keys.data : null
  } catch (error) {
    if (error instanceof NetworkFailed || error instanceof SyntaxError) return null
    throw error
  }
}

const keysSchema = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).min(1) })
