import { CredentialRefused } from '../../contract.ts'
import type { AccessTokens } from '../oauth/access-tokens.ts'
import type { Step } from './step.ts'

/**
 * Adds the access token. A 401 gets one other token; a claims challenge (continuous access evaluation) needs a person.
 * @throws {CredentialRefused}
 */
export const authorizing =
  (tokens: AccessTokens): Step =>
  async ({ headers }, next) => {
    const token = await tokens.current()
    headers.authorization = `Bearer ${token.reveal()}`
    const response = await next()
    if (response.status !== 401) return response
    refuseChallenge(response)

    const another = await tokens.replace(token)
    headers.authorization = `Bearer ${another.reveal()}`
    const second = await next()
    if (second.status !== 401) return second
    refuseChallenge(second)
    throw new CredentialRefused(
      'reauthorize',
      'token_rejected',
      'Microsoft Graph does not accept the access token, not even a new one. Authorize the connection again.',
    )
  }

function refuseChallenge(response: Response): void {
  if (!/insufficient_claims/i.test(response.headers.get('www-authenticate') ?? '')) return
  throw new CredentialRefused(
    'reauthorize',
    'claims_challenge',
    'A policy of the directory asks for a fresh sign-in of the account that carries this connection. Authorize the connection again.',
  )
}
