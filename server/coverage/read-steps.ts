import type { Database, Transaction } from '../../db/client.ts'
import { catalogue } from '../domain/control/catalogue.ts'
import { type CoverageStep, coverageSteps, isSameShare, type Stretch } from '../domain/coverage/timeline.ts'
import { lastPositionAt } from '../ledger/position-at.ts'
import { type CatalogueStretch, catalogueStretches } from './catalogue-stretches.ts'
import { readHistory } from './read-history.ts'
import type { Source } from './read-sources.ts'

/** A coverage step with the last position at or before its instant. */
export interface PlacedStep extends CoverageStep {
  readonly position: number
}

interface StepsOptions extends Stretch {
  organizationId: string
  sources: readonly Source[]
  /** The end: nothing later is known. */
  position: number
}

/** Long enough to be few, short enough that what one rests on stays small. */
const longestWindow = 30 * 86_400_000

/**
 * Coverage at `from` and at every change of its parts up to and with `to`, each by the catalogue version in force at that
 * instant. However long the stretch is, a month of it is in memory.
 */
export async function* readSteps(database: Database, options: StepsOptions): AsyncGenerator<PlacedStep> {
  const { organizationId } = options
  const all = await database.withOrganization(organizationId, transaction => windows(transaction, options))
  let last: PlacedStep | null = null
  for (const window of all) {
    const steps = await database.withOrganization(organizationId, transaction =>
      stepsWithin(transaction, options, window),
    )
    for (const step of steps) {
      if (last && isSameShare(last, step)) continue
      last = step
      yield step
    }
  }
}

/** The stretches that one version judges, in windows. */
async function windows(transaction: Transaction, options: StepsOptions): Promise<CatalogueStretch[]> {
  const stretches = await catalogueStretches(transaction, options)
  return stretches.flatMap(({ version, from, to }) => {
    const found: CatalogueStretch[] = []
    for (let start = from.getTime(); start <= to.getTime(); start += longestWindow) {
      const end = Math.min(start + longestWindow - 1, to.getTime())
      found.push({ version, from: new Date(start), to: new Date(end) })
    }
    return found
  })
}

async function stepsWithin(
  transaction: Transaction,
  { organizationId, sources, position }: StepsOptions,
  { version, from, to }: CatalogueStretch,
): Promise<PlacedStep[]> {
  const positionAt = async (instant: Date) =>
    Math.min(position, await lastPositionAt(transaction, organizationId, instant))
  const history = await readHistory(transaction, {
    organizationId,
    catalogue: catalogue(version),
    sources,
    position: await positionAt(to),
    from,
    to,
  })
  const steps: PlacedStep[] = []
  for (const step of coverageSteps({ ...history, from, to })) {
    steps.push({ ...step, position: await positionAt(step.at) })
  }
  return steps
}
