import { sql } from 'drizzle-orm'
import type { Database } from '../../db/client.ts'
import type { EvidenceKind } from '../domain/evidence/kinds.ts'

export interface StagedItem {
  subjectKey: string
  /** Null where the subject left. */
  itemHash: Buffer | null
  body: string | null
}

const batchSize = 2_000

/** Collects what differs from what is held and writes it in batches, out of the way of the ledger's lock. */
export class Stage {
  readonly #database: Database
  readonly #organizationId: string
  readonly #runId: string
  readonly #kind: EvidenceKind
  #batch: StagedItem[] = []
  #count = 0

  constructor(options: { database: Database; organizationId: string; runId: string; kind: EvidenceKind }) {
    this.#database = options.database
    this.#organizationId = options.organizationId
    this.#runId = options.runId
    this.#kind = options.kind
  }

  /** Items staged so far. */
  get count(): number {
    return this.#count
  }

  async add(item: StagedItem): Promise<void> {
    this.#batch.push(item)
    this.#count += 1
    if (this.#batch.length >= batchSize) await this.flush()
  }

  async flush(): Promise<void> {
    // A batch that names a subject twice keeps the later item, as the index does.
    const batch = [...new Map(this.#batch.map(item => [item.subjectKey, item])).values()]
    this.#batch = []
    if (batch.length === 0) return
    const hashes = batch.map(item => item.itemHash && `\\x${item.itemHash.toString('hex')}`)
    await this.#database.withOrganization(this.#organizationId, transaction =>
      transaction.execute(sql`
        insert into state.staged_item (organization_id, run_id, kind, subject_key, item_hash, body)
        select ${this.#organizationId}::uuid, ${this.#runId}::uuid, ${this.#kind}, u.key, u.hash::bytea, u.body
          from unnest(${sql.param(batch.map(item => item.subjectKey))}::uuid[], ${sql.param(hashes)}::text[],
                      ${sql.param(batch.map(item => item.body))}::text[]) as u(key, hash, body)
        on conflict (organization_id, run_id, kind, subject_key)
        do update set item_hash = excluded.item_hash, body = excluded.body`),
    )
  }

  /** Drops what a read that failed had staged. */
  async discard(): Promise<void> {
    this.#batch = []
    this.#count = 0
    await this.#database.withOrganization(this.#organizationId, transaction =>
      transaction.execute(sql`
        delete from state.staged_item
         where organization_id = ${this.#organizationId} and run_id = ${this.#runId} and kind = ${this.#kind}`),
    )
  }
}
