/** An instant to the minute, as sentences name it: `2026-11-15 06:00 UTC`. */
export const minuteWords = (instant: Date | string): string =>
  `${new Date(instant).toISOString().slice(0, 16).replace('T', ' ')} UTC`
