import type { Job, JobName, JobPayload, Queue } from '../queue.ts'
import type { Services } from '../services.ts'

/** Takes what a look at an organization enqueues, until its transaction has committed. */
export class CollectedJobs implements Queue {
  readonly jobs: Job[] = []

  readonly enqueue: Queue['enqueue'] = async <N extends JobName>(
    _transaction: unknown,
    name: N,
    payload: JobPayload<N>,
    { startAfter }: { startAfter?: Date } = {},
  ) => {
    // Of a name and its own payload, which the types do not follow through a union.
    this.jobs.push({ name, payload, ...(startAfter ? { startAfter } : {}) } as Job)
  }

  readonly enqueueAll: Queue['enqueueAll'] = async (_transaction, jobs) => {
    this.jobs.push(...jobs)
  }
}

/** So many jobs go into the queue with one statement. */
const batchSize = 500

/**
 * Puts the jobs of many organizations into the queue together. Nothing is written that they would have to be in one
 * transaction with; what is lost on the way the next sweep finds again.
 */
export class SweepJobs {
  readonly #services: Pick<Services, 'database' | 'queue' | 'logger'>
  #jobs: Job[] = []
  #overdue = 0
  #found = 0

  constructor(services: Pick<Services, 'database' | 'queue' | 'logger'>) {
    this.#services = services
  }

  /** Overdue syncs that have a job. */
  get found(): number {
    return this.#found
  }

  async add(jobs: readonly Job[], overdue: number): Promise<void> {
    this.#jobs.push(...jobs)
    this.#overdue += overdue
    if (this.#jobs.length >= batchSize) await this.flush()
  }

  async flush(): Promise<void> {
    const [jobs, overdue] = [this.#jobs, this.#overdue]
    this.#jobs = []
    this.#overdue = 0
    if (jobs.length === 0) return
    const { database, queue, logger } = this.#services
    try {
      await database.outsideTenant.transaction(transaction => queue.enqueueAll(transaction, jobs))
      this.#found += overdue
    } catch (err) {
      logger.error({ err, jobs: jobs.length }, 'jobs of the sweep could not be enqueued')
    }
  }
}
