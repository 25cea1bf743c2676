/**
 * Milliseconds that a `Retry-After` header asks to wait: seconds (Graph also sends decimals) or an HTTP date.
 * Null where the header is absent or unreadable; a date in the past is 0. A date is read beside the answer's own
 * `Date`, since the two clocks need not agree.
 */
export function retryAfter(headers: Headers, now: Date): number | null {
  const value = headers.get('retry-after')?.trim()
  if (!value) return null
  if (/^\d+(\.\d+)?$/.test(value)) return Math.ceil(Number(value) * 1000)
  const date = Date.parse(value)
  const sentAt = Date.parse(headers.get('date') ?? '')
  return Number.isNaN(date) ? null : Math.max(0, date - (Number.isNaN(sentAt) ? now.getTime() : sentAt))
}
