import { sql } from 'drizzle-orm'
import type { Database } from '../../db/client.ts'
import type { RunProgress } from '../../db/schema/state.ts'
import type { EvidenceKind } from '../domain/evidence/kinds.ts'
import { requireHold } from './lease.ts'

/** Where progress is told, ids only: `<organization>:<connection>:<run>`. */
export const progressChannel = 'sync_progress'

const shortestPause = 250

/** Writes a run's progress for the page that watches, at most four times a second, and tells listeners. */
export class ProgressReporter {
  readonly #database: Database
  readonly #key: { organizationId: string; connectionId: string; runId: string }
  readonly #progress: RunProgress
  #version = 0
  #writtenAt = 0
  #writing: Promise<void> = Promise.resolve()

  constructor(
    database: Database,
    key: { organizationId: string; connectionId: string; runId: string },
    kinds: readonly EvidenceKind[],
  ) {
    this.#database = database
    this.#key = key
    this.#progress = {
      kinds: Object.fromEntries(kinds.map(kind => [kind, { pages: 0, items: 0, state: 'waiting' as const }])),
    }
  }

  /** Notes what was read of a kind; the last word on a kind is always written. */
  update(
    kind: EvidenceKind,
    read: { pages?: number; items?: number; state: 'reading' | 'read' | 'failed' },
  ): void {
    const before = this.#progress.kinds[kind] ?? { pages: 0, items: 0, state: 'waiting' as const }
    this.#progress.kinds[kind] = { ...before, ...read }
    if (read.state === 'reading' && performance.now() - this.#writtenAt < shortestPause) return
    this.#writtenAt = performance.now()
    this.#writing = this.#writing.then(() => this.#write()).catch(() => undefined)
  }

  /** Resolves when everything noted so far is written. */
  async settled(): Promise<void> {
    await this.#writing
  }

  async #write() {
    const { organizationId, connectionId, runId } = this.#key
    this.#version += 1
    await this.#database.withOrganization(organizationId, async transaction => {
      await requireHold(transaction, { organizationId, runId })
      await transaction.execute(sql`
        insert into state.run_progress (organization_id, run_id, connection_id, version, progress, updated_at)
        values (${organizationId}, ${runId}, ${connectionId}, ${this.#version}, ${JSON.stringify(this.#progress)}::jsonb,
                statement_timestamp())
        on conflict (organization_id, run_id)
        do update set version = excluded.version, progress = excluded.progress, updated_at = excluded.updated_at`)
    })
    await announce(this.#database, this.#key)
  }
}

/** Wakes the pages that watch a run. */
export const announce = (
  database: Database,
  key: { organizationId: string; connectionId: string; runId: string },
) => database.notify(progressChannel, [key.organizationId, key.connectionId, key.runId].join(':'))
