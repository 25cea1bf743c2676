import type { Transaction } from '../../../db/client.ts'
import type { EvidenceKind } from '../../domain/evidence/kinds.ts'
import type { AsOf } from '../../ledger/position-at.ts'
import type { Services } from '../../services.ts'
import { readPopulation } from './population.ts'
import type { PopulationCursor, PopulationSort } from './population-page.ts'
import { chooseSource, listSources } from './sources.ts'

export interface AskedPopulation {
  kind: EvidenceKind
  source?: string | undefined
  search: string
  sort: PopulationSort
  /** `after:<subject key>` or `before:<subject key>`. */
  cursor?: string | undefined
}

/** One page of a population of the directory that was asked for. @throws {AppError} not_found for an unknown one */
export async function showPopulation(
  services: Pick<Services, 'connectors'>,
  transaction: Transaction,
  organizationId: string,
  asOf: AsOf,
  { kind, source, search, sort, cursor }: AskedPopulation,
) {
  const { sourceId } = chooseSource(
    await listSources(services, transaction, organizationId, asOf.position),
    source,
  )
  const { position, isNow } = asOf
  const scope = { sourceId, kind, position, isNow, search, sort }
  return readPopulation(transaction, organizationId, asOf, scope, cursorOf(cursor))
}

/** A cursor as an address carries it; null for the first page. */
export function cursorOf(text: string | undefined): PopulationCursor | null {
  const [direction, subjectKey] = text?.split(':') ?? []
  if (subjectKey === undefined) return null
  return { direction: direction === 'before' ? 'before' : 'after', subjectKey }
}
