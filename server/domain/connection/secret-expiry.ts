const day = 86_400_000

/** Days before its end at which people are told that a client secret ends. */
export const secretNotices = [30, 14, 7] as const
export type SecretNotice = (typeof secretNotices)[number]

export const secretStates = ['unknown', 'valid', 'soon', 'near', 'urgent', 'expired'] as const
export type SecretState = (typeof secretStates)[number]

export interface SecretStanding {
  /** `soon` begins 30 days before the end, `near` 14 and `urgent` 7. */
  readonly state: SecretState
  readonly expiresAt: Date | null
  /** Whole days. */
  readonly daysLeft: number | null
}

/**
 * How long the client secret lasts, seen from an instant: by time alone, whether or not anybody was told.
 * @param expiresOn ISO date; the secret ends as that day begins in UTC
 */
export function secretStanding(expiresOn: string | null, at: Date): SecretStanding {
  if (expiresOn === null) return { state: 'unknown', expiresAt: null, daysLeft: null }
  const expiresAt = endOf(expiresOn)
  const left = expiresAt.getTime() - at.getTime()
  if (left <= 0) return { state: 'expired', expiresAt, daysLeft: 0 }
  const notice = noticeDue(expiresOn, at)
  return { state: notice === null ? 'valid' : stateAt[notice], expiresAt, daysLeft: Math.floor(left / day) }
}

/** The latest notice whose time has come; null before the first, and once the secret has ended. */
export function noticeDue(expiresOn: string, at: Date): SecretNotice | null {
  const left = endOf(expiresOn).getTime() - at.getTime()
  if (left <= 0) return null
  return secretNotices.findLast(days => left <= days * day) ?? null
}

const stateAt: Record<SecretNotice, SecretState> = { 30: 'soon', 14: 'near', 7: 'urgent' }

const endOf = (expiresOn: string) => new Date(`${expiresOn}T00:00:00Z`)
