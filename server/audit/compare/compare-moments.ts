import type { Transaction } from '../../../db/client.ts'
import { listedControl, namesOf } from '../../coverage/list-controls.ts'
import { type KnownCoverage, readCoverage } from '../../coverage/read-coverage.ts'
import { sourceLabels } from '../../coverage/source-labels.ts'
import type { ControlState } from '../../domain/coverage/control-timeline.ts'
import type { CoverageParts } from '../../domain/coverage/coverage.ts'
import type { AsOf } from '../../ledger/position-at.ts'
import type { Services } from '../../services.ts'
import { type ChangedConnection, changedConnections } from './changed-connections.ts'
import {
  type Changed,
  type ChangedAlert,
  type ChangedException,
  changedAlerts,
  changedExceptions,
} from './changed-decisions.ts'
import { type ChangedMember, changedMembers } from './changed-members.ts'
import { type ChangedPopulation, changedPopulations } from './changed-populations.ts'

/** What stood otherwise at one moment than at another: the earlier is `before`, the later `after`. */
export interface Comparison {
  coverage: { before: CoverageThen; after: CoverageThen }
  controls: ChangedControl[]
  /** Controls that stood the same, for the same reason. */
  sameControls: number
  populations: ChangedPopulation[]
  connections: ChangedConnection[]
  members: ChangedMember[]
  exceptions: Changed<ChangedException>
  alerts: Changed<ChangedAlert>
}

interface CoverageThen {
  percent: number
  parts: CoverageParts
}

interface ChangedControl {
  id: string
  title: string
  before: ControlThen | null
  after: ControlThen | null
}

interface ControlThen {
  state: ControlState
  words: string
  because: string
}

/** Compares everything that the product shows at two moments of an organization, each by the rules in force there. */
export async function compareMoments(
  services: Pick<Services, 'database' | 'connectors'>,
  transaction: Transaction,
  organizationId: string,
  before: AsOf,
  after: AsOf,
): Promise<Comparison> {
  const { connectors } = services
  const old = await readCoverage(transaction, organizationId, before, connectors)
  const current = await readCoverage(transaction, organizationId, after, connectors)
  const controls = await changedControls(
    transaction,
    organizationId,
    { asOf: before, known: old },
    {
      asOf: after,
      known: current,
    },
  )
  const labels = await sourceLabels(transaction, organizationId, after.position, current.sources)
  const interval = { before: before.position, after: after.position }
  return {
    coverage: { before: coverageThen(old), after: coverageThen(current) },
    controls: controls.filter(isChanged),
    sameControls: controls.filter(control => !isChanged(control)).length,
    populations: await changedPopulations(transaction, organizationId, interval, labels),
    connections: changedConnections(old.sources, current.sources, labels),
    members: await changedMembers(services, transaction, organizationId, interval),
    exceptions: await changedExceptions(transaction, organizationId, { before, after }),
    alerts: await changedAlerts(services, transaction, organizationId, { before, after }),
  }
}

const coverageThen = ({ coverage: { percent, parts } }: KnownCoverage): CoverageThen => ({ percent, parts })

interface Then {
  asOf: AsOf
  known: KnownCoverage
}

async function changedControls(
  transaction: Transaction,
  organizationId: string,
  before: Then,
  after: Then,
): Promise<ChangedControl[]> {
  const thenBy = async ({ asOf, known }: Then) => {
    const nameOf = await namesOf(transaction, organizationId, asOf, known)
    return new Map(
      known.catalogue.controls.flatMap(({ id }) =>
        listedControl(known, id, nameOf).map(control => [id as string, control] as const),
      ),
    )
  }
  const old = await thenBy(before)
  const current = await thenBy(after)
  return [...new Set([...old.keys(), ...current.keys()])].flatMap(id => {
    const title = current.get(id)?.title ?? old.get(id)?.title
    return title === undefined
      ? []
      : [{ id, title, before: controlThen(old.get(id)), after: controlThen(current.get(id)) }]
  })
}

const controlThen = (control: (ControlThen & object) | undefined): ControlThen | null =>
  control ? { state: control.state, words: control.words, because: control.because } : null

const isChanged = ({ before, after }: ChangedControl) =>
  before?.state !== after?.state || before?.words !== after?.words || before?.because !== after?.because
