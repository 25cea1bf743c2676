import type { Transaction } from '../../../db/client.ts'
import { namesOf } from '../../coverage/list-controls.ts'
import { readHistory } from '../../coverage/read-history.ts'
import { readSteps } from '../../coverage/read-steps.ts'
import { readableSteps, readOutages } from '../../coverage/read-timeline.ts'
import { sourcesSince } from '../../coverage/sources-since.ts'
import { type ControlState, controlTimeline } from '../../domain/coverage/control-timeline.ts'
import type { Breakpoint } from '../../domain/coverage/timeline.ts'
import { type CoveragePlot, coveragePlot } from '../../domain/plots/coverage-plot.ts'
import { type VerdictTimeline, verdictTimeline } from '../../domain/plots/verdict-timeline.ts'
import type { Services } from '../../services.ts'
import type { ArchiveScope } from '../archive-scope.ts'
import { type Findings, readFindings } from '../findings.ts'

/** What the summary shows. */
export interface SummaryData {
  readonly findings: Findings
  /** Names of the policies and accounts that reasons speak of. */
  readonly nameOf: (id: string) => string
  readonly plot: CoveragePlot
  /** By control. */
  readonly timelines: ReadonlyMap<string, VerdictTimeline<ControlState>>
}

const day = 86_400_000
/** A plot shows this much at most: more would be a line of ink. */
const longestPlot = 366 * day

export async function readSummary(
  services: Pick<Services, 'database' | 'connectors'>,
  scope: ArchiveScope,
): Promise<SummaryData> {
  const { organizationId, asOf } = scope
  const findings = await readFindings(services, scope)
  const stretch = stretchOf(findings)
  const breakpoints: Breakpoint[] = []
  const { sources } = findings.known
  const steps = readSteps(services.database, { organizationId, sources, position: asOf.position, ...stretch })
  for await (const { at, percent } of steps) breakpoints.push({ at, value: percent })
  return services.database.withOrganization(organizationId, async transaction => ({
    findings,
    nameOf: await namesOf(transaction, organizationId, asOf, findings.known),
    plot: coveragePlot({
      breakpoints: readableSteps({ breakpoints }),
      outages: await outagesOf(transaction, findings, stretch),
      ...widened(stretch),
    }),
    timelines: await timelinesOf(transaction, findings, stretch),
  }))
}

interface Stretch {
  from: Date
  to: Date
}

const stretchOf = ({ from, scope }: Findings): Stretch => {
  const to = scope.asOf.instant
  return { from: new Date(Math.max(from.getTime(), to.getTime() - longestPlot)), to }
}

/** At least a day wide, so that the first hours have room. */
const widened = ({ from, to }: Stretch): Stretch => ({
  from: new Date(Math.min(from.getTime(), to.getTime() - day)),
  to,
})

async function outagesOf(transaction: Transaction, { scope, known }: Findings, stretch: Stretch) {
  const sources = sourcesSince(known.sources, stretch.from)
  const { organizationId, asOf } = scope
  return readOutages(transaction, { organizationId, sources, position: asOf.position, ...stretch })
}

async function timelinesOf(
  transaction: Transaction,
  { scope, known }: Findings,
  stretch: Stretch,
): Promise<Map<string, VerdictTimeline<ControlState>>> {
  const { catalogue, sources } = known
  const { organizationId, asOf } = scope
  const history = await readHistory(transaction, {
    organizationId,
    catalogue,
    sources,
    position: asOf.position,
    ...stretch,
  })
  const frame = widened(stretch)
  return new Map(
    catalogue.controls.map(({ id }) => [
      id,
      verdictTimeline({ changes: controlTimeline({ ...history, ...stretch }, id), ...frame }),
    ]),
  )
}
