import { DomainRefusal } from '../refusal.ts'

interface Period {
  periodFrom: string
  periodTo: string
}

const day = 86_400_000
const longestDays = 3 * 366
const furthestDays = 400

/** A period of an assessment, in ISO 8601, against the present. @throws {DomainRefusal} */
export function checkPeriod({ periodFrom, periodTo }: Period, now: string): void {
  const [from, to] = [Date.parse(periodFrom), Date.parse(periodTo)]
  if (to <= from) throw new DomainRefusal('empty_period', 'The period must end after it begins.')
  if (to > Date.parse(now) + furthestDays * day) {
    throw new DomainRefusal(
      'period_in_future',
      `The period ends on ${dayOf(periodTo)}, more than a year from now. Choose an end that is nearer.`,
    )
  }
  if (to - from > longestDays * day) {
    throw new DomainRefusal('period_too_long', 'A period is at most three years long.')
  }
}

/** The day of an instant, in UTC. */
export const dayOf = (instant: string): string => instant.slice(0, 10)
