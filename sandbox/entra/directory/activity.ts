import { type DirectoryUser, toSeconds } from './account.ts'
import { day } from './churn.ts'
import { hash, uuidOf } from './hash.ts'

/** Graph's signInActivity of an account, with the odd values that real tenants hold; undefined when absent. */
export function signInActivityOf(seed: number, user: DirectoryUser, since: Date, now: Date) {
  if (user.class === 'shared' || user.class === 'future-hire') return neverSeen(seed, user.index)
  if (user.externalUserState === 'PendingAcceptance') return undefined
  const last = lastSeen(seed, user, since, now)
  if (last === null) return neverSeen(seed, user.index)
  const failedLater = hash(seed, user.index, 41) % 9 === 0
  const request = uuidOf(seed, user.index, Math.floor(last.getTime() / day))
  return {
    lastSignInDateTime: toSeconds(
      failedLater ? new Date(Math.min(now.getTime(), last.getTime() + 60_000)) : last,
    ),
    lastSignInRequestId: request,
    lastNonInteractiveSignInDateTime: toSeconds(last),
    lastNonInteractiveSignInRequestId: request,
    lastSuccessfulSignInDateTime: toSeconds(last),
    lastSuccessfulSignInRequestId: request,
  }
}

/** The documented ways in which Graph says "never": absent, an empty string, or the year 1. */
function neverSeen(seed: number, index: number) {
  const form = hash(seed, index, 42) % 3
  if (form === 0) return undefined
  const value = form === 1 ? '' : '0001-01-01T00:00:00Z'
  return {
    lastSignInDateTime: value,
    lastSignInRequestId: '',
    lastNonInteractiveSignInDateTime: value,
    lastNonInteractiveSignInRequestId: '',
    lastSuccessfulSignInDateTime: value,
    lastSuccessfulSignInRequestId: '',
  }
}

function lastSeen(seed: number, user: DirectoryUser, since: Date, now: Date): Date | null {
  const created = user.createdDateTime === null ? 0 : Date.parse(user.createdDateTime)
  if (now.getTime() - created < 6 * 3_600_000) return null
  if (user.class === 'emergency') return new Date(since.getTime() - (60 + user.index) * day)
  // Disabled accounts and the odd forgotten one stopped long ago.
  const isForgotten = user.class === 'person' && user.index > 30 && hash(seed, user.index, 43) % 150 === 0
  if (!user.accountEnabled || isForgotten) {
    const stopped = since.getTime() - (95 + (hash(seed, user.index, 44) % 200)) * day
    return stopped > created ? new Date(stopped) : null
  }
  const today = Math.floor(now.getTime() / day)
  for (let back = 0; back < 14; back += 1) {
    const date = today - back
    if (hash(seed, user.index, date, 45) % 10 < 3) continue
    const at = date * day + 6 * 3_600_000 + (hash(seed, user.index, date, 46) % 43_200) * 1000
    if (at <= now.getTime() && at > created) return new Date(at)
  }
  return null
}
