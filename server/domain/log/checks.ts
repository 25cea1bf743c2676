/** What a verification of the whole ledger checks, in the order in which it is told, with what it means that it holds. */
export const checks = {
  order: {
    title: 'Order and time',
    holds: 'Positions have no gap and recorded times rise, from the first event to the newest.',
  },
  events: {
    title: 'Events',
    holds: 'Every event hashes to the leaf that was recorded with it, and is of a kind that is known.',
  },
  streams: {
    title: 'Streams',
    holds: 'The versions of every stream have no gap, and its events are of its kind.',
  },
  tiles: {
    title: 'Tiles',
    holds: 'Every stored tile of the Merkle tree holds the hashes of these events.',
  },
  checkpoints: {
    title: 'Checkpoints',
    holds: 'Every stored checkpoint has the root of these events and the signature of a key of this log.',
  },
  keys: {
    title: 'Keys',
    holds: 'Every key of the log is the one that an event announced.',
  },
  evidence: {
    title: 'Evidence',
    holds: 'Every evidence row says what the event says that attached it.',
  },
  populations: {
    title: 'Populations',
    holds: 'What each evidence row changed adds up to the population that its fingerprint stands for.',
  },
  items: {
    title: 'Items',
    holds:
      'Every item’s content hashes to its name; where content is gone, an event says that it was purged.',
  },
  purges: {
    title: 'Purges',
    holds: 'Every purge removed exactly the items that its event stands for.',
  },
  seals: {
    title: 'Seals',
    holds: 'Everything that is sealed was sealed by an event.',
  },
  surplus: {
    title: 'Nothing beside the log',
    holds: 'No row stands in the ledger that no event accounts for.',
  },
} as const satisfies Record<string, { title: string; holds: string }>

export type Check = keyof typeof checks

/** Something that does not hold. */
export interface Problem {
  sort: Check
  /** One sentence that names positions, ids and hashes only. */
  words: string
  /** The event it is about, where it is about one. */
  position: number | null
}
