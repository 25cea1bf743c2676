/** The event that removed the content of an item. */
export interface Removal {
  readonly reason: string
  readonly at: Date
  readonly position: number
}

/** What is said of an item where its purge is not looked up: of files that are checked without a database. */
export const removedWords = 'Removed: its body was purged'

/** What stands in the place of an item whose content is gone: when and by which event. */
export function removalWords(removal: Removal | null | undefined): string {
  if (!removal) return removedWords
  const { reason, at, position } = removal
  const when = `on ${at.toISOString().slice(0, 10)} by event ${new Intl.NumberFormat('en-GB').format(position)}`
  return reason === 'erasure'
    ? `Erased ${when}`
    : reason === 'retention'
      ? `Removed after its time ${when}`
      : `Removed with the organization ${when}`
}
