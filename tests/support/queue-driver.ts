import { PgBoss, TestClock } from 'pg-boss'
import postgres from 'postgres'
import { queueSchema } from '../../db/queues.ts'
import { type Work, workOf } from '../../jobs/work.ts'
import { createQueue, type JobName, jobSchemas, type Queue } from '../../server/queue.ts'
import type { Services } from '../../server/services.ts'
import type { JumpingClock } from './entra.ts'
import { MortalDatabase } from './mortal-database.ts'

/** What became of one job that was taken. */
export interface DoneJob {
  name: JobName
  result: 'completed' | 'failed' | 'died'
  error?: unknown
}

/** The product's own queue and handlers, on the clock that a test moves. */
export interface QueueDriver {
  /** Sends jobs in the transactions that it is given. */
  readonly queue: Queue
  /** Does what is due now and what that leads to at once, one job after the other, until nothing is or a process died. */
  turn(services: Services): Promise<DoneJob[]>
  /** Moves on to an instant and does on the way what falls due, each at its time. */
  moveOn(services: Services, to: Date): Promise<DoneJob[]>
  /** What workers do beside their jobs: those of dead processes are given to others, old ones are dropped. */
  upkeep(): Promise<void>
  /** Asks for the hourly sweep. */
  bringSweep(): Promise<void>
  /** Jobs as they stand in the queue's tables. */
  jobs(): Promise<QueuedJob[]>
  stop(): Promise<void>
}

export interface QueuedJob {
  name: JobName
  state: 'created' | 'retry' | 'active' | 'completed' | 'cancelled' | 'failed'
  data: Record<string, unknown>
  startAfter: Date
  output: unknown
}

/** For the address of a database whose sessions are to read the moved clock in the queue's functions. */
export const onMovedClock = (url: string): string => `${url}?pgboss.test_clock=on`

/**
 * Drives the queue of a database that nobody else works on.
 * @param adminUrl as whom the queue's clock can be replaced
 */
export async function driveQueue(adminUrl: string, clock: JumpingClock): Promise<QueueDriver> {
  const time = new TestClock(clock.now())
  const boss = new PgBoss({
    connectionString: adminUrl,
    schema: queueSchema,
    migrate: false,
    createSchema: false,
    supervise: false,
    schedule: false,
    clock: time,
  })
  await boss.start()
  const admin = postgres(adminUrl, { max: 1, onnotice: () => undefined })
  await admin.unsafe(`grant select on ${queueSchema}.__pgboss_test_clock to attestry_app, attestry_retention`)
  const setTime = () => time.setTime(clock.now())

  /** The first of the jobs that wait: of those that are due at an instant, the one that is longest so. */
  async function firstWaiting(): Promise<{ name: JobName; startAfter: Date } | undefined> {
    const [row] = await admin<{ name: JobName; startAfter: Date }[]>`
      select name, start_after as "startAfter" from ${admin(queueSchema)}.job
       where state in ('created', 'retry') order by start_after, created_on limit 1`
    return row
  }

  async function runOne(services: Services, name: JobName, work: Work): Promise<DoneJob | null> {
    const [job] = await boss.fetch<unknown>(name, { includeMetadata: true })
    if (!job) return null
    try {
      await work.handler([{ ...job, signal: new AbortController().signal }])
      if (hasDied(services)) return { name, result: 'died' }
      await boss.complete(name, job.id)
      return { name, result: 'completed' }
    } catch (error) {
      // A process that died says nothing: its job is found by the upkeep.
      if (hasDied(services)) return { name, result: 'died', error }
      await boss.fail(name, job.id, { message: String(error) })
      return { name, result: 'failed', error }
    }
  }

  async function turn(services: Services): Promise<DoneJob[]> {
    const work = workOf(services, new AbortController().signal)
    const done: DoneJob[] = []
    for (;;) {
      await setTime()
      const next = await firstWaiting()
      if (!next || next.startAfter > clock.now()) return done
      const one = await runOne(services, next.name, work[next.name])
      if (!one) return done
      done.push(one)
      if (one.result === 'died') return done
    }
  }

  return {
    queue: createQueue(boss),
    turn,
    async moveOn(services, to) {
      const done = await turn(services)
      for (;;) {
        const next = await firstWaiting()
        const isDead = done.at(-1)?.result === 'died'
        if (isDead || !next || next.startAfter > to) break
        clock.jump(Math.max(0, next.startAfter.getTime() - clock.now().getTime()))
        const more = await turn(services)
        if (more.length === 0) break
        done.push(...more)
      }
      clock.jump(Math.max(0, to.getTime() - clock.now().getTime()))
      await setTime()
      return done
    },
    async upkeep() {
      await setTime()
      await boss.supervise()
    },
    async bringSweep() {
      await setTime()
      await boss.send('sweep', {})
    },
    async jobs() {
      const rows = await admin<QueuedJob[]>`
        select name, state, data, start_after as "startAfter", output from ${admin(queueSchema)}.job
         order by start_after, created_on`
      return rows.filter(({ name }) => name in jobSchemas)
    },
    async stop() {
      await admin.end()
      await boss.stop({ graceful: false })
    },
  }
}

/** Whatever its last words were. */
const hasDied = ({ database }: Services): boolean => database instanceof MortalDatabase && database.isDead
