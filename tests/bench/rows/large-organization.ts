import { callerOf } from '../../support/caller.ts'
import type { Bench, BenchContext } from '../bench.ts'
import { median } from '../figures.ts'
import { type Page, pagesOf } from '../pages/made-of.ts'
import { type FullOrganization, openFullOrganization, openOldOrganization } from '../past/month.ts'
import { millisecondsOf } from '../timing.ts'

const users = 5_000
const eventsAnAccount = 10
const calls = 7
/** How often all pages are gone through in a round: a busy moment is then not all that a page was measured in. */
const sweeps = 3

/** Each page's ratio of one round. */
type Ratios = ReadonlyMap<string, number>

export const largeOrganization: Bench<'slowest page' | 'median page'> = {
  name: 'large-organization',
  measures: 'pages of an organization with 1,000,000 events and 100,000 accounts, each against 5,000 users',
  unit: '×',
  subject: 'slowest page',
  comparisons: [{ baseline: null, goal: 2, direction: 'at most' }],
  rounds: 3,
  warmUp: 1,
  size: { of: 'events', usual: 1_000_000, growth: [100_000, 1_000_000] },
  async setUp(context) {
    const full = await openPages(context, database => openFullOrganization(context, database, users))
    const large = await openPages(context, database =>
      openOldOrganization(context, database, {
        users: Math.ceil(context.size / eventsAnAccount),
        events: context.size,
      }),
    )
    const rounds = new Map<number, Promise<Ratios>>()
    const ratiosOf = (round: number) => {
      const ratios = rounds.get(round) ?? compare(context, large, full)
      rounds.set(round, ratios)
      return ratios
    }
    return {
      'slowest page': async round => Math.max(...(await ratiosOf(round)).values()),
      'median page': async round => median([...(await ratiosOf(round)).values()]),
    }
  },
}

type Pages = ReadonlyMap<string, Page>

async function openPages(
  context: BenchContext,
  open: (database: Awaited<ReturnType<BenchContext['createDatabase']>>) => Promise<FullOrganization>,
): Promise<Pages> {
  const { services, slug, owner } = await open(await context.createDatabase())
  return pagesOf(callerOf(services, { id: owner.userId, name: 'Ada Owner', email: owner.email }), slug)
}

async function compare(context: BenchContext, large: Pages, full: Pages): Promise<Ratios> {
  const measured = new Map<string, Times>()
  for (let sweep = 0; sweep < sweeps; sweep++) {
    for (const [name, page] of large) {
      context.signal.throwIfAborted()
      const same = full.get(name)
      if (!same) continue
      const times = measured.get(name) ?? [[], []]
      measured.set(name, times)
      await alternate(page, same, times)
    }
  }
  const ratios = new Map<string, number>()
  for (const [name, times] of measured) {
    const [inLarge, inFull] = [median(times[0]), median(times[1])]
    ratios.set(name, inLarge / inFull)
    const [own, other] = [inLarge, inFull].map(time => `${time.toFixed(1)} ms`)
    context.say(`${name}: ${own}, ${other}, ${(inLarge / inFull).toFixed(2)} ×`)
  }
  return ratios
}

type Times = [inLarge: number[], inFull: number[]]

/** Call by call in turn: a page takes so long that the machine may be busy for all calls of one. */
async function alternate(one: Page, other: Page, times: Times): Promise<void> {
  for (let call = 0; call < calls; call++) {
    times[0].push(await millisecondsOf(one))
    times[1].push(await millisecondsOf(other))
  }
}
