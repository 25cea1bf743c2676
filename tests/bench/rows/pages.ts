import { buildPagesIfNeeded } from '../../../scripts/build.ts'
import type { Bench, BenchContext } from '../bench.ts'
import { quantile } from '../figures.ts'
import { type Arrivals, openArrivals } from '../pages/arrivals.ts'
import { staticBytes, staticPage } from '../pages/static-routes.ts'
import type { Visitor } from '../pages/visitor.ts'
import { visitAsOwner } from '../pages/web.ts'
import { openFullOrganization } from '../past/month.ts'
import { rateOf } from '../timing.ts'

const users = 5_000
const visitors = 8
const seconds = 3

export const pages: Bench<'overview' | 'static page' | 'static bytes'> = {
  name: 'pages',
  measures: 'pages a second by 8 readers: a full organization’s overview, signed in',
  unit: '/s',
  subject: 'overview',
  comparisons: [{ baseline: 'static page', goal: 0.35, direction: 'at least' }],
  rounds: 5,
  warmUp: 2,
  async setUp(context) {
    const { visitor, overview, bytes } = await openOverview(context)
    const page = await sameSize(visitor, staticPage, bytes)
    const plain = await sameSize(visitor, staticBytes, bytes)
    const rate = (path: string, isSignedIn: boolean) => () =>
      rateOf(
        Array.from({ length: visitors }, () => () => visitor.get(path, { isSignedIn })),
        seconds,
      )
    return {
      overview: rate(overview, true),
      'static page': rate(page, false),
      'static bytes': rate(plain, false),
    }
  },
}

export const pagesTail: Bench<'p99' | 'p50'> = {
  name: 'pages-tail',
  measures: 'the same overview at half of its own maximum rate',
  unit: 'ms',
  subject: 'p99',
  comparisons: [{ baseline: 'p50', goal: 5, direction: 'at most' }],
  rounds: 5,
  warmUp: 1,
  async setUp(context) {
    const { visitor, overview } = await openOverview(context)
    const arrive = openArrivals(context)
    const times = new Map<number, readonly number[]>()
    const timesOf = async (round: number) => {
      const known = times.get(round) ?? (await arrive(await atHalf(visitor, overview)))
      times.set(round, known)
      return known
    }
    return {
      p99: async round => quantile(await timesOf(round), 0.99),
      p50: async round => quantile(await timesOf(round), 0.5),
    }
  },
}

/** A month of a full organization, its owner signed in, and the length of the overview. */
async function openOverview(context: BenchContext) {
  buildPagesIfNeeded()
  const database = await context.createDatabase()
  const organization = await openFullOrganization(context, database, users)
  // A server that was up for a while is done with what was written at once.
  const admin = database.connectPlain({ max: 1 })
  await admin`vacuum analyze`
  await admin`checkpoint`
  const visitor = await visitAsOwner(context, database, organization)
  const overview = `/o/${organization.slug}`
  const bytes = await visitor.get(overview)
  context.say(`the overview is ${Math.round(bytes / 1_000)} kB`)
  return { visitor, overview, bytes }
}

/** A static route's address with which it is as long. */
async function sameSize(visitor: Visitor, path: string, bytes: number): Promise<string> {
  const frame = await visitor.get(`${path}?bytes=0`, { isSignedIn: false })
  return `${path}?bytes=${bytes - frame}`
}

/** Visits at half of the rate that the server comes to, whatever it does. */
async function atHalf(visitor: Visitor, path: string): Promise<Arrivals> {
  const most = await rateOf(
    Array.from({ length: visitors }, () => () => visitor.get(path)),
    seconds,
  )
  const interval = 2_000 / most
  const { port, cookie } = visitor
  return { port, cookie, path, interval, count: Math.floor((1_000 * seconds) / interval) }
}
