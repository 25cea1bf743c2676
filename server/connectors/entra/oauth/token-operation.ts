import {
  type AuthenticationResult,
  ConfidentialClientApplication,
  type ICachePlugin,
  InteractionRequiredAuthError,
} from '@azure/msal-node'
import { Secret } from '../../../vault/secret.ts'
import type { ConnectionSettings } from '../../contract.ts'
import { cloudById } from '../clouds.ts'
import type { Network } from '../network.ts'
import { createLoginNetwork } from './login-network.ts'
import type { LoginError } from './token-answer.ts'

interface TokenOperationOptions {
  readonly settings: ConnectionSettings
  readonly clientSecret: Secret
  readonly network: Network
  readonly signal?: AbortSignal | undefined
  /** What earlier operations left; null for the first one. */
  readonly cache: Secret | null
}

/** The login host refused, or could not be asked. The message names no secret. */
export class LoginFailed extends Error {
  override readonly name = 'LoginFailed'
  readonly login: LoginError

  constructor(login: LoginError, cause: unknown) {
    super(`login failed: ${login.error ?? login.status ?? 'no answer'}`, { cause })
    this.login = login
  }
}

/**
 * Runs one operation on an MSAL client that lives no longer than it. The changed cache is handed back and not stored,
 * so that the caller can look at what was granted before anything is kept.
 * @throws {LoginFailed} when the login host refuses or does not answer; MSAL's own error for a broken protocol.
 */
export async function runTokenOperation(
  { settings, clientSecret, network, signal, cache }: TokenOperationOptions,
  operation: (application: ConfidentialClientApplication) => Promise<AuthenticationResult>,
): Promise<{ result: AuthenticationResult; cache: Secret }> {
  const login = createLoginNetwork(network, signal)
  const kept = memoryCache(cache)
  const application = new ConfidentialClientApplication({
    auth: {
      clientId: settings.clientId,
      clientSecret: clientSecret.reveal(),
      authority: authorityOf(settings),
    },
    cache: { cachePlugin: kept.plugin },
    system: { networkClient: login.module },
  })
  try {
    const result = await operation(application)
    return { result, cache: kept.current() }
  } catch (error) {
    signal?.throwIfAborted()
    const failure = login.failure()
    if (failure) throw new LoginFailed(failure, error)
    if (error instanceof InteractionRequiredAuthError) throw new LoginFailed(locally(error.errorCode), error)
    throw error
  }
}

/** `https://<login host>/<directory id>`: a production address in every environment. */
export function authorityOf({ cloud, externalTenantId }: ConnectionSettings): string {
  if (!guid.test(externalTenantId)) throw new Error('the directory id is not a GUID')
  return `${cloudById(cloud).loginOrigin}/${externalTenantId.toLowerCase()}`
}

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

function memoryCache(initial: Secret | null) {
  let blob = initial
  const plugin: ICachePlugin = {
    beforeCacheAccess: async context => {
      if (blob) context.tokenCache.deserialize(blob.reveal())
    },
    afterCacheAccess: async context => {
      if (context.cacheHasChanged) blob = new Secret(context.tokenCache.serialize())
    },
  }
  return { plugin, current: () => blob ?? new Secret('{}') }
}

/** MSAL found nothing to refresh with, before any request: as good as a refusal of the stored credential. */
const locally = (suberror: string): LoginError => ({
  status: 400,
  error: 'interaction_required',
  suberror,
  code: null,
  correlationId: null,
  retryAfter: null,
})
