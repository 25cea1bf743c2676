import { notFound } from '../errors.ts'
import type { Connector } from './contract.ts'

/** The connectors of this build, by id. */
export interface ConnectorRegistry {
  all(): readonly Connector[]
  /** @throws {AppError} not_found */
  get(id: string): Connector
}

export function createConnectorRegistry(connectors: readonly Connector[]): ConnectorRegistry {
  return {
    all: () => connectors,
    get(id) {
      const connector = connectors.find(candidate => candidate.manifest.id === id)
      if (!connector) throw notFound('connector')
      return connector
    },
  }
}
