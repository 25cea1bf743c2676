import { coverageParts } from '../domain/coverage/coverage.ts'
import type { CoverageStep } from '../domain/coverage/timeline.ts'
import { csvLine } from './csv.ts'

/** A row of the file: what held from an instant on. */
export interface CoverageRow extends CoverageStep {
  /** The last event at or before the instant; -1 before the first. */
  readonly position: number
}

/** What the file is about. */
export interface CoverageCsvFrame {
  organizationName: string
  isSimulated: boolean
  period: { from: Date; to: Date } | null
  asOf: { instant: Date; position: number }
}

/** What stands above the rows. */
export function coverageCsvHead({ organizationName, isSimulated, period, asOf }: CoverageCsvFrame): string {
  return [
    csvLine([
      '# Coverage over time',
      isSimulated ? `${organizationName} (simulated clock)` : organizationName,
    ]),
    csvLine(['# As of', iso(asOf.instant)]),
    csvLine(['# Ledger position', asOf.position]),
    ...(period
      ? [csvLine(['# Period from', iso(period.from)]), csvLine(['# Period to', iso(period.to)])]
      : []),
    csvLine(['At', 'Position', 'Percent', ...partHeaders]),
  ].join('')
}

export const coverageCsvRow = ({ at, position, percent, parts }: CoverageRow): string =>
  csvLine([iso(at), position, percent, ...coverageParts.map(part => parts[part])])

/** In the order of {@link coverageParts}. */
const partHeaders = [
  'Pass and fresh',
  'Pass and stale',
  'Pass and expired',
  'Fail',
  'Not testable',
  'No data',
]

const iso = (instant: Date) => instant.toISOString()
