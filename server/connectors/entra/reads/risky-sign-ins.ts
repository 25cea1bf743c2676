import type { FeedWindow } from '../../contract.ts'
import {
  normaliseRiskySignIn,
  type RiskySignInRow,
  riskySignInRowSchema,
} from '../normalise/risky-sign-in.ts'
import { checkRows } from '../normalise/values.ts'
import type { EntraRead } from './read.ts'

const states = ['atRisk', 'confirmedCompromised', 'remediated', 'dismissed', 'confirmedSafe']

/**
 * Interactive sign-ins with risk in a window (Graph "List signIns"). Risk fields take `eq` only; a directory that
 * refuses the combined filter is asked state by state.
 */
export const riskySignInsRead: EntraRead = {
  kind: 'risky_sign_ins',
  scopes: ['AuditLog.Read.All'],
  licence: { plan: 'P2', words: 'Entra ID P1 to read, P2 to see the risk' },
  subject: 'the sign-ins with risk',
  purpose: 'Suspicious sign-ins as they happen, and how each was settled.',
  request: `GET ${pathFor('createdDateTime ge {from} and createdDateTime le {to}', states)}`,
  absentIn: [],
  shape: 'collection',
  ways: window => {
    const times = timesOf(window)
    return [[encoded(pathFor(times, states))], states.map(state => encoded(pathFor(times, [state])))]
  },
  normalise: (rows, window) => ({
    items: checkRows(riskySignInRowSchema, rows, 'the sign-ins with risk')
      .filter(row => isInside(row, window))
      .map(normaliseRiskySignIn),
  }),
}

function pathFor(times: string, among: readonly string[]): string {
  const risk = among.map(state => `riskState eq '${state}'`).join(' or ')
  return `/auditLogs/signIns?$filter=${times} and ${among.length > 1 ? `(${risk})` : risk}&$top=1000`
}

const encoded = (path: string) => path.replaceAll(' ', '%20')

function timesOf(window: FeedWindow | null): string {
  if (!window) throw new Error('a feed is read by window')
  return `createdDateTime ge ${window.from.toISOString()} and createdDateTime le ${window.to.toISOString()}`
}

/** The filter knows no "less than": what falls on the end belongs to the next window. */
function isInside(row: RiskySignInRow, window: FeedWindow | null): boolean {
  const at = Date.parse(row.createdDateTime)
  return window !== null && at >= window.from.getTime() && at < window.to.getTime()
}
