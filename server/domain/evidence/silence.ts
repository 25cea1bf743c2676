import type { SignInActivityItem } from './items.ts'

const day = 86_400_000

/** Whole days since an account last signed in with success, seen from an instant; null where it never did. */
export function silentDays(
  { lastSuccessfulSignInDateTime: last }: Pick<SignInActivityItem, 'lastSuccessfulSignInDateTime'>,
  at: Date,
): number | null {
  const seen = last === null ? Number.NaN : Date.parse(last)
  return Number.isNaN(seen) ? null : Math.max(0, Math.floor((at.getTime() - seen) / day))
}
