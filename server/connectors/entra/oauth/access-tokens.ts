import { z } from 'zod'
import type { Clock } from '../../../clock.ts'
import { Secret } from '../../../vault/secret.ts'
import {
  CredentialRefused,
  type OpenReadsOptions,
  type ScopeGrant,
  SourceUnavailable,
} from '../../contract.ts'
import type { RetryBudget } from '../backoff.ts'
import type { Network } from '../network.ts'
import { refuseCredential, refuseWriteCredential } from './refusals.ts'
import { gradeScopes, requiredScopes } from './scopes.ts'
import type { LoginError } from './token-answer.ts'
import { LoginFailed, runTokenOperation } from './token-operation.ts'

/** The access token of one run. */
export interface AccessTokens {
  /** As of the refresh that opened the run. */
  readonly grant: ScopeGrant
  /** A token that is good for some minutes more, refreshed when it is not. */
  current(): Promise<Secret>
  /** Another token than `refused`, which the source did not accept. */
  replace(refused: Secret): Promise<Secret>
}

/**
 * Refreshes the stored authorization once, so that every run records what is granted now.
 * @throws {CredentialRefused} when a person has to act, {SourceUnavailable} when the login host does not answer.
 */
export async function openAccessTokens(
  options: OpenReadsOptions & { network: Network; budget: RetryBudget },
): Promise<AccessTokens> {
  let live = await refreshWithRetries(options)
  let renewal: Promise<LiveToken> | null = null

  /** Reads that run side by side share one refresh. */
  const renew = async (): Promise<Secret> => {
    renewal ??= refreshWithRetries(options).finally(() => {
      renewal = null
    })
    live = await renewal
    return live.token
  }

  return {
    grant: live.grant,
    current: async () => (isFresh(live, options.clock) ? live.token : renew()),
    replace: async refused => (live.token.reveal() === refused.reveal() ? renew() : live.token),
  }
}

interface LiveToken {
  readonly token: Secret
  readonly expiresAt: number
  readonly grant: ScopeGrant
}

const margin = 5 * 60_000

const isFresh = (live: LiveToken, clock: Clock): boolean => live.expiresAt - margin > clock.now().getTime()

async function refreshWithRetries(
  options: OpenReadsOptions & { network: Network; budget: RetryBudget },
): Promise<LiveToken> {
  const { clock, budget, signal } = options
  for (let attempt = 1; ; attempt += 1) {
    const startedAt = clock.now()
    try {
      return await refreshWhatIsGranted(options)
    } catch (error) {
      if (!(error instanceof LoginFailed)) throw error
      const refused = refuseCredential(error.login)
      if (refused) throw refused
      const { retryAfter } = error.login
      if (!(await budget.wait({ startedAt, attempt, retryAfter, signal }))) throw unavailable(error.login)
    }
  }
}

type RefreshOptions = OpenReadsOptions & { network: Network }

/**
 * Asks for all required permissions. Where consent to one is missing Entra refuses them together, and does not say
 * which: then those that the last token carried are asked for, and last of all one by one, since a token lists whatever
 * else is granted. Only the kinds behind the missing ones stay out.
 */
async function refreshWhatIsGranted(options: RefreshOptions): Promise<LiveToken> {
  const stored = await options.tokenCache.read()
  if (!stored) throw withoutAuthorization()
  const { granted } = gradeScopes(scopesOfCache(stored)).grant
  const carried = requiredScopes.filter(scope => granted.includes(scope))
  const isPart = carried.length > 0 && carried.length < requiredScopes.length
  const singly = [...carried, ...requiredScopes.filter(scope => !carried.includes(scope))].map(each => [each])
  let refused: unknown
  for (const scopes of [requiredScopes, ...(isPart ? [carried] : []), ...singly]) {
    try {
      return await refresh(options, stored, scopes)
    } catch (error) {
      if (!(error instanceof LoginFailed) || !isConsentMissing(error.login)) throw error
      refused ??= error
    }
  }
  throw refused
}

const isConsentMissing = ({ error, suberror, code }: LoginError): boolean =>
  error === 'invalid_grant' && (suberror === 'consent_required' || code === '65001')

const cacheSchema = z.object({ AccessToken: z.record(z.string(), z.object({ target: z.string() })) })

/** The permissions of the access tokens in MSAL's serialised cache. */
function scopesOfCache(cache: Secret): string[] {
  const parsed = cacheSchema.safeParse(JSON.parse(cache.reveal()))
  return Object.values(parsed.data?.AccessToken ?? {}).flatMap(token => token.target.split(' '))
}

async function refresh(
  { settings, clientSecret, tokenCache, clock, network, signal }: RefreshOptions,
  stored: Secret,
  scopes: readonly string[],
): Promise<LiveToken> {
  const { result, cache } = await runTokenOperation(
    { settings, clientSecret, network, signal, cache: stored },
    async application => {
      const accounts = await application.getTokenCache().getAllAccounts()
      const account = accounts.find(({ tenantId }) => tenantId === settings.externalTenantId.toLowerCase())
      if (!account) throw withoutAuthorization()
      return application.acquireTokenSilent({ account, scopes: [...scopes], forceRefresh: true })
    },
  )
  const { grant, beyondReading } = gradeScopes(result.scopes)
  if (beyondReading.length > 0) {
    await tokenCache.write(new Secret('{}'))
    throw refuseWriteCredential(beyondReading, grant)
  }
  await tokenCache.write(cache)
  return {
    token: new Secret(result.accessToken),
    expiresAt: clock.now().getTime() + lifetimeOf(result.expiresOn),
    grant,
  }
}

/** MSAL dates the expiry by the machine's clock; how long the token lives is what carries over to ours. */
const lifetimeOf = (expiresOn: Date | null): number => (expiresOn ? expiresOn.getTime() - Date.now() : 0)

const withoutAuthorization = () =>
  new CredentialRefused(
    'reauthorize',
    'not_authorized',
    'There is no authorization stored for this connection. Authorize it with an account that holds Security Reader.',
  )

const unavailable = ({ status, error }: LoginError) =>
  new SourceUnavailable(`the login host did not give a token (${error ?? status ?? 'no answer'})`)
