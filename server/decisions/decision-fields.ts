import { calendarDay } from '../calendar-day.ts'
import { longestReason } from '../domain/decision-text.ts'
import { AppError } from '../errors.ts'

/** What forms send with a decision. Each field is told what it lacks, all at once. */
export class DecisionFields {
  readonly #refused: Record<string, string> = {}

  /** Why, in the person's own words. */
  reason(text: string, field = 'reason'): string {
    const reason = text.trim()
    if (reason === '') this.#refused[field] = 'Say why: whoever looks at this decision later reads it.'
    if (reason.length > longestReason) this.#refused[field] = `Keep it to ${longestReason} characters.`
    return reason
  }

  /** A day in UTC that counts whole, `yyyy-mm-dd`; null where none is given and none is needed. */
  lastDay(text: string, { now, longest, isRequired }: LastDayOptions): Date | null {
    const refuse = (words: string) => {
      this.#refused.expiresOn = words
      return null
    }
    if (text === '')
      return isRequired ? refuse('Give the last day: it ends by itself, and is looked at again then.') : null
    const day = calendarDay(text)
    if (!day) return refuse('This is no day of the calendar.')
    const end = new Date(day.getTime() + 86_400_000 - 1)
    if (end <= now) return refuse('The last day must not lie in the past.')
    if (end.getTime() - now.getTime() > longest + 86_400_000) {
      return refuse('A year ahead at most: a period under examination must see it decided anew.')
    }
    return end
  }

  refuse(field: string, words: string): void {
    this.#refused[field] = words
  }

  /** @throws {AppError} bad_input by field, where something is amiss */
  check(): void {
    if (Object.keys(this.#refused).length === 0) return
    throw new AppError('bad_input', 'decision refused', { fields: this.#refused })
  }
}

interface LastDayOptions {
  now: Date
  /** Milliseconds. */
  longest: number
  isRequired: boolean
}
