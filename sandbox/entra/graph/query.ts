import { sendGraphError } from './errors.ts'
import type { GraphCall } from './respond.ts'

/** How many rows a page holds, by `$top`; answers 400 and gives null when that is not a number from 1 to `max`. */
export function readTop(call: GraphCall, max: number, fallback: number): number | null {
  const text = call.url.searchParams.get('$top')
  const top = text === null ? fallback : Number(text)
  if (Number.isInteger(top) && top >= 1 && top <= max)
    return Math.min(top, call.tenant.spec.largestPage ?? top)
  sendGraphError(
    call.res,
    400,
    'BadRequest',
    `Invalid page size specified: '${text}'. Must be between 1 and ${max} inclusive.`,
  )
  return null
}

/** Reads a `$skiptoken` that this server made for the collection; 400 and null for any other. */
export function readSkip(call: GraphCall): number | null {
  if (!call.url.searchParams.has('$skiptoken')) return 0
  const token = parseSkipToken(call.url)
  if (token) return token.position
  sendGraphError(call.res, 400, 'BadRequest', 'Invalid Skip Token.')
  return null
}

/** The token that continues this collection at a position, as it stood when its first page was asked for. */
export function skipTokenAt(call: GraphCall, position: number): string {
  return Buffer.from(`${call.url.pathname} ${position} ${call.now.getTime()}`).toString('base64url')
}

/** When the first page was asked for, where this address is a later one: what comes meanwhile shifts no row. */
export const readingBegan = (url: URL): Date | null => parseSkipToken(url)?.asOf ?? null

function parseSkipToken(url: URL): { position: number; asOf: Date } | null {
  const text = Buffer.from(url.searchParams.get('$skiptoken') ?? '', 'base64url').toString('utf8')
  const [path, position, asOf] = text.split(' ')
  const isOurs = path === url.pathname && [position, asOf].every(part => /^\d{1,15}$/.test(part ?? ''))
  return isOurs ? { position: Number(position), asOf: new Date(Number(asOf)) } : null
}

/** The rows with the properties that `$select` names, where it is there. */
export function selected(url: URL, rows: readonly Record<string, unknown>[]): Record<string, unknown>[] {
  const names = url.searchParams
    .get('$select')
    ?.split(',')
    .map(name => name.trim())
  if (!names) return [...rows]
  return rows.map(row => Object.fromEntries(Object.entries(row).filter(([name]) => names.includes(name))))
}

export interface SignInFilter {
  from: Date
  to: Date
  riskStates: string[] | null
}

/**
 * Understands the `$filter` of sign-ins: `createdDateTime ge|le …` and risk states by `eq`, joined by `and`,
 * with an or-group in brackets. Null for anything else, which Graph would refuse too.
 */
export function parseSignInFilter(filter: string | null, now: Date): SignInFilter | null {
  const range: SignInFilter = { from: new Date(now.getTime() - 30 * 86_400_000), to: now, riskStates: null }
  if (filter === null || filter.trim() === '') return range
  for (const part of splitAnd(filter)) {
    const time = /^createdDateTime (ge|le) (\d{4}-\d{2}-\d{2}T[\d:.]+Z)$/.exec(part)
    if (time) {
      const instant = new Date(time[2] ?? '')
      if (Number.isNaN(instant.getTime())) return null
      if (time[1] === 'ge') range.from = instant
      else range.to = instant
      continue
    }
    const states = part.replace(/^\((.*)\)$/s, '$1').split(/ or /)
    const values = states.map(state => /^riskState eq '(\w+)'$/.exec(state.trim())?.[1])
    if (range.riskStates !== null || values.some(value => value === undefined || !riskStates.has(value)))
      return null
    range.riskStates = values.filter(value => value !== undefined)
  }
  return range
}

/** Cuts at " and " outside brackets. */
function splitAnd(filter: string): string[] {
  const parts: string[] = []
  let depth = 0
  let current = ''
  for (const token of filter.trim().split(/( and |[()])/)) {
    if (token === '(') depth += 1
    if (token === ')') depth -= 1
    if (token === ' and ' && depth === 0) {
      parts.push(current.trim())
      current = ''
    } else current += token
  }
  return [...parts, current.trim()]
}

const riskStates = new Set([
  'none',
  'confirmedSafe',
  'remediated',
  'dismissed',
  'atRisk',
  'confirmedCompromised',
])
