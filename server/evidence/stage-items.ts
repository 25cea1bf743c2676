import { sql } from 'drizzle-orm'
import type { Database } from '../../db/client.ts'
import type { EvidenceKind } from '../domain/evidence/kinds.ts'
import { requireHold } from './lease.ts'

export interface StagedItem {
  subjectKey: string
  /** In hexadecimal; null where the subject left. */
  itemHash: string | null
  body: string | null
}

const batchSize = 1_000

/**
 * Collects what differs from what is held and writes it in batches, out of the way of the ledger's lock. A batch is one
 * row: as rows of their own, with a key, items would cost as much here as in the ledger. One batch is on its way while
 * the next one fills.
 */
export class Stage {
  readonly #database: Database
  readonly #organizationId: string
  readonly #runId: string
  readonly #kind: EvidenceKind
  #batch: StagedItem[] = []
  #batches = 0
  #writing: Promise<unknown> = Promise.resolve()

  constructor(options: { database: Database; organizationId: string; runId: string; kind: EvidenceKind }) {
    this.#database = options.database
    this.#organizationId = options.organizationId
    this.#runId = options.runId
    this.#kind = options.kind
  }

  /** Items are numbered from 0 in the order in which they are added. What is full is flushed before more is added. */
  add(item: StagedItem): void {
    this.#batch.push(item)
  }

  get isFull(): boolean {
    return this.#batch.length === batchSize
  }

  /** Sends what was added on its way, once the batch before has arrived. */
  async flush(): Promise<void> {
    const batch = this.#batch
    this.#batch = []
    await this.#writing
    this.#writing = this.#insert(batch, this.#batches)
    this.#batches += 1
    // Whoever flushes or finishes next hears of it.
    this.#writing.catch(() => undefined)
  }

  /** Resolves when everything added is written. */
  async finish(): Promise<void> {
    if (this.#batch.length > 0) await this.flush()
    await this.#writing
  }

  /** Takes items back that were written, by their numbers. */
  async withdraw(items: readonly number[]): Promise<void> {
    const placesByBatch = new Map<number, number[]>()
    for (const item of items) {
      const batch = Math.floor(item / batchSize)
      const places = placesByBatch.get(batch) ?? []
      placesByBatch.set(batch, places)
      places.push((item % batchSize) + 1)
    }
    for (const [batch, places] of placesByBatch) {
      await this.#database.withOrganization(this.#organizationId, transaction =>
        transaction.execute(sql`
          update state.staged_batch
             set subject_keys = array(
                   select case when u.place = any(string_to_array(${places.join()}, ',')::bigint[]) then null else u.key end
                     from unnest(subject_keys) with ordinality as u(key, place)
                    order by u.place)
           where organization_id = ${this.#organizationId} and run_id = ${this.#runId} and kind = ${this.#kind}
             and batch = ${batch}`),
      )
    }
  }

  /** Drops what a read that failed had staged. */
  async discard(): Promise<void> {
    this.#batch = []
    await this.#writing.catch(() => undefined)
    await this.#database.withOrganization(this.#organizationId, transaction =>
      transaction.execute(sql`
        delete from state.staged_batch
         where organization_id = ${this.#organizationId} and run_id = ${this.#runId} and kind = ${this.#kind}`),
    )
  }

  #insert(batch: readonly StagedItem[], number: number): Promise<unknown> {
    // Canonical JSON holds no line feed, and neither do the others. As arrays the driver would escape every quote. A lone
    // leaver makes two empty arrays: read side by side with the keys they are as good as null.
    const lines = (of: (item: StagedItem) => string) => batch.map(of).join('\n')
    const keys = lines(item => item.subjectKey)
    const hashes = lines(item => (item.itemHash ? `\\x${item.itemHash}` : ''))
    const bodies = lines(item => item.body ?? '')
    return this.#database.withOrganization(this.#organizationId, async transaction => {
      await requireHold(transaction, { organizationId: this.#organizationId, runId: this.#runId })
      await transaction.execute(sql`
        insert into state.staged_batch (organization_id, run_id, kind, batch, subject_keys, item_hashes, bodies)
        values (${this.#organizationId}, ${this.#runId}, ${this.#kind}, ${number},
                string_to_array(${keys}, e'\\n')::uuid[],
                string_to_array(${hashes}, e'\\n', '')::bytea[],
                string_to_array(${bodies}, e'\\n', ''))`)
    })
  }
}
