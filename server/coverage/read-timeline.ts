import type { Transaction } from '../../db/client.ts'
import { catalogue as catalogueOf, kindsInUse } from '../domain/control/catalogue.ts'
import type { Catalogue } from '../domain/control/definition.ts'
import type { CoverageHistory, SuccessChain } from '../domain/coverage/history.ts'
import { outages } from '../domain/coverage/outages.ts'
import { type Breakpoint, coverageTimeline } from '../domain/coverage/timeline.ts'
import { type CoveragePlot, coveragePlot, type Outage as PlotOutage } from '../domain/plots/coverage-plot.ts'
import type { AsOf } from '../ledger/position-at.ts'
import { type CatalogueStretch, catalogueStretches } from './catalogue-stretches.ts'
import { readHistory } from './read-history.ts'
import type { Source } from './read-sources.ts'

const hour = 3_600_000
const day = 24 * hour

export interface Timeline {
  /** Nothing was connected before. */
  readonly from: Date
  readonly to: Date
  readonly breakpoints: readonly Breakpoint[]
  readonly outages: readonly PlotOutage[]
}

/** Coverage over the days before the asked instant, as it was known as of the position. */
export async function readTimeline(
  transaction: Transaction,
  options: {
    organizationId: string
    catalogue: Catalogue
    sources: readonly Source[]
    asOf: Pick<AsOf, 'instant' | 'position'>
    days: number
  },
): Promise<Timeline> {
  const { organizationId, catalogue, sources, asOf, days } = options
  const to = asOf.instant
  const connectedAt = Math.min(...sources.map(source => source.since.getTime()))
  const from = new Date(Math.max(to.getTime() - days * day, Math.min(connectedAt, to.getTime())))
  if (sources.length === 0 || from >= to) return { from, to, breakpoints: [], outages: [] }
  const position = asOf.position
  const asked = { organizationId, position, from, to }
  const [history, stretches] = await Promise.all([
    readHistory(transaction, { ...asked, catalogue, sources }),
    catalogueStretches(transaction, asked),
  ])
  return {
    from,
    to,
    breakpoints: breakpointsOf(history, stretches),
    outages: labelledOutages(history, sources, from, to),
  }
}

/** Each stretch is judged by the version of the catalogue that was in force: verdicts of all of them are in the history. */
function breakpointsOf(history: CoverageHistory, stretches: readonly CatalogueStretch[]): Breakpoint[] {
  const steps = stretches.flatMap(({ version, from, to }) =>
    coverageTimeline({ ...history, catalogue: catalogueOf(version), from, to }),
  )
  return steps.filter((step, index) => step.value !== steps[index - 1]?.value)
}

/** The stretches between `from` and `to` in which something that was due did not come. */
export async function readOutages(
  transaction: Transaction,
  options: { organizationId: string; sources: readonly Source[]; position: number; from: Date; to: Date },
): Promise<PlotOutage[]> {
  const { sources, from, to } = options
  if (sources.length === 0 || from >= to) return []
  const history = await readHistory(transaction, { ...options, catalogue: noControls })
  return labelledOutages(history, sources, from, to)
}

/** Outages ask for no verdicts. */
const noControls: Catalogue = { version: 0, criteria: [], controls: [], waiting: [] }

/**
 * The steps as people read them: what one run leads to is recorded within a second, event by event, and told as one
 * step.
 */
export function readableSteps({ breakpoints }: Pick<Timeline, 'breakpoints'>): Breakpoint[] {
  const settled = breakpoints.filter((step, index) => {
    const next = breakpoints[index + 1]
    return next === undefined || next.at.getTime() - step.at.getTime() >= 1_000
  })
  return settled.filter((step, index) => step.value !== settled[index - 1]?.value)
}

/** The plot of a timeline: at least a day wide, so that the first hours have room. */
export function timelinePlot(timeline: Timeline): CoveragePlot {
  const { from, to, outages: silent } = timeline
  const axisFrom = new Date(Math.min(from.getTime(), to.getTime() - day))
  return coveragePlot({ breakpoints: readableSteps(timeline), outages: [...silent], from: axisFrom, to })
}

function labelledOutages(
  history: CoverageHistory,
  sources: readonly Source[],
  from: Date,
  to: Date,
): PlotOutage[] {
  const connections = sources.flatMap(({ sourceId, lives }) => lives.map(life => ({ ...life, sourceId })))
  const found = outages({ ...history, connections, kinds: kindsInUse(history.catalogue), from, to })
  return found.map(outage => labelled(outage, history.successChains, from))
}

/** The kinds of one run come within it, one after the other. */
const longestRun = 15 * 60_000

/** Where nothing at all came, the outage is told from the last success on, and not from where it began to count. */
function labelled(outage: { from: Date; to: Date }, chains: readonly SuccessChain[], from: Date): PlotOutage {
  const recovery = outage.to.getTime() - longestRun
  const cameSomething = chains.some(chain => chain.firstAt.getTime() < recovery && chain.lastAt > outage.from)
  if (cameSomething) return { ...outage, label: `partly no data, ${lengthOf(outage)}` }
  const before = chains.map(chain => chain.lastAt.getTime()).filter(at => at <= outage.from.getTime())
  const last = before.length === 0 ? outage.from.getTime() : Math.max(...before)
  const whole = { from: new Date(last), to: outage.to }
  return {
    from: whole.from > from ? whole.from : from,
    to: outage.to,
    label: `no sync, ${lengthOf(whole)}`,
  }
}

function lengthOf({ from, to }: { from: Date; to: Date }): string {
  const length = to.getTime() - from.getTime()
  return length < 3 * day ? `${Math.max(1, Math.round(length / hour))} h` : `${Math.round(length / day)} days`
}
