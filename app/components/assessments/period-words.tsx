import { formatDateUtc } from '../../lib/format.ts'

/** A period of whole days in UTC, whatever the reader's zone. */
export function PeriodWords({ periodFrom, periodTo }: { periodFrom: Date; periodTo: Date }) {
  return (
    <span className="whitespace-nowrap">
      {formatDateUtc(periodFrom)} to {formatDateUtc(periodTo)}
    </span>
  )
}
