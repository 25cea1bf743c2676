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

/** Moments of a period to attach evidence for, as far as they have passed: the first of each month, and the end. */
export function suggestedInstants({ from, to }: { from: Date; to: Date }, now: Date): Date[] {
  const end = to < now ? to : null
  const months: Date[] = []
  const first = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth(), 1))
  for (let month = first; month <= to && month <= now; month = nextMonth(month)) {
    if (month >= from) months.push(month)
  }
  return end ? [...months, end] : months
}

const nextMonth = (month: Date) => new Date(Date.UTC(month.getUTCFullYear(), month.getUTCMonth() + 1, 1))
