import type { Transaction } from '../../db/client.ts'
import type { ConnectorRegistry } from '../connectors/registry.ts'
import type { AsOf } from '../ledger/position-at.ts'
import { readCatalogue } from './read-coverage.ts'
import { readSources } from './read-sources.ts'
import { readTimeline, type Timeline } from './read-timeline.ts'
import { sourcesSince } from './sources-since.ts'

/** Coverage over the days before one moment, and not before `earliest`. */
export async function timelineAsOf(
  transaction: Transaction,
  organizationId: string,
  asOf: AsOf,
  { connectors, days, earliest }: { connectors: ConnectorRegistry; days: number; earliest: Date | null },
): Promise<Timeline> {
  const catalogue = await readCatalogue(transaction, organizationId, asOf.position)
  const known = await readSources(transaction, organizationId, asOf.position, connectors)
  const sources = sourcesSince(known, earliest)
  return readTimeline(transaction, { organizationId, catalogue, sources, asOf, days })
}
