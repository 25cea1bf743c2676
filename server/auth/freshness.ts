/** How long after signing in a person may do what needs a fresh sign-in. */
const freshForMilliseconds = 15 * 60_000

/** Whether a session began less than 15 minutes before `now`. Both are real time, also for simulated organizations. */
export const isFresh = (session: { createdAt: Date }, now: Date): boolean =>
  now.getTime() - session.createdAt.getTime() < freshForMilliseconds
