import type { Transaction } from './client.ts'

/**
 * Makes a reading that is done once in a snapshot, whoever asks in it: its rows stay what they are until it ends.
 * @param read by the id of the organization or the person that the snapshot is bound to
 */
export function onceInSnapshot<T>(
  read: (transaction: Transaction, id: string) => Promise<T>,
): (transaction: Transaction, id: string) => Promise<T> {
  const known = new WeakMap<Transaction, { id: string; reading: Promise<T> }>()
  return (transaction, id) => {
    const entry = known.get(transaction)
    if (entry?.id === id) return entry.reading
    const reading = read(transaction, id)
    known.set(transaction, { id, reading })
    return reading
  }
}
