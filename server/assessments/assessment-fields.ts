import { calendarDay } from '../calendar-day.ts'
import { AppError } from '../errors.ts'

export interface AssessmentPeriod {
  from: Date
  to: Date
}

/**
 * A period as a form sends it: days in UTC, `yyyy-mm-dd`; the last day counts whole.
 * @throws {AppError} bad_input by field
 */
export function readPeriod({ from, to }: { from: string; to: string }): AssessmentPeriod {
  const [first, last] = [calendarDay(from), calendarDay(to)]
  if (!first || !last) {
    throw new AppError('bad_input', 'no period', {
      fields: {
        ...(first ? {} : { periodFrom: 'Give the first day of the period.' }),
        ...(last ? {} : { periodTo: 'Give the last day of the period.' }),
      },
    })
  }
  if (last < first) {
    throw new AppError('bad_input', 'the period ends before it begins', {
      fields: { periodTo: 'The period must not end before it begins.' },
    })
  }
  return { from: first, to: new Date(last.getTime() + 86_400_000 - 1) }
}
