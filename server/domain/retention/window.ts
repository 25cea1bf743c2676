/**
 * How long an organization keeps the content of items, in whole years, counted from the end of their last membership.
 * Envelopes and hashes are kept without a window, and what an approved assessment sealed as long as the organization lives.
 */
export const retentionYears = {
  /** Until the organization decides otherwise. */
  initial: 7,
  /** An audit looks back this far at the least. */
  least: 1,
  /** More than this needs a reason: what is personal must not be kept for its own sake. */
  mostWithoutReason: 10,
  most: 30,
} as const

/** The instant before which a membership must have ended for its item's content to go. */
export function windowStart(now: Date, years: number): Date {
  const start = new Date(now)
  start.setUTCFullYear(now.getUTCFullYear() - years)
  // There may be no 29 February so many years ago: the day after would shorten the window.
  if (start.getUTCMonth() !== now.getUTCMonth()) start.setUTCDate(0)
  return start
}

/** When a seal ends whose organization is deleted now: a deletion ends every membership, and the window counts from there. */
export function sealEnd(now: Date, years: number): Date {
  const end = new Date(now)
  end.setUTCFullYear(now.getUTCFullYear() + years)
  return end
}

/** "7 years": what is shown, and what is typed to confirm a shorter window. */
export const yearsInWords = (years: number): string => (years === 1 ? '1 year' : `${years} years`)
