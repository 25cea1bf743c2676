import { csvLine } from '../export/csv.ts'
import type { AsOf } from '../ledger/position-at.ts'
import { readableSteps, type Timeline } from './read-timeline.ts'

/** Coverage over time as a file: a line per step, each with the outage it lies in, if any. */
export function timelineCsv(timeline: Timeline, { slug, asOf }: { slug: string; asOf: AsOf }): string {
  const { from, to, outages } = timeline
  const steps = readableSteps(timeline)
  const lines = steps.map((step, index) => {
    const until = steps[index + 1]?.at ?? to
    const outage = outages.find(each => each.from < until && each.to > step.at)
    return csvLine([iso(step.at), iso(until), step.value, outage?.label ?? null])
  })
  return [
    csvLine(['organization', slug]),
    csvLine(['as of', iso(asOf.instant), 'position', asOf.position]),
    csvLine(['period', iso(from), iso(to)]),
    csvLine(['from', 'until', 'coverage in percent', 'outage']),
    ...lines,
  ].join('')
}

const iso = (instant: Date) => instant.toISOString()
