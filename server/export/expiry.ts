/** An archive is kept this long after it was made: it can be made again from the ledger. */
const keptMilliseconds = 7 * 86_400_000

export const keepDays = (from: Date): Date => new Date(from.getTime() + keptMilliseconds)
