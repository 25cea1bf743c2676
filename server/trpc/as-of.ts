import { calendarDay } from '../calendar-day.ts'
import { AppError } from '../errors.ts'
import type { AsOf, AsOfRequest } from '../ledger/position-at.ts'

/** Reads `?asOf=`. @throws {AppError} bad_input with the forms that are understood */
export function parseAsOf(text: string | undefined): AsOfRequest {
  if (text === undefined || text === '' || text === 'now') return { kind: 'now' }
  if (/^\d{1,15}$/.test(text)) return { kind: 'position', position: Number(text) }
  const [instantText = '', positionText] = text.split('@')
  const instant = readInstant(instantText)
  if (!instant) throw refuse(text)
  if (positionText === undefined) return { kind: 'instant', instant }
  if (!/^\d{1,15}$/.test(positionText)) throw refuse(text)
  return { kind: 'pair', instant, position: Number(positionText) }
}

/** The form that addresses carry: the resolved pair; empty for now. */
export const formatAsOf = (asOf: AsOf): string | null =>
  asOf.isNow ? null : `${asOf.instant.toISOString()}@${asOf.position}`

/**
 * A date, or a date and time; a time without a zone, as a form field sends it, is UTC. Null for anything else, and for
 * instants outside the years 1 to 9999, which the database cannot be asked about.
 */
export function readInstant(text: string): Date | null {
  const [, day, time, zone] = instantPattern.exec(text) ?? []
  if (!calendarDay(day)) return null
  const instant = new Date(time && !zone ? `${text}Z` : text)
  const year = instant.getUTCFullYear()
  return year >= 1 && year <= 9999 ? instant : null
}

const instantPattern = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?)?$/

const refuse = (text: string) =>
  new AppError('bad_input', `asOf not understood: ${text.slice(0, 40)}`, {
    userMessage:
      'This is no instant that can be looked up. Give a date and time such as 2026-11-15T06:00Z, or a position.',
    fields: { asOf: 'Give a date and time such as 2026-11-15T06:00Z, or a ledger position.' },
  })
