import { evidenceKind } from '../domain/evidence/kinds.ts'
import { hourWords } from '../domain/plots/gap-strip.ts'
import { csvLine } from '../export/csv.ts'
import type { AsOf } from '../ledger/position-at.ts'
import type { HourLedger } from './read-hours.ts'

const hour = 3_600_000

/** The gap ledger as a file: a line per hour of each kind of each source. */
export function hoursCsv(
  { from, hours, rows }: HourLedger,
  { slug, asOf, labels }: { slug: string; asOf: AsOf; labels: ReadonlyMap<string, string> },
): string {
  const at = (index: number) => new Date(from.getTime() + index * hour).toISOString()
  const lines = rows.flatMap(({ sourceId, kind, findings }) =>
    findings.map(({ state, why, runId }, index) =>
      csvLine([
        at(index),
        at(index + 1),
        labels.get(sourceId) ?? sourceId,
        evidenceKind(kind).title,
        hourWords[state],
        why,
        runId,
      ]),
    ),
  )
  return [
    csvLine(['organization', slug]),
    csvLine(['as of', asOf.instant.toISOString(), 'position', asOf.position]),
    csvLine(['period', at(0), at(hours)]),
    csvLine(['from', 'until', 'source', 'evidence', 'outcome', 'why', 'run']),
    ...lines,
  ].join('')
}
