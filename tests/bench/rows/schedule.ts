import { PgBoss } from 'pg-boss'
import { queueSchema } from '../../../db/queues.ts'
import { sweepAtOnce, sweepOverdue } from '../../../server/connections/sweep.ts'
import { sealNow } from '../../../server/ledger/seal-log.ts'
import { createQueue } from '../../../server/queue.ts'
import type { Bench, BenchContext } from '../bench.ts'
import { copyOrganization } from '../past/neighbours.ts'
import { startDirectory } from '../sync/directory.ts'
import { openOffice } from '../sync/office.ts'
import { secondsOf } from '../timing.ts'

/** 1 % of the hour. */
const mostSeconds = 36

export const schedule: Bench<'sweep' | 'single sends'> = {
  name: 'schedule',
  measures: 'the sweep over 10,000 organizations whose syncs are all overdue',
  unit: 's',
  subject: 'sweep',
  comparisons: [
    { baseline: 'single sends', goal: 6, direction: 'at most' },
    { baseline: null, goal: mostSeconds, direction: 'at most' },
  ],
  rounds: 3,
  warmUp: 1,
  size: { of: 'organizations', usual: 10_000, growth: [100, 1_000, 10_000] },
  async setUp(context) {
    const { size } = context
    const database = await context.createDatabase()
    const admin = database.connectPlain({ max: 1 })
    const boss = await startQueue(context, database.url('app'))
    const office = await openOffice(database.connect({ max: sweepAtOnce }), await startDirectory(context, 3))
    context.defer(async () => office.close())
    await office.sync()
    await sealNow(office.services, office.organizationId)
    await copyOrganization(admin, { organizationId: office.organizationId, copies: size - 1 })
    const services = { ...office.services, queue: createQueue(boss) }
    const emptyQueue = () => admin`delete from queue.job`
    const payload = { organizationId: office.organizationId, connectionId: office.organizationId }
    return {
      sweep: async () => {
        await emptyQueue()
        await admin`update state.sync_schedule set due_at = now() - interval '1 hour'`
        let found = 0
        const seconds = await secondsOf(async () => {
          found = await sweepOverdue(services)
        })
        if (found < size) throw new Error(`the sweep found ${found} of ${size} that were due`)
        return seconds
      },
      'single sends': async () => {
        await emptyQueue()
        return secondsOf(() =>
          Promise.all(
            Array.from({ length: sweepAtOnce }, async (_, sender) => {
              for (let sent = sender; sent < size; sent += sweepAtOnce) await boss.send('sync', payload)
            }),
          ),
        )
      },
    }
  },
}

async function startQueue({ defer }: BenchContext, connectionString: string): Promise<PgBoss> {
  const boss = new PgBoss({
    connectionString,
    schema: queueSchema,
    migrate: false,
    createSchema: false,
    supervise: false,
    schedule: false,
    max: sweepAtOnce,
  })
  await boss.start()
  defer(() => boss.stop({ graceful: false }))
  return boss
}
