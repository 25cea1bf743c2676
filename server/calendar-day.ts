/**
 * The beginning of a day in UTC as a form sends it, `yyyy-mm-dd`; null for anything that is no day of the calendar.
 * `Date` alone would take the 31st of February for the 3rd of March, and the database knows no year 0.
 */
export function calendarDay(text: string | undefined): Date | null {
  if (!text || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return null
  const date = new Date(`${text}T00:00:00.000Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) && !text.startsWith('0000')
    ? date
    : null
}
