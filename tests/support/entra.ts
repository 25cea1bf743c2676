import { randomUUID } from 'node:crypto'
import { signInAndConsent } from '../../sandbox/entra/browse.ts'
import { type EntraStandIn, startEntra } from '../../sandbox/entra/start-entra.ts'
import type { StartEntraOptions, TenantSpec } from '../../sandbox/entra/types.ts'
import type { Clock } from '../../server/clock.ts'
import type {
  CompletedAuthorization,
  ConnectionSettings,
  Connector,
  FeedWindow,
  NormalisedItem,
  OpenedReads,
  ReadProvenance,
  TokenCacheStore,
} from '../../server/connectors/contract.ts'
import { createEntraConnector, type EntraConnectorOptions } from '../../server/connectors/entra/connector.ts'
import type { Cadence, EvidenceKind } from '../../server/domain/evidence/kinds.ts'
import { Secret } from '../../server/vault/secret.ts'

export const redirectUri = 'http://localhost:3000/api/integrations/entra/callback'
export const clientSecret = 'value~of.the-secret'
export const secretId = '0f0f0f0f-1111-4222-8333-444444444444'

/** A clock on which waiting takes no time: it moves on by what it was asked to sleep. */
export interface JumpingClock extends Clock {
  readonly slept: number[]
  jump(milliseconds: number): void
}

export function jumpingClock(start = new Date('2025-03-10T09:00:00Z')): JumpingClock {
  let now = start.getTime()
  const slept: number[] = []
  return {
    slept,
    now: () => new Date(now),
    jump: milliseconds => {
      now += milliseconds
    },
    sleep: async (milliseconds, signal) => {
      signal?.throwIfAborted()
      slept.push(milliseconds)
      now += milliseconds
    },
  }
}

export const tenantSpec = (changes: Partial<TenantSpec> = {}): TenantSpec => ({
  tenantId: randomUUID(),
  displayName: 'Harbour Street Bakery',
  seed: 7,
  size: 40,
  licence: 'P2',
  since: new Date('2025-01-01T00:00:00Z'),
  apps: [{ clientId: randomUUID(), clientSecret, secretId, redirectUris: [redirectUri] }],
  ...changes,
})

export interface Scene {
  readonly entra: EntraStandIn
  readonly clock: JumpingClock
  readonly connector: Connector
  readonly settings: ConnectionSettings
}

/** A stand-in with one directory on a clock of its own, and the connector pointed at it. */
export async function openScene(
  spec: TenantSpec = tenantSpec(),
  options: { standIn?: Partial<StartEntraOptions>; connector?: Partial<EntraConnectorOptions> } = {},
): Promise<Scene> {
  const clock = jumpingClock()
  const entra = await startEntra({ tenants: [spec], clock, ...options.standIn })
  const connector = createEntraConnector({
    loginOrigin: entra.origin,
    graphOrigin: entra.origin,
    collectorVersion: 'test',
    ...options.connector,
  })
  const settings = {
    externalTenantId: spec.tenantId,
    clientId: spec.apps[0]?.clientId ?? '',
    cloud: spec.cloud ?? 'global',
  }
  return { entra, clock, connector, settings }
}

export const tenantOf = ({ entra, settings }: Scene) => entra.tenant(settings.externalTenantId)

export interface ConnectOptions {
  account?: string
  decline?: boolean
  secret?: string
  /** Changes what comes back to the callback. */
  tamper?: (callback: URLSearchParams) => void
}

/** Connects as a person would: authorize, sign in, accept, come back. */
export async function connect(scene: Scene, options: ConnectOptions = {}): Promise<CompletedAuthorization> {
  const { connector, settings, entra, clock } = scene
  const common = {
    settings,
    clientSecret: new Secret(options.secret ?? clientSecret),
    redirectUri,
    state: randomUUID(),
  }
  const begun = await connector.authorization.begin(common)
  const came = await signInAndConsent(begun.url, {
    ...(options.account ? { account: options.account } : {}),
    ...(options.decline ? { decline: true } : {}),
    rewrite: url => url.replace(/^https:\/\/login\.[^/]+/, entra.origin),
  })
  options.tamper?.(came.searchParams)
  return connector.authorization.complete({
    ...common,
    ...begun,
    callback: came.searchParams,
    now: clock.now(),
  })
}

/** A store in memory that remembers every write. */
export function storeOf(cache: Secret | null): TokenCacheStore & { readonly writes: Secret[] } {
  const writes: Secret[] = []
  return {
    writes,
    read: async () => writes.at(-1) ?? cache,
    write: async next => {
      writes.push(next)
    },
  }
}

export const open = (
  scene: Scene,
  tokenCache: TokenCacheStore,
  options: { secret?: string; signal?: AbortSignal; cadence?: Cadence } = {},
): Promise<OpenedReads> =>
  scene.connector.openReads({
    settings: scene.settings,
    clientSecret: new Secret(options.secret ?? clientSecret),
    tokenCache,
    clock: scene.clock,
    signal: options.signal ?? new AbortController().signal,
    cadence: options.cadence ?? 'hourly',
  })

/** Connects and opens one run. */
export const openRun = async (scene: Scene, options: ConnectOptions = {}): Promise<OpenedReads> =>
  open(scene, storeOf((await connect(scene, options)).tokenCache))

export async function readAll(
  reads: OpenedReads,
  kind: EvidenceKind,
  window: FeedWindow | null = null,
): Promise<{ items: NormalisedItem[]; provenance: ReadProvenance }> {
  const items: NormalisedItem[] = []
  const stream = reads.read(kind, window)
  for (;;) {
    const step = await stream.next()
    if (step.done) return { items, provenance: step.value }
    items.push(...step.value.items)
  }
}

/** The error that a promise ends with; fails when it does not. */
export async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new Error('expected a failure')
}
