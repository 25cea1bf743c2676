import type { Transaction } from '../../../db/client.ts'
import type { PopulationRow } from '../../domain/evidence/population-row.ts'
import { notFound } from '../../errors.ts'
import type { AsOf } from '../../ledger/position-at.ts'
import type { Access } from '../../members/resolve-access.ts'
import type { Services } from '../../services.ts'
import { type PopulationHead, populationHeadLines, populationRowLine } from '../population-lines.ts'
import { type KindState, kindStates } from './kind-states.ts'
import { rowReader } from './population.ts'
import { type PopulationCursor, type PopulationScope, populationPage } from './population-page.ts'
import type { AskedPopulation } from './show-population.ts'
import { chooseSource, listSources, type Source } from './sources.ts'

/**
 * A population as a file: its name, and its pieces as they are read.
 * @throws {AppError} not_found for a directory that is unknown or does not offer the kind
 */
export async function populationFile(
  services: Pick<Services, 'connectors' | 'database'>,
  transaction: Transaction,
  { organizationId, slug, name, simulated }: Access,
  asOf: AsOf,
  { kind, source: sourceId, search, sort }: AskedPopulation,
): Promise<{ filename: string; pieces: AsyncIterable<string> }> {
  const sources = await listSources(services, transaction, organizationId, asOf.position)
  const source = chooseSource(sources, sourceId)
  const asked = { ...source, kinds: source.kinds.filter(read => read === kind) }
  const [state] = await kindStates(transaction, organizationId, asked, asOf)
  if (!state) throw notFound('kind of evidence')
  const scope = { sourceId: source.sourceId, kind, position: asOf.position, search, sort }
  return {
    filename: `${kind.replaceAll('_', '-')}-${slug}-${asOf.instant.toISOString().slice(0, 10)}.csv`,
    pieces: populationCsv(services, {
      organizationId,
      organizationName: name,
      isSimulated: simulated,
      asOf,
      scope,
      source,
      state,
    }),
  }
}

export interface PopulationCsvRequest {
  organizationId: string
  organizationName: string
  isSimulated: boolean
  asOf: AsOf
  scope: PopulationScope
  source: Source
  state: KindState
  /** For a file that is checked without a database: of a body that is gone it says no more than that. */
  isChecked?: boolean
}

const batchSize = 1_000

/** What it is and where it comes from, then every row. */
export async function* populationCsv(
  { database }: Pick<Services, 'database'>,
  request: PopulationCsvRequest,
): AsyncGenerator<string> {
  const { organizationId, scope, asOf } = request
  yield populationHeadLines(headOf(request)).join('')
  let cursor: PopulationCursor | null = null
  for (;;) {
    const after: PopulationCursor | null = cursor
    // A transaction of its own for each batch: nothing is held while the reader takes its time. The position pins all.
    const batch: { rows: PopulationRow[]; hasNext: boolean } = await database.withOrganization(
      organizationId,
      async transaction => {
        const reader = await rowReader(transaction, organizationId, scope, asOf)
        const page = await populationPage(transaction, organizationId, scope, after, batchSize)
        return { rows: page.items.map(item => reader.read(item)), hasNext: page.hasNext }
      },
    )
    yield batch.rows
      .map(row =>
        populationRowLine(scope.kind, row, request.isChecked ? undefined : (row.removed ?? undefined)),
      )
      .join('')
    const last = batch.rows.at(-1)
    if (!last || !batch.hasNext) return
    cursor = { direction: 'after', subjectKey: last.subjectKey }
  }
}

const headOf = (request: PopulationCsvRequest): PopulationHead => {
  const { organizationName, isSimulated, asOf, scope, source, state } = request
  const { title, lastSuccessAt, evidence, populationCount: count } = state
  const { kind, after, search } = scope
  const { connectorName, externalTenantId } = source
  const of = { kind, title, organizationName, isSimulated, connectorName, externalTenantId, asOf }
  return { ...of, lastSuccessAt, evidence, count, after, search }
}
