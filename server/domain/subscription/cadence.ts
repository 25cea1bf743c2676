export const cadences = ['hourly', 'daily'] as const
export type Cadence = (typeof cadences)[number]

/** How long a subscriber waits at least for the next checkpoint, in milliseconds. */
const intervals: Record<Cadence, number> = { hourly: 3_600_000, daily: 86_400_000 }

/** A little less than the interval: a log that is sealed once an hour must not miss every second hour by seconds. */
const leeway = 5 * 60_000

/** Whether a subscriber is to get the newest checkpoint: there is a newer one than was sent, and it is time. */
export function isDue(
  subscription: { cadence: Cadence; sentSize: number | null; sentAt: Date | null },
  newest: { size: number },
  now: Date,
): boolean {
  const { cadence, sentSize, sentAt } = subscription
  if (sentAt === null) return true
  return newest.size > (sentSize ?? 0) && now.getTime() - sentAt.getTime() >= intervals[cadence] - leeway
}
