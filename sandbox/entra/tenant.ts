import type { IncomingMessage, ServerResponse } from 'node:http'
import { clouds } from './clouds.ts'
import { classAt, type DirectoryUser, fixedIndex, toSeconds } from './directory/account.ts'
import { createChurn, noChurn } from './directory/churn.ts'
import { createDirectory, type Directory } from './directory/directory.ts'
import { generatePolicies } from './directory/policies.ts'
import { createFaults, type Fault, type FaultList } from './faults.ts'
import type {
  AccountSpec,
  AppSpec,
  Clock,
  Licence,
  PolicyDocument,
  ScriptedChange,
  TenantSpec,
  UserPatch,
} from './types.ts'
import { defaultAccounts, requiredScopes } from './types.ts'

export interface App {
  clientId: string
  displayName: string
  secret: { value: string; id: string | undefined; expiresAt: Date | undefined }
  redirectUris: string[]
  grantedScopes: string[]
}

export interface LoggedRequest {
  at: Date
  method: string
  /** Path and query as asked, without tokens. */
  url: string
  /** 0 until the answer is out, and when there was none. */
  status: number
}

/** One tenant and the handles by which tests and the demo change it while it runs. */
export interface Tenant {
  readonly spec: TenantSpec
  readonly id: string
  readonly displayName: string
  readonly hosts: { login: string; graph: string }
  readonly since: Date
  readonly directory: Directory
  readonly accounts: AccountSpec[]
  readonly apps: App[]
  readonly faults: FaultList
  /** Every request to this tenant, oldest first, the last 20,000. */
  readonly requests: LoggedRequest[]
  logRequest(req: IncomingMessage, res: ServerResponse, url: string): void
  licence(): Licence
  policies(now: Date): PolicyDocument[]
  isSecurityDefaultsEnabled(): boolean
  /** Tokens and refresh tokens given out before this instant are void. */
  sessionsValidFrom(): Date
  app(clientId?: string): App
  account(keyOrId: string): { account: AccountSpec; user: DirectoryUser | null } | undefined
  /** Puts the scripted changes that are due into force. */
  catchUp(): void
  setUser(user: number | string, patch: UserPatch): void
  removeUser(user: number | string): void
  addUser(patch: UserPatch): DirectoryUser
  setPolicies(policies: PolicyDocument[] | null): void
  setLicence(licence: Licence): void
  setSecurityDefaults(isEnabled: boolean): void
  setGrantedScopes(scopes: string[], clientId?: string): void
  setSecret(secret: { value: string; expiresAt?: Date }, clientId?: string): void
  disableAccount(account: string): void
  /** Tokens from before this instant (default now) are void. */
  revokeSessions(from?: Date): void
  fault(fault: Fault): void
  clearFaults(): void
}

