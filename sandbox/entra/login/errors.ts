import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'

/** An Entra error: OAuth error, AADSTS number, text and, where Entra sends one, a suberror. */
export interface EntraError {
  error: string
  code: number
  text: string
  suberror?: string | undefined
  status?: number
}

/** The body of a failed token request, in the shape of Entra's. */
export function tokenErrorBody(problem: EntraError, now: Date): Record<string, unknown> {
  const timestamp = `${now.toISOString().slice(0, 19).replace('T', ' ')}Z`
  const traceId = randomUUID()
  const correlationId = randomUUID()
  return {
    error: problem.error,
    error_description: `AADSTS${problem.code}: ${problem.text} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
    error_codes: [problem.code],
    timestamp,
    trace_id: traceId,
    correlation_id: correlationId,
    error_uri: `https://login.microsoftonline.com/error?code=${problem.code}`,
    ...(problem.suberror ? { suberror: problem.suberror } : {}),
  }
}

export function sendTokenError(res: ServerResponse, problem: EntraError, now: Date): void {
  res.writeHead(problem.status ?? (problem.error === 'invalid_client' ? 401 : 400), {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store, no-cache',
  })
  res.end(JSON.stringify(tokenErrorBody(problem, now)))
}

const invalidGrant = (code: number, text: string, suberror?: string): EntraError => ({
  error: 'invalid_grant',
  code,
  text,
  suberror,
})

export const entraErrors = {
  unknownTenant: (tenant: string): EntraError => ({
    error: 'invalid_request',
    code: 90002,
    text: `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.`,
  }),
  commonEndpoint: (clientId: string): EntraError => ({
    error: 'invalid_request',
    code: 50194,
    text: `Application '${clientId}' is not configured as a multi-tenant application. Usage of the /common endpoint is not supported for such apps. Use a tenant-specific endpoint.`,
  }),
  unknownClient: (clientId: string, tenant: string): EntraError => ({
    error: 'unauthorized_client',
    code: 700016,
    text: `Application with identifier '${clientId}' was not found in the directory '${tenant}'. This can happen if the application has not been installed by the administrator of the tenant.`,
  }),
  missingSecret: (): EntraError => ({
    error: 'invalid_client',
    code: 7000218,
    text: "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
  }),
  wrongSecret: (clientId: string): EntraError => ({
    error: 'invalid_client',
    code: 7000215,
    text: `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${clientId}'.`,
  }),
  expiredSecret: (clientId: string): EntraError => ({
    error: 'invalid_client',
    code: 7000222,
    text: `The provided client secret keys for app '${clientId}' are expired. Visit the Azure portal to create new keys for your app.`,
  }),
  wrongRedirect: (redirectUri: string, clientId: string): EntraError => ({
    error: 'invalid_request',
    code: 50011,
    text: `The redirect URI '${redirectUri}' specified in the request does not match the redirect URIs configured for the application '${clientId}'.`,
  }),
  accountDisabled: () => invalidGrant(50057, 'The user account is disabled.'),
  sessionRevoked: () =>
    invalidGrant(
      50173,
      'The provided grant has expired due to it being revoked, a fresh auth token is needed.',
    ),
  refreshIdle: () =>
    invalidGrant(
      700082,
      'The refresh token has expired due to inactivity. The token was inactive for 90.00:00:00.',
    ),
  unknownRefresh: () =>
    invalidGrant(70000, "The provided value for the input parameter 'refresh_token' is not valid."),
  consentMissing: (clientId: string, name: string) =>
    invalidGrant(
      65001,
      `The user or administrator has not consented to use the application with ID '${clientId}' named '${name}'. Send an interactive authorization request for this user and resource.`,
      'consent_required',
    ),
  codeRedeemed: () =>
    invalidGrant(
      54005,
      'OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.',
    ),
  codeExpired: () =>
    invalidGrant(
      70008,
      'The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.',
      'bad_token',
    ),
  codeUnknown: () => invalidGrant(9002313, 'Invalid request. Request is malformed or invalid.'),
  verifierWrong: () =>
    invalidGrant(
      501481,
      'The Code_Verifier does not match the code_challenge supplied in the authorization request.',
    ),
  redirectChanged: () =>
    invalidGrant(
      500112,
      'The reply address does not match the reply address provided when requesting Authorization code.',
    ),
  declined: (): EntraError => ({
    error: 'access_denied',
    code: 65004,
    text: 'User declined to consent to access the app.',
  }),
  adminConsentNeeded: (name: string): EntraError => ({
    error: 'consent_required',
    code: 90094,
    text: `${name} needs permission to access resources in your organization that only an admin can grant.`,
  }),
}
