import { sql } from 'drizzle-orm'
import { callerOf } from '../../support/caller.ts'
import type { Bench, Measure } from '../bench.ts'
import { startDirectory } from '../sync/directory.ts'
import { openOffice } from '../sync/office.ts'
import { medianLatency } from '../timing.ts'

const calls = 40

export const population: Bench<'slower of both' | 'first page' | 'prefix search' | 'select 1'> = {
  name: 'population',
  measures: 'first page and a prefix search over 100,000 accounts, the whole procedure, p50',
  unit: 'µs',
  subject: 'slower of both',
  comparisons: [{ baseline: 'select 1', goal: 40, direction: 'at most' }],
  rounds: 5,
  warmUp: 2,
  size: { of: 'accounts', usual: 100_000, growth: [1_000, 10_000, 100_000] },
  async setUp(context) {
    const directory = await startDirectory(context, context.size)
    const database = (await context.createDatabase()).connect({ max: 2 })
    const office = await openOffice(database, directory)
    context.defer(async () => office.close())
    context.say(`syncing ${context.size} accounts`)
    await office.sync()
    const { services, slug, owner } = office
    const caller = callerOf(services, { id: owner.userId, name: 'Ada Owner', email: owner.email })
    const asked = { organization: slug, kind: 'user_inventory' } as const
    const whole = await caller.evidence.population(asked)
    const search = whole.rows[0]?.name.slice(0, 3).toLowerCase() ?? ''
    const { found } = await caller.evidence.population({ ...asked, search })
    context.say(`“${search}” finds ${found} of ${whole.total}`)
    const first = oncePerRound(() => medianLatency(calls, () => caller.evidence.population(asked)))
    const searched = oncePerRound(() =>
      medianLatency(calls, () => caller.evidence.population({ ...asked, search })),
    )
    return {
      'slower of both': async round => Math.max(await first(round), await searched(round)),
      'first page': first,
      'prefix search': searched,
      'select 1': () => medianLatency(10 * calls, () => database.outsideTenant.execute(sql`select 1`)),
    }
  },
}

/** The same figure for every side of a round. */
function oncePerRound(measure: () => Promise<number>): Measure {
  const figures = new Map<number, Promise<number>>()
  return round => {
    const figure = figures.get(round) ?? measure()
    figures.set(round, figure)
    return figure
  }
}
