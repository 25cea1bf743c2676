/**
 * Milliseconds that a `Retry-After` header asks to wait: seconds (Graph also sends decimals) or an HTTP date.
 * Null where the header is absent or unreadable; a date in the past is 0.
 */
export function retryAfter(headers: Headers, now: Date): number | null {
  const value = headers.get('retry-after')?.trim()
  if (!value) return null
  if (/^\d+(\.\d+)?$/.test(value)) return Math.ceil(Number(value) * 1000)
  const date = Date.parse(value)
  return Number.isNaN(date) ? null : Math.max(0, date - now.getTime())
}
