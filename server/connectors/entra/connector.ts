import type { Connector } from '../contract.ts'
import { createRetryBudget } from './backoff.ts'
import { cloudById } from './clouds.ts'
import { createGraphReader } from './graph/client.ts'
import { createPaces } from './graph/pace.ts'
import type { EntraLogger } from './logger.ts'
import { createEntraManifest } from './manifest.ts'
import { createNetwork, type NetworkOptions } from './network.ts'
import { openAccessTokens } from './oauth/access-tokens.ts'
import { createAuthorization } from './oauth/authorization.ts'
import { readOf } from './reads/index.ts'
import { readKind } from './reads/read-kind.ts'

/** `timeout`, `retryBudget`: milliseconds. The origins redirect Microsoft's hosts to a stand-in. */
export interface EntraConnectorOptions extends NetworkOptions {
  readonly collectorVersion: string
  readonly retryBudget?: number | undefined
  readonly logger?: EntraLogger | undefined
}

/** Milliseconds that one run may lose to failed attempts and to waiting: a daily one has no hour to keep to. */
const budgets = { hourly: 5 * 60_000, daily: 30 * 60_000 } as const

/** Microsoft Entra ID: delegated, read-only access through Microsoft Graph v1.0. */
export function createEntraConnector(options: EntraConnectorOptions): Connector {
  const { collectorVersion, retryBudget, logger } = options
  const network = createNetwork(options)
  const paces = createPaces()
  return {
    manifest: createEntraManifest(options.loginOrigin),
    authorization: createAuthorization(network),
    openReads: async opened => {
      const { clock, signal, settings, cadence } = opened
      const cloud = cloudById(settings.cloud)
      const budget = createRetryBudget({ clock, limit: retryBudget ?? budgets[cadence] })
      const tokens = await openAccessTokens({ ...opened, network, budget })
      const pace = paces.of(settings)
      const graph = createGraphReader({
        origin: cloud.graphOrigin,
        tokens,
        network,
        clock,
        budget,
        pace,
        logger,
      })
      const context = { graph, cloud, granted: tokens.grant.granted, clock, signal, collectorVersion }
      return { grant: tokens.grant, read: (kind, window) => readKind(readOf(kind), window, context) }
    },
  }
}
