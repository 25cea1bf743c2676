const second = 1000
const first = 30 * second
const longest = 3600 * second

/** A message is given up after so many attempts: over about four hours. */
export const mostAttempts = 9

/** How long a channel rests after so many attempts in a row that failed: twice as long each time, an hour at most. */
export const restAfter = (attempts: number): number => Math.min(first * 2 ** (attempts - 1), longest)
