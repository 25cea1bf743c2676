const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const numbers = new Intl.NumberFormat('en-GB')

/** 48211 → "48,211". */
export function formatNumber(value: number | bigint): string {
  // Most have nothing to be set apart, and a page has a hundred.
  return Number.isInteger(value) && value >= 0 && value < 1_000 ? String(value) : numbers.format(value)
}

/** 61.54 (already in percent) → "61.5 %"; whole numbers carry no decimal. */
export function formatPercent(value: number, decimals = 1): string {
  return `${formatPercentNumber(value, decimals)} %`
}

/** The same without its sign, for a big figure with a small sign beside it. Never rounds up to 100 or down to 0. */
export function formatPercentNumber(value: number, decimals = 1): string {
  const step = 10 ** -decimals
  const rounded = Number(value.toFixed(decimals))
  const honest = rounded >= 100 && value < 100 ? 100 - step : rounded <= 0 && value > 0 ? step : rounded
  return String(Number(honest.toFixed(decimals)))
}

/** "1 account", "3 accounts", "48,211 accounts". */
export function formatCount(count: number | bigint, one: string, many = `${one}s`): string {
  return `${formatNumber(count)} ${Number(count) === 1 ? one : many}`
}

/** Bytes in powers of 1024: "512 B", "1.4 kB", "3 MB". */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10))
  return `${Number((bytes / 1024 ** power).toFixed(power === 0 ? 0 : 1))} ${units[power]}`
}

/** "15 Nov 2026" in UTC. */
export function formatDateUtc(at: Date): string {
  return `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]} ${at.getUTCFullYear()}`
}

/** "15 Nov 2026" in the reader's zone: for pages that are awake. */
export function formatDateLocal(at: Date): string {
  return new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })
    .format(at)
    .replace('Sept', 'Sep')
}

/** "15 Nov 2026, 06:00 UTC". */
export function formatDateTimeUtc(at: Date): string {
  return `${formatDateUtc(at)}, ${formatClockUtc(at)} UTC`
}

/** "06:00" in UTC. */
export function formatClockUtc(at: Date): string {
  return `${twoDigits(at.getUTCHours())}:${twoDigits(at.getUTCMinutes())}`
}

const twoDigits = (value: number) => (value < 10 ? `0${value}` : String(value))

/** The value of an `<input type="datetime-local">`, read as UTC: "2026-11-15T06:00". */
export function formatDateTimeInput(at: Date): string {
  return at.toISOString().slice(0, 16)
}

/** A length of time in milliseconds as its two largest parts: "5 h 55 min", "2 days 3 h", "40 s". */
export function formatDuration(milliseconds: number): string {
  const length = Math.abs(milliseconds)
  if (length < MINUTE) return `${Math.floor(length / 1000)} s`
  if (length < HOUR) return `${Math.floor(length / MINUTE)} min`
  if (length < DAY) return twoParts(length, HOUR, 'h', MINUTE, 'min')
  const days = Math.floor(length / DAY)
  const dayWord = days === 1 ? 'day' : 'days'
  return days >= 7 ? `${days} ${dayWord}` : twoParts(length, DAY, dayWord, HOUR, 'h')
}

/** Where `at` lies seen from `now`: "just now", "5 min ago", "in 2 days 3 h". */
export function formatRelative(at: Date, now: Date): string {
  const distance = at.getTime() - now.getTime()
  if (Math.abs(distance) < MINUTE) return distance > 1000 ? 'in less than a minute' : 'just now'
  const words = formatDuration(distance)
  return distance > 0 ? `in ${words}` : `${words} ago`
}

/** The beginning and the end of a long identifier: "9f86d081…0f00a08". */
export function truncateMiddle(value: string, head = 8, tail = 7): string {
  return value.length <= head + tail + 1 ? value : `${value.slice(0, head)}…${value.slice(-tail)}`
}

function twoParts(
  length: number,
  large: number,
  largeWord: string,
  small: number,
  smallWord: string,
): string {
  const first = Math.floor(length / large)
  const second = Math.floor((length % large) / small)
  return second === 0 ? `${first} ${largeWord}` : `${first} ${largeWord} ${second} ${smallWord}`
}
