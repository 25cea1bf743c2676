import { type Check, checks, type Problem } from '../domain/log/checks.ts'

/** What was found not to hold: the first thing of each sort. */
export class Findings {
  readonly #first = new Map<Check, Problem>()

  note(sort: Check, words: string, position: number | null = null): void {
    if (!this.#first.has(sort)) this.#first.set(sort, { sort, words, position })
  }

  /**
   * Checks a row that may be damaged in any way: where it cannot even be read, that is noted.
   * @returns whether the check holds
   */
  check(sort: Check, name: string, position: number | null, check: () => boolean): boolean {
    try {
      return check()
    } catch {
      this.note(sort, `${name} is damaged: it cannot be read.`, position)
      return false
    }
  }

  /** In the order of the checks. */
  problems(): Problem[] {
    return sorts.flatMap(sort => this.#first.get(sort) ?? [])
  }
}

// The keys of the very record that the sorts are of.
const sorts = Object.keys(checks) as Check[]
