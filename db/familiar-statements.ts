/** How often a text comes before it is prepared. */
const often = 3
/** What a server's session keeps a plan of, at most. */
const mostKept = 400
/** Texts that are counted: what is put together differently each time never becomes familiar. */
const mostCounted = 4_000
const longest = 10_000

/**
 * Tells which statements a process sends again and again, by their text. Those are prepared: taking one apart, rewriting it
 * under row-level security and planning it takes the server longer than most take to run. A session keeps what it
 * prepared, so that their number has an end.
 */
export class FamiliarStatements {
  readonly #times = new Map<string, number>()
  #kept = 0

  /** Counts one more time that a statement is sent. @returns whether it is to be prepared */
  meet({ sql, params }: { sql: string; params: readonly unknown[] }): boolean {
    // Without a parameter its text is of one use: a setting that names an organization, above all.
    if (params.length === 0 || sql.length > longest) return false
    const times = this.#times.get(sql) ?? 0
    if (times >= often) return true
    if (times === 0 && this.#times.size >= mostCounted) return false
    if (times + 1 === often) {
      if (this.#kept >= mostKept) return false
      this.#kept += 1
    }
    this.#times.set(sql, times + 1)
    return times + 1 === often
  }
}
