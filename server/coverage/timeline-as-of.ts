import type { Transaction } from '../../db/client.ts'
import type { ConnectorRegistry } from '../connectors/registry.ts'
import type { AsOf } from '../ledger/position-at.ts'
import { readCatalogue } from './read-coverage.ts'
import { readSources } from './read-sources.ts'
import { readTimeline, type Timeline } from './read-timeline.ts'

/** Coverage over the days before one moment. */
export async function timelineAsOf(
  transaction: Transaction,
  organizationId: string,
  asOf: AsOf,
  { connectors, days }: { connectors: ConnectorRegistry; days: number },
): Promise<Timeline> {
  const catalogue = await readCatalogue(transaction, organizationId, asOf.position)
  const sources = await readSources(transaction, organizationId, asOf.position, connectors)
  return readTimeline(transaction, { organizationId, catalogue, sources, asOf, days })
}
