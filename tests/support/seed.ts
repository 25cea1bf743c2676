import { signInAndConsent } from '../../sandbox/entra/browse.ts'
import { type EntraStandIn, startEntra } from '../../sandbox/entra/start-entra.ts'
import type { TenantSpec } from '../../sandbox/entra/types.ts'
import type { Clock } from '../../server/clock.ts'
import {
  type Browser,
  beginConnection,
  beginReauthorization,
} from '../../server/connections/begin-authorization.ts'
import {
  type AuthorizationOutcome,
  completeAuthorization,
} from '../../server/connections/complete-authorization.ts'
import type { Cadence } from '../../server/domain/evidence/kinds.ts'
import { type SyncResult, syncConnection } from '../../server/evidence/sync-connection.ts'
import { newId } from '../../server/ledger/ids.ts'
import { registerOrganization } from '../../server/members/register-organization.ts'
import type { Services } from '../../server/services.ts'
import { afterwards } from './afterwards.ts'
import { clientSecret, type JumpingClock, jumpingClock, tenantSpec } from './entra.ts'
import { newAccount } from './people.ts'
import { type TestServices, useServices } from './services.ts'

export interface Scene extends TestServices {
  clock: JumpingClock
  entra: EntraStandIn
  spec: TenantSpec
  organizationId: string
  slug: string
  userId: string
  browser: Browser
}

/** An organization created as simulated, on a clock that tests move, with a stand-in directory to connect. */
export async function useScene(
  changes: Partial<TenantSpec> = {},
  options: { clock?: JumpingClock; leaseSeconds?: number } = {},
): Promise<Scene> {
  const { clock = jumpingClock(), leaseSeconds } = options
  const spec = tenantSpec(changes)
  const entra = await startEntra({ tenants: [spec], clock })
  afterwards(() => entra.stop())
  const test = await useServices({
    clock,
    entraOrigin: () => entra.origin,
    ...(leaseSeconds ? { leaseSeconds } : {}),
  })
  const founded = await foundOrganization(test.services, 'Ada Owner', 'Harbour Street')
  return { ...test, clock, entra, spec, ...founded }
}

export interface ConnectChanges {
  account?: string
  decline?: boolean
  clientSecret?: string
  browser?: Browser
}

/** What it takes to connect a directory and to sync it. */
export interface Connecting {
  services: Services
  clock: Clock
  entra: Pick<EntraStandIn, 'origin'>
  spec: TenantSpec
  organizationId: string
  browser: Browser
}

const fieldsOf = (scene: Connecting, changes: ConnectChanges) => ({
  externalTenantId: scene.spec.tenantId,
  clientId: scene.spec.apps[0]?.clientId ?? '',
  clientSecret: changes.clientSecret ?? clientSecret,
  secretExpiresOn: new Date(scene.clock.now().getTime() + 180 * 86_400_000).toISOString().slice(0, 10),
  cloud: scene.spec.cloud ?? 'global',
})

/** Begins a connection and walks the stand-in's sign-in: the redirect that comes back. */
export async function signInToConnect(scene: Connecting, changes: ConnectChanges = {}): Promise<URL> {
  const { authorizeUrl } = await beginConnection(scene.services, changes.browser ?? scene.browser, {
    connector: 'entra',
    fields: fieldsOf(scene, changes),
  })
  return signIn(scene, authorizeUrl, changes)
}

/** The same for a connection that must be authorized again. */
export async function signInToReauthorize(
  scene: Connecting,
  connectionId: string,
  changes: ConnectChanges = {},
): Promise<URL> {
  const { authorizeUrl } = await beginReauthorization(scene.services, scene.browser, connectionId)
  return signIn(scene, authorizeUrl, changes)
}

async function signIn(
  scene: Connecting,
  authorizeUrl: string,
  { account, decline }: ConnectChanges,
): Promise<URL> {
  return signInAndConsent(authorizeUrl, {
    ...(account ? { account } : {}),
    ...(decline ? { decline } : {}),
    rewrite: url => url.replace(/^https:\/\/login\.[^/]+/, scene.entra.origin),
  })
}

/** Connects from the form to the callback. */
export async function connectScene(
  scene: Connecting,
  changes: ConnectChanges = {},
): Promise<AuthorizationOutcome> {
  const back = await signInToConnect(scene, changes)
  return completeAuthorization(scene.services, scene.browser, back.searchParams)
}

/** Connects and answers the connection's id. */
export async function connectedScene(scene: Connecting, changes: ConnectChanges = {}): Promise<string> {
  const outcome = await connectScene(scene, changes)
  if (outcome.outcome !== 'connected') throw new Error(`not connected: ${JSON.stringify(outcome)}`)
  return outcome.connectionId
}

/** Runs one sync as the worker would: the hourly one, or what is read once a day. */
export async function syncNow(
  scene: Pick<Connecting, 'services' | 'organizationId'>,
  connectionId: string,
  cadence: Cadence = 'hourly',
): Promise<SyncResult> {
  const { organizationId } = scene
  const payload = { organizationId, connectionId, trigger: 'manual', dueAt: null } as const
  return syncConnection(scene.services, payload, new AbortController().signal, cadence)
}

/** An organization with one connected directory and its first sync done. */
export async function seedSyncedOrganization(
  changes: Partial<TenantSpec> = {},
): Promise<Scene & { connectionId: string }> {
  const scene = await useScene(changes)
  const connectionId = await connectedScene(scene)
  const result = await syncNow(scene, connectionId)
  if (result !== 'succeeded') throw new Error(`the first sync ended ${result}`)
  return { ...scene, connectionId }
}

/** Another organization of somebody else, beside the scene's own in the same database, connected and synced as well. */
export async function seedSecondOrganization(scene: Scene): Promise<Scene & { connectionId: string }> {
  const second = {
    ...scene,
    ...(await foundOrganization(scene.services, 'Mallory Owner', 'Opposite Street')),
  }
  const connectionId = await connectedScene(second)
  const result = await syncNow(second, connectionId)
  if (result !== 'succeeded') throw new Error(`the first sync ended ${result}`)
  return { ...second, connectionId }
}

/** An organization on a simulated clock, and its owner with a browser. */
export async function foundOrganization(services: Services, owner: string, name: string) {
  const { id: userId, email, password } = await newAccount(services, owner)
  const { organizationId, slug } = await registerOrganization(services, { userId, name, simulated: true })
  const browser = { organizationId, userId, sessionId: newId() }
  return { organizationId, slug, userId, credentials: { email, password }, browser }
}
