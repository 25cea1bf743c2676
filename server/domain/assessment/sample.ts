/** The way of drawing that docs/samples.md specifies. A changed way is another version; drawn samples keep theirs. */
export const sampleAlgorithm = 1

export const mostSampled = 500

/** Whose SHA-256 a subject is ranked by: the seed, a zero byte, the subject key, each as UTF-8. */
export const rankedText = (seed: string, subjectKey: string): string =>
  `${seed}\u0000${subjectKey.toLowerCase()}`

/** Draws from subjects that are added one by one, and holds no more of them than are drawn. */
export interface Sampler<T> {
  add(subjectKey: string, what: T): void
  /** The drawn ones in the order of their ranks. */
  drawn(): readonly Drawn<T>[]
}

export interface Drawn<T> {
  subjectKey: string
  /** SHA-256 in lower-case hexadecimal: the drawn ones have the smallest. */
  rank: string
  what: T
}

/** @param sha256Hex SHA-256 of a text as UTF-8, in lower-case hexadecimal */
export function createSampler<T>(options: {
  seed: string
  size: number
  sha256Hex: (text: string) => string
}): Sampler<T> {
  const { seed, size, sha256Hex } = options
  // In ascending order of ranks. A sample is small: to insert is to move a few hundred references at most.
  const smallest: Drawn<T>[] = []
  return {
    add(subjectKey, what) {
      const rank = sha256Hex(rankedText(seed, subjectKey))
      const last = smallest.at(-1)
      if (smallest.length === size && last && rank >= last.rank) return
      const place = smallest.findIndex(other => other.rank > rank)
      smallest.splice(place === -1 ? smallest.length : place, 0, { subjectKey, rank, what })
      if (smallest.length > size) smallest.pop()
    },
    drawn: () => smallest,
  }
}
