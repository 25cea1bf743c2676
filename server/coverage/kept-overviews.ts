import type { AsOf } from '../ledger/position-at.ts'
import type { Overview } from './read-overview.ts'

/** An overview, and the moment that it is of. */
export interface KeptOverview {
  readonly overview: Overview
  readonly asOf: AsOf
}

const keptFor = 15_000
/** From then on whoever asks has the next one read, and waits for nothing. */
const renewedFrom = 12_000
const most = 200

/**
 * Overviews of the present that this process read moments ago. Rows as of a position stay what they are, so that only time
 * itself can change one before the next event: it is handed out for fifteen seconds, as of the instant that it was read at.
 * When an event wakes all open pages of an organization, they are answered by one reading; while pages keep asking, the
 * next reading comes before the last one is too old.
 */
export class KeptOverviews {
  readonly #kept = new Map<string, Entry>()

  /**
   * @param earliest where an auditor's view begins: theirs is another overview
   * @param readAhead reads by itself as of its own now, when nobody waits for it any more
   */
  async read(
    { organizationId, asOf, earliest }: { organizationId: string; asOf: AsOf; earliest: Date | null },
    readNow: () => Promise<Overview>,
    readAhead: () => Promise<KeptOverview>,
  ): Promise<KeptOverview> {
    if (!asOf.isNow) return { overview: await readNow(), asOf }
    const keyAt = (position: number) => `${organizationId} ${position} ${earliest?.getTime() ?? 'all'}`
    const key = keyAt(asOf.position)
    const at = asOf.instant.getTime()
    const kept = this.#kept.get(key)
    if (kept && at >= kept.at && at - kept.at < keptFor) {
      if (at - kept.at >= renewedFrom && !kept.isRenewed) {
        kept.isRenewed = true
        readAhead().then(
          next => {
            const entry = { at: next.asOf.instant.getTime(), reading: Promise.resolve(next) }
            this.#keep(keyAt(next.asOf.position), entry)
          },
          // Whoever asks next reads for themselves, and is told.
          () => undefined,
        )
      }
      return kept.reading
    }
    const reading = readNow().then(overview => ({ overview, asOf }))
    this.#keep(key, { at, reading })
    // What failed is tried again by whoever asks next.
    reading.catch(() => this.#kept.delete(key))
    return reading
  }

  #keep(key: string, entry: Entry) {
    this.#kept.delete(key)
    this.#kept.set(key, entry)
    const [oldest] = this.#kept.keys()
    if (this.#kept.size > most && oldest !== undefined) this.#kept.delete(oldest)
  }
}

interface Entry {
  readonly at: number
  readonly reading: Promise<KeptOverview>
  isRenewed?: boolean
}
