import { randomBytes } from 'node:crypto'
import { ConfidentialClientApplication, CryptoProvider } from '@azure/msal-node'
import { Secret } from '../../../vault/secret.ts'
import type { AuthorizationRefused, ConnectorAuthorization } from '../../contract.ts'
import type { Network } from '../network.ts'
import { verifyIdToken } from './id-token.ts'
import { createLoginNetwork } from './login-network.ts'
import { refuseAuthorization, refuseIdentity, refuseWithoutScopes, refuseWriteScopes } from './refusals.ts'
import { gradeScopes, requiredScopes } from './scopes.ts'
import { codeIn } from './token-answer.ts'
import { authorityOf, LoginFailed, runTokenOperation } from './token-operation.ts'

/** Authorization code flow with PKCE (RFC 7636), state and nonce, as a confidential client of the customer's own registration. */
export const createAuthorization = (network: Network): ConnectorAuthorization => ({
  begin: async ({ settings, clientSecret, redirectUri, state }) => {
    const { verifier, challenge } = await new CryptoProvider().generatePkceCodes()
    const nonce = randomBytes(32).toString('base64url')
    const application = new ConfidentialClientApplication({
      auth: {
        clientId: settings.clientId,
        clientSecret: clientSecret.reveal(),
        authority: authorityOf(settings),
      },
      system: { networkClient: createLoginNetwork(network).module },
    })
    const url = await application.getAuthCodeUrl({
      scopes: [...requiredScopes],
      redirectUri,
      codeChallenge: challenge,
      codeChallengeMethod: 'S256',
      state,
      nonce,
      prompt: 'select_account',
      responseMode: 'query',
    })
    return { url: network.route(url), verifier: new Secret(verifier), nonce: new Secret(nonce) }
  },

  complete: async ({ settings, clientSecret, redirectUri, state, verifier, nonce, callback, now }) => {
    const refusal = refusalIn(callback)
    if (refusal) throw refusal
    const code = callback.get('code')
    if (!code || callback.get('state') !== state) throw refuseIdentity('state or code')

    const { result, cache } = await runTokenOperation(
      { settings, clientSecret, network, cache: null },
      application =>
        application.acquireTokenByCode(
          {
            scopes: [...requiredScopes],
            redirectUri,
            code,
            codeVerifier: verifier.reveal(),
            state,
            nonce: nonce.reveal(),
          },
          { state, code },
        ),
    ).catch((error: unknown) => {
      throw error instanceof LoginFailed ? refuseAuthorization(error.login) : refuseIdentity(nameOf(error))
    })

    const identity = await verifyIdToken(result.idToken, { settings, nonce: nonce.reveal(), network, now })
    const { grant, beyondReading } = gradeScopes(result.scopes)
    if (beyondReading.length > 0) throw refuseWriteScopes(beyondReading)
    if (grant.missing.length === requiredScopes.length) throw refuseWithoutScopes(requiredScopes)
    return { tokenCache: cache, grant, authorizedBy: identity.objectId }
  },
})

/** RFC 6749 section 4.1.2.1: the error that the login host sent back instead of a code. */
function refusalIn(callback: URLSearchParams): AuthorizationRefused | null {
  const error = callback.get('error')
  if (!error) return null
  return refuseAuthorization({
    status: 400,
    error,
    suberror: callback.get('error_subcode'),
    code: codeIn(callback.get('error_description')),
    correlationId: null,
    retryAfter: null,
  })
}

/** MSAL's error code, or what kind of error it was: never its text, which may quote the answer. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  return 'errorCode' in error ? String(error.errorCode) : error.name
}
