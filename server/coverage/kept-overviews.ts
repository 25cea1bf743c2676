import type { AsOf } from '../ledger/position-at.ts'
import type { Overview } from './read-overview.ts'

/** An overview, and the moment that it is of. */
export interface KeptOverview {
  readonly overview: Overview
  readonly asOf: AsOf
}

const keptFor = 5_000
const most = 200

/**
 * Overviews of the present that this process read moments ago. Rows as of a position stay what they are, so that only time
 * itself can change one before the next event: it is handed out for five seconds, as of the instant that it was read at.
 * When an event wakes all open pages of an organization, they are answered by one reading.
 */
export class KeptOverviews {
  readonly #kept = new Map<string, { at: number; reading: Promise<KeptOverview> }>()

  /** @param earliest where an auditor's view begins: theirs is another overview */
  async read(
    { organizationId, asOf, earliest }: { organizationId: string; asOf: AsOf; earliest: Date | null },
    readNow: () => Promise<Overview>,
  ): Promise<KeptOverview> {
    if (!asOf.isNow) return { overview: await readNow(), asOf }
    const key = `${organizationId} ${asOf.position} ${earliest?.getTime() ?? 'all'}`
    const at = asOf.instant.getTime()
    const kept = this.#kept.get(key)
    if (kept && at >= kept.at && at - kept.at < keptFor) return kept.reading
    const reading = readNow().then(overview => ({ overview, asOf }))
    this.#keep(key, { at, reading })
    // What failed is tried again by whoever asks next.
    reading.catch(() => this.#kept.delete(key))
    return reading
  }

  #keep(key: string, entry: { at: number; reading: Promise<KeptOverview> }) {
    this.#kept.delete(key)
    this.#kept.set(key, entry)
    const [oldest] = this.#kept.keys()
    if (this.#kept.size > most && oldest !== undefined) this.#kept.delete(oldest)
  }
}
