import type { Bench } from './bench.ts'
import { appendBatch } from './rows/append-batch.ts'
import { appendLatency } from './rows/append-latency.ts'
import { appendThroughput } from './rows/append-throughput.ts'
import { asOfCoverage } from './rows/as-of-coverage.ts'
import { asOfPopulation } from './rows/as-of-population.ts'
import { distributedAppend, distributedAsOf } from './rows/distributed.ts'
import { exportMemory } from './rows/export-memory.ts'
import { fold } from './rows/fold.ts'
import { largeOrganization } from './rows/large-organization.ts'
import { pageWeight } from './rows/page-weight.ts'
import { pages, pagesTail } from './rows/pages.ts'
import { population } from './rows/population.ts'
import { populationCsv } from './rows/population-csv.ts'
import { rebuildWait } from './rows/rebuild-wait.ts'
import { schedule } from './rows/schedule.ts'
import { sealAssessment } from './rows/seal-assessment.ts'
import { start } from './rows/start.ts'
import { storage } from './rows/storage.ts'
import { syncEvents } from './rows/sync-events.ts'
import { syncFull } from './rows/sync-full.ts'
import { syncMemory } from './rows/sync-memory.ts'
import { syncUnchanged } from './rows/sync-unchanged.ts'
import { tenants } from './rows/tenants.ts'
import { verify } from './rows/verify.ts'

/** Every row there is, in the order of docs/performance.md. */
export const benches: readonly Bench[] = [
  appendLatency,
  appendThroughput,
  appendBatch,
  fold,
  asOfPopulation,
  asOfCoverage,
  rebuildWait,
  sealAssessment,
  populationCsv,
  verify,
  syncFull,
  syncUnchanged,
  syncMemory,
  exportMemory,
  pages,
  pagesTail,
  population,
  tenants,
  largeOrganization,
  schedule,
  pageWeight,
  start,
  syncEvents,
  storage,
  distributedAppend,
  distributedAsOf,
]

/**
 * The benches whose names begin with one of `beginnings`; all without any.
 * @throws {RangeError} for a beginning that no name has
 */
export function selectBenches<B extends Pick<Bench, 'name'>>(
  all: readonly B[],
  beginnings: readonly string[],
): B[] {
  for (const beginning of beginnings) {
    if (!all.some(({ name }) => name.startsWith(beginning))) {
      throw new RangeError(
        `No bench begins with “${beginning}”. There are: ${all.map(({ name }) => name).join(', ')}.`,
      )
    }
  }
  return all.filter(
    ({ name }) => beginnings.length === 0 || beginnings.some(beginning => name.startsWith(beginning)),
  )
}
