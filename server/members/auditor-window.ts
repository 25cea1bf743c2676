import { minuteWords } from '../domain/minute-words.ts'
import { AppError } from '../errors.ts'
import type { AsOf, AsOfRequest } from '../ledger/position-at.ts'
import type { Access } from './resolve-access.ts'
import type { AccessGrant } from './stored-role.ts'

type Window = Pick<Access, 'role' | 'grant'>

/**
 * Keeps what an auditor asks inside the period of the grant: once that is over, now means its last instant. A bare
 * position is judged when it has been resolved, by {@link assertWithinGrant}.
 * @throws {AppError} not_found, with words that say the period
 */
export function boundAsOf(access: Window, request: AsOfRequest, now: Date): AsOfRequest {
  const grant = grantOf(access)
  if (!grant || request.kind === 'position') return request
  if (request.kind === 'now') {
    if (now <= grant.periodTo) return assertInside(grant, now, request)
    return { kind: 'instant', instant: grant.periodTo }
  }
  return assertInside(grant, request.instant, request)
}

/** Checks the pair that a request resolved to. @throws {AppError} not_found, with words that say the period */
export function assertWithinGrant(access: Window, asOf: AsOf): void {
  const grant = grantOf(access)
  if (grant) assertInside(grant, asOf.instant, undefined)
}

/** An auditor without a grant sees nothing: fail closed. */
function grantOf({ role, grant }: Window): AccessGrant | null {
  if (role !== 'auditor') return null
  if (!grant) throw new AppError('forbidden', 'an auditor without a grant')
  return grant
}

function assertInside<T>(grant: AccessGrant, instant: Date, answer: T): T {
  if (instant >= grant.periodFrom && instant <= grant.periodTo) return answer
  throw new AppError('not_found', 'outside the auditor’s period', {
    userMessage: `Your access covers ${minuteWords(grant.periodFrom)} to ${minuteWords(grant.periodTo)}. Choose an instant within it.`,
    fields: {
      asOf: `Choose an instant from ${minuteWords(grant.periodFrom)} to ${minuteWords(grant.periodTo)}.`,
    },
    details: { periodFrom: grant.periodFrom.toISOString(), periodTo: grant.periodTo.toISOString() },
  })
}
