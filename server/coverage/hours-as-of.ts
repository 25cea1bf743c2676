import type { Transaction } from '../../db/client.ts'
import type { ConnectorRegistry } from '../connectors/registry.ts'
import type { AsOf } from '../ledger/position-at.ts'
import { type HourLedger, readHours } from './read-hours.ts'
import { readSources } from './read-sources.ts'
import { sourceLabels } from './source-labels.ts'
import { sourcesSince } from './sources-since.ts'

/** Every hour of the days before one moment, and not before `earliest`; with what each source is called. */
export async function hoursAsOf(
  transaction: Transaction,
  organizationId: string,
  asOf: AsOf,
  { connectors, days, earliest }: { connectors: ConnectorRegistry; days: number; earliest: Date | null },
): Promise<{ ledger: HourLedger; labels: ReadonlyMap<string, string> }> {
  const known = await readSources(transaction, organizationId, asOf.position, connectors)
  const labels = await sourceLabels(transaction, organizationId, asOf.position, known)
  const sources = sourcesSince(known, earliest)
  return { ledger: await readHours(transaction, { organizationId, sources, asOf, days }), labels }
}
