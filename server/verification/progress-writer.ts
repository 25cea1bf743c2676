import { and, eq } from 'drizzle-orm'
import { verification } from '../../db/schema/state.ts'
import type { JobPayload } from '../queue.ts'
import type { Services } from '../services.ts'
import type { StoredProgress } from './stored-verification.ts'
import type { VerificationProgress } from './verify-ledger.ts'

const shortestPause = 500

/** Writes how far a verification is for the page that watches, at most twice a second. */
export class ProgressWriter {
  readonly #services: Pick<Services, 'database' | 'clock'>
  readonly #key: JobPayload<'verify-ledger'>
  #writtenAt = Number.NEGATIVE_INFINITY
  #writing: Promise<unknown> = Promise.resolve()

  constructor(services: Pick<Services, 'database' | 'clock'>, key: JobPayload<'verify-ledger'>) {
    this.#services = services
    this.#key = key
  }

  note(progress: VerificationProgress): void {
    if (performance.now() - this.#writtenAt < shortestPause) return
    this.#writtenAt = performance.now()
    // What the page does not see this time it sees the next.
    this.#writing = this.#writing.then(() => this.#write(progress)).catch(() => undefined)
  }

  /** Resolves when everything noted so far is written. */
  async settled(): Promise<void> {
    await this.#writing
  }

  async #write(progress: VerificationProgress) {
    const { organizationId, verificationId } = this.#key
    const { database, clock } = this.#services
    const stored: StoredProgress = { ...progress, at: clock.now().toISOString() }
    await database.withOrganization(organizationId, transaction =>
      transaction
        .update(verification)
        .set({ progress: stored })
        .where(and(eq(verification.organizationId, organizationId), eq(verification.id, verificationId))),
    )
  }
}