export function createTenant(spec: TenantSpec, clock: Clock): Tenant {
  const day = 86_400_000
  const since = spec.since ?? new Date(Math.floor(clock.now().getTime() / day) * day)
  const directory = createTenantDirectory(spec, since)
  const accounts = spec.accounts ?? defaultAccounts
  const apps = spec.apps.map(createApp)
  const faults = createFaults()
  const script = [...(spec.script ?? [])].sort((a, b) => a.at.getTime() - b.at.getTime())
  let licence = spec.licence
  let securityDefaults: boolean | undefined = spec.securityDefaults
  let policies = spec.policies ?? null
  let sessionsValidFrom = new Date(0)

  const indexOf = (user: number | string): number => {
    const index = typeof user === 'number' ? user : directory.indexOf(user)
    if (index < 0) throw new Error(`No user ${user} in tenant ${spec.tenantId}`)
    return index
  }
  const userOf = (account: AccountSpec) => directory.userAt(account.index, clock.now())

  const tenant: Tenant = {
    spec,
    id: spec.tenantId,
    displayName: spec.displayName,
    hosts: clouds[spec.cloud ?? 'global'],
    since,
    directory,
    accounts,
    apps,
    faults,
    requests: [],
    logRequest(req, res, url) {
      const entry = { at: clock.now(), method: req.method ?? 'GET', url, status: 0 }
      tenant.requests.push(entry)
      if (tenant.requests.length > 20_000) tenant.requests.splice(0, 5000)
      res.once('finish', () => {
        entry.status = res.statusCode
      })
    },
    licence: () => licence,
    isSecurityDefaultsEnabled: () => securityDefaults ?? licence === 'none',
    sessionsValidFrom: () => sessionsValidFrom,
    policies(now) {
      if (policies) return policies
      return generatePolicies(
        {
          seed: spec.seed,
          since,
          emergency: fixedIndex.emergency,
          hasRisk: licence === 'P2',
          hasChurn: Boolean(spec.churn),
        },
        now,
      )
    },
    app(clientId) {
      const app = clientId === undefined ? apps[0] : apps.find(each => each.clientId === clientId)
      if (!app) throw new Error(`No app registration ${clientId ?? ''} in tenant ${spec.tenantId}`)
      return app
    },
    account(keyOrId) {
      const account = accounts.find(each => each.key === keyOrId || userOf(each)?.id === keyOrId)
      return account && { account, user: userOf(account) }
    },
    catchUp() {
      while (script[0] && script[0].at <= clock.now()) {
        const change = script.shift()
        if (change) callFor(tenant, change)()
      }
    },
    setUser: (user, patch) => directory.setUser(indexOf(user), patch),
    removeUser: user => directory.removeUser(indexOf(user)),
    addUser(patch) {
      const index = directory.addUser({
        createdDateTime: toSeconds(clock.now()),
        ...patch,
      })
      const user = directory.userAt(index, clock.now())
      if (!user) throw new Error('The added user is not in the directory')
      return user
    },
    setPolicies(next) {
      policies = next
    },
    setLicence(next) {
      licence = next
    },
    setSecurityDefaults(isEnabled) {
      securityDefaults = isEnabled
    },
    setGrantedScopes(scopes, clientId) {
      tenant.app(clientId).grantedScopes = [...scopes]
    },
    setSecret(secret, clientId) {
      tenant.app(clientId).secret = { value: secret.value, id: undefined, expiresAt: secret.expiresAt }
    },
    disableAccount(key) {
      const found = tenant.account(key)
      if (!found) throw new Error(`No sign-in account ${key} in tenant ${spec.tenantId}`)
      directory.setUser(found.account.index, { accountEnabled: false })
    },
    revokeSessions(from = clock.now()) {
      sessionsValidFrom = from
    },
    fault: faults.add,
    clearFaults: faults.clear,
  }
  return tenant
}

/** The scripted change as a call on the tenant, to be made when its instant has come. */
function callFor(tenant: Tenant, change: ScriptedChange): () => unknown {
  switch (change.change) {
    case 'set-user':
      return () => tenant.setUser(change.user, change.patch)
    case 'remove-user':
      return () => tenant.removeUser(change.user)
    case 'add-user':
      return () => tenant.addUser({ createdDateTime: toSeconds(change.at), ...change.patch })
    case 'set-policies':
      return () => tenant.setPolicies(change.policies)
    case 'set-licence':
      return () => tenant.setLicence(change.licence)
    case 'set-security-defaults':
      return () => tenant.setSecurityDefaults(change.isEnabled)
    case 'set-granted-scopes':
      return () => tenant.setGrantedScopes(change.scopes, change.clientId)
    case 'set-secret':
      return () => tenant.setSecret(change, change.clientId)
    case 'revoke-sessions':
      return () => tenant.revokeSessions(change.at)
    case 'disable-account':
      return () => tenant.disableAccount(change.account)
  }
}

function createTenantDirectory(spec: TenantSpec, since: Date): Directory {
  const directorySpec = {
    seed: spec.seed,
    size: spec.size,
    since,
    domain: spec.domain ?? domainOf(spec.displayName),
    peopleWithoutMfa: spec.peopleWithoutMfa ?? 3,
  }
  const churn = spec.churn
    ? createChurn(
        {
          seed: spec.seed,
          size: spec.size,
          since,
          isLeaverAllowed: index => index > 11 && classAt(spec, index) === 'person',
        },
        spec.churn === true ? {} : spec.churn,
      )
    : noChurn(spec.size)
  return createDirectory(directorySpec, churn)
}

function domainOf(displayName: string): string {
  return `${displayName.toLowerCase().replaceAll(/[^a-z0-9]+/g, '')}.example`
}

function createApp(spec: AppSpec): App {
  return {
    clientId: spec.clientId,
    displayName: spec.displayName ?? 'Attestry',
    secret: { value: spec.clientSecret, id: spec.secretId, expiresAt: spec.secretExpiresAt },
    redirectUris: spec.redirectUris,
    grantedScopes: [...(spec.grantedScopes ?? requiredScopes)],
  }
}
