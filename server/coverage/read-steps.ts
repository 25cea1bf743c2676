import { and, asc, eq, lte } from 'drizzle-orm'
import type { Database, Transaction } from '../../db/client.ts'
import { events } from '../../db/schema/ledger.ts'
import { organizationProfile } from '../../db/schema/state.ts'
import { catalogue } from '../domain/control/catalogue.ts'
import { type CoverageStep, coverageSteps, isSameShare, type Stretch } from '../domain/coverage/timeline.ts'
import { lastPositionAt } from '../ledger/position-at.ts'
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

type Window = Stretch & { version: number }

/** The stretch in windows that one version judges, each up to and with its last millisecond. */
async function windows(
  transaction: Transaction,
  { organizationId, position, from, to }: StepsOptions,
): Promise<Window[]> {
  const versions = await transaction
    .select({ at: events.recordedAt, version: organizationProfile.catalogueVersion })
    .from(organizationProfile)
    .innerJoin(
      events,
      and(eq(events.organizationId, organizationId), eq(events.position, organizationProfile.fromPosition)),
    )
    .where(
      and(
        eq(organizationProfile.organizationId, organizationId),
        lte(organizationProfile.fromPosition, position),
      ),
    )
    .orderBy(asc(organizationProfile.fromPosition))
  return versions.flatMap(({ at, version }, index) => {
    const end = Math.min(versions[index + 1]?.at.getTime() ?? Number.POSITIVE_INFINITY, to.getTime() + 1)
    const found: Window[] = []
    for (let start = Math.max(at.getTime(), from.getTime()); start < end; start += longestWindow) {
      found.push({
        version,
        from: new Date(start),
        to: new Date(Math.min(start + longestWindow, end) - 1),
      })
    }
    return found
  })
}

async function stepsWithin(
  transaction: Transaction,
  { organizationId, sources, position }: StepsOptions,
  { version, from, to }: Window,
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
