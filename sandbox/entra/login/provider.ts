import type { JWK } from 'jose'
import Provider, { type Adapter, type AdapterPayload, interactionPolicy } from 'oidc-provider'
import type { Tenant } from '../tenant.ts'
import type { Clock } from '../types.ts'
import type { ModelStore, Sessions } from './sessions.ts'

const years = 10 * 365 * 24 * 3600
const codeSeconds = 600

const { Check, Prompt } = interactionPolicy

/**
 * The OpenID provider of one tenant. It checks PKCE, redirect URI, secret and code; lifetimes that matter are
 * judged on the stand-in's clock elsewhere, because the library reads real time.
 */
export function createProvider(options: {
  tenant: Tenant
  clock: Clock
  sessions: Sessions
  redirectUris: (clientId: string) => string[]
}): Provider {
  const { tenant, clock, sessions } = options
  const issuer = `${tenant.hosts.login}/${tenant.id}/v2.0`
  const provider: Provider = new Provider(issuer, {
    adapter: name =>
      name === 'Client'
        ? clientAdapter(tenant, options.redirectUris)
        : storeAdapter(name, sessions.models(tenant.id, name), clock),
    jwks: { keys: [providerKey(sessions.signingKey)] },
    scopes: ['openid', 'offline_access', 'profile', 'email'],
    claims: {
      openid: ['sub', 'tid', 'oid', 'ver'],
      profile: ['name', 'preferred_username'],
      email: ['email'],
    },
    extraParams: ['requested_scope'],
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    routes: {
      authorization: `/${tenant.id}/oauth2/v2.0/authorize`,
      token: `/${tenant.id}/oauth2/v2.0/token`,
      jwks: `/${tenant.id}/discovery/v2.0/keys`,
      userinfo: `/${tenant.id}/openid/userinfo`,
      end_session: `/${tenant.id}/oauth2/v2.0/logout`,
    },
    features: { devInteractions: { enabled: false } },
    issueRefreshToken: async (_ctx, client, code) =>
      client.grantTypeAllowed('refresh_token') && code.scopes.has('offline_access'),
    rotateRefreshToken: false,
    ttl: {
      AccessToken: years,
      AuthorizationCode: codeSeconds,
      RefreshToken: years,
      IdToken: 3600,
      Grant: years,
      Session: years,
      Interaction: 3600,
    },
    findAccount: async (_ctx, id) => ({ accountId: id, claims: async () => claimsOf(tenant, id) }),
    // Consent is the page's matter: whoever comes back from it holds the protocol's own scopes.
    loadExistingGrant: async ctx => {
      const { client, session } = ctx.oidc
      if (!client || !session?.accountId) return undefined
      const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId })
      grant.addOIDCScope('openid profile email offline_access')
      await grant.save()
      return grant
    },
    interactions: {
      url: (_ctx, interaction) => `/${tenant.id}/sign-in/${interaction.uid}`,
      policy: [
        new Prompt(
          { name: 'consent', requestable: true },
          new Check(
            'page_not_answered',
            'the sign-in page has not been answered',
            ctx => !ctx.oidc.result?.consent,
          ),
        ),
      ],
    },
    cookies: {
      keys: ['stand-in'],
      names: {
        session: 'entra_stand_in',
        interaction: 'entra_stand_in_page',
        resume: 'entra_stand_in_resume',
      },
    },
    renderError: (ctx, out) => {
      ctx.type = 'html'
      ctx.body = `<!doctype html><title>Sign-in error</title><h1>Sign-in error</h1><p>${escapeText(out.error)}: ${escapeText(out.error_description ?? '')}`
    },
  })
  return provider
}

/** What a token says about the account. */
function claimsOf(tenant: Tenant, accountId: string) {
  const user = tenant.account(accountId)?.user
  return {
    sub: accountId,
    oid: accountId,
    tid: tenant.id,
    ver: '2.0',
    name: user?.displayName ?? '',
    preferred_username: user?.userPrincipalName ?? '',
    email: user?.mail ?? '',
  }
}

function clientAdapter(tenant: Tenant, redirectUris: (clientId: string) => string[]): Adapter {
  return adapterOf({
    async find(id) {
      const app = tenant.apps.find(each => each.clientId === id)
      if (!app) return undefined
      return {
        client_id: app.clientId,
        client_secret: app.secret.value,
        redirect_uris: redirectUris(app.clientId),
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: 'client_secret_post',
      }
    },
  })
}

function storeAdapter(model: string, store: ModelStore, clock: Clock): Adapter {
  // Access tokens are looked up in the sessions, never here.
  if (model === 'AccessToken') return adapterOf({})
  return adapterOf({
    async upsert(id, payload) {
      store.set(id, { ...payload, standInIssuedAt: clock.now().getTime() })
    },
    async find(id) {
      return judged(model, store.get(id), clock)
    },
    async findByUid(uid) {
      for (const payload of store.values()) if (isPayload(payload) && payload.uid === uid) return payload
      return undefined
    },
    async consume(id) {
      const payload = store.get(id)
      if (isPayload(payload)) store.set(id, { ...payload, consumed: Math.floor(Date.now() / 1000) })
    },
    async destroy(id) {
      store.delete(id)
    },
  })
}

/** Codes age on the stand-in's clock. */
function judged(model: string, payload: unknown, clock: Clock): AdapterPayload | undefined {
  if (!isPayload(payload)) return undefined
  const age = clock.now().getTime() - Number(payload.standInIssuedAt)
  return model === 'AuthorizationCode' && age > codeSeconds * 1000 ? { ...payload, exp: 1 } : payload
}

function isPayload(payload: unknown): payload is AdapterPayload & { standInIssuedAt?: unknown } {
  return typeof payload === 'object' && payload !== null
}

function adapterOf(part: Partial<Adapter>): Adapter {
  return {
    upsert: async () => {},
    find: async () => undefined,
    findByUserCode: async () => undefined,
    findByUid: async () => undefined,
    consume: async () => {},
    destroy: async () => {},
    revokeByGrantId: async () => {},
    ...part,
  }
}

function providerKey(key: JWK) {
  const { kty, kid, n, e, d, p, q, dp, dq, qi } = key
  return { kty: kty ?? 'RSA', kid, alg: 'RS256', use: 'sig', n, e, d, p, q, dp, dq, qi }
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
