import fc from 'fast-check'
import { expect, it } from 'vitest'
import { foldCoverage } from '../../server/coverage/fold-coverage.ts'
import { readCoverage } from '../../server/coverage/read-coverage.ts'
import { readTimeline } from '../../server/coverage/read-timeline.ts'
import { type ControlId, controlIds } from '../../server/domain/control/definition.ts'
import { type Verdict, verdicts } from '../../server/domain/control/judgement.ts'
import type { Coverage } from '../../server/domain/coverage/coverage.ts'
import type { DomainEvent } from '../../server/domain/events.ts'
import { type EvidenceKind, evidenceKinds } from '../../server/domain/evidence/kinds.ts'
import { newId, sourceIdOf } from '../../server/ledger/ids.ts'
import type { AsOfRequest } from '../../server/ledger/position-at.ts'
import { replay } from '../../server/ledger/read.ts'
import type { RecordedEvent, StreamReference } from '../../server/ledger/recorded-event.ts'
import { registerOrganization } from '../../server/members/register-organization.ts'
import { createFold } from '../../server/projections/fold/fold.ts'
import { jumpingClock } from '../support/entra.ts'
import { useServices } from '../support/services.ts'

const minute = 60_000
const hour = 60 * minute
const directories = ['aaaaaaaa-1111-4111-8111-111111111111', 'bbbbbbbb-2222-4222-8222-222222222222'] as const

type Reason = 'licence' | 'throttled'

type Step = { directory: number; pause: number } & (
  | { do: 'connect' | 'revoke' }
  | { do: 'run'; times: number; away: { kind: EvidenceKind; reason: Reason } | null }
  | { do: 'judge'; controls: readonly ControlId[]; verdict: Verdict; change: Change | null }
)
type Change = { after: number; verdict: Verdict }

const minutes = (least: number, most: number) =>
  fc.integer({ min: least, max: most }).map(count => count * minute)
const pause = fc.oneof(
  { weight: 5, arbitrary: minutes(1, 3 * 60) },
  { weight: 2, arbitrary: minutes(3 * 60, 30 * 60) },
)
// Most happens in the first directory: two of them rarely pass together.
const directory = fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constant(1) })
const verdict: fc.Arbitrary<Verdict> = fc.oneof(
  { weight: 3, arbitrary: fc.constant('pass' as const) },
  { weight: 1, arbitrary: fc.constantFrom(...verdicts) },
)
const absence = fc.record({
  kind: fc.constantFrom(...evidenceKinds),
  reason: fc.constantFrom<Reason>('licence', 'licence', 'throttled'),
})
const change: fc.Arbitrary<Change> = fc.record({
  after: minutes(1, 40 * 60),
  verdict: fc.constantFrom(...verdicts),
})

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('connect', 'revoke'), directory, pause }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('run'),
      directory,
      pause,
      times: fc.integer({ min: 1, max: 5 }),
      away: fc.option(absence),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('judge'),
      directory,
      pause,
      controls: fc.oneof(fc.constant(controlIds), fc.subarray([...controlIds])),
      verdict,
      change: fc.option(change, { freq: 2 }),
    }),
  },
)

/** Without these most generated pasts would know nothing. */
const beginning: readonly Step[] = [
  { do: 'connect', directory: 0, pause: minute },
  { do: 'run', directory: 0, pause: minute, times: 1, away: null },
  { do: 'judge', directory: 0, pause: minute, controls: controlIds, verdict: 'pass', change: null },
]

const clock = jumpingClock()
const { services } = await useServices({ clock, entraOrigin: () => 'http://127.0.0.1:9' })
const { connectors, ledger } = services

it('coverage read from tables as of any moment is the coverage folded from the events up to it, and lies on the timeline', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 3, maxLength: 25 }).map(steps => [...beginning, ...steps]),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 8, maxLength: 12 }),
      async (steps, places) => {
        const organizationId = await play(steps)
        const events = await allEvents(organizationId)
        const first = events[0]?.recordedAt ?? clock.now()
        clock.jump(7 * hour)
        const span = clock.now().getTime() - first.getTime()
        const instants = places.map(place => new Date(first.getTime() + Math.round(place * span)))
        const positions = places.map(place => Math.round(place * (events.length - 1)))
        const requests: AsOfRequest[] = [
          { kind: 'now' },
          ...instants.map(instant => ({ kind: 'instant' as const, instant })),
          ...positions.map(position => ({ kind: 'position' as const, position })),
        ]
        for (const request of requests) await compare(organizationId, events, request)
        await compareTimeline(organizationId, events, instants)
      },
    ),
    { numRuns: 15 },
  )
}, 120_000)

async function compare(organizationId: string, events: readonly RecordedEvent[], request: AsOfRequest) {
  const { read, asOf } = await ledger.query(organizationId, request, async (transaction, asOf) => ({
    asOf,
    read: await readCoverage(transaction, organizationId, asOf, connectors),
  }))
  const known = events.filter(event => event.position <= asOf.position)
  const reference = foldCoverage(folded(known), {
    catalogue: read.catalogue,
    at: asOf.instant,
    absentKinds: () => [],
  })
  expect(shown(read.coverage)).toEqual(shown(reference))
}

async function compareTimeline(
  organizationId: string,
  events: readonly RecordedEvent[],
  instants: readonly Date[],
) {
  const { timeline, catalogue } = await ledger.query(
    organizationId,
    { kind: 'now' },
    async (transaction, asOf) => {
      const { sources, catalogue } = await readCoverage(transaction, organizationId, asOf, connectors)
      const timeline = await readTimeline(transaction, {
        organizationId,
        catalogue,
        sources,
        asOf,
        days: 366,
      })
      return { timeline, catalogue }
    },
  )
  for (const at of instants.filter(instant => instant >= timeline.from)) {
    const known = events.filter(event => event.recordedAt <= at)
    const { percent } = foldCoverage(folded(known), { catalogue, at, absentKinds: () => [] })
    const step = timeline.breakpoints.findLast(each => each.at <= at)
    expect({ at, percent: step?.value ?? 0 }).toEqual({ at, percent })
  }
}

function folded(events: readonly RecordedEvent[]) {
  const fold = createFold({ keepsPast: false })
  for (const event of events) fold.apply(event)
  return fold
}

const shown = ({ percent, parts, controls, criteria }: Coverage) => ({
  percent,
  parts,
  criteria: criteria.map(each => [each.criterion, each.percent]),
  controls: controls.map(({ controlId, verdict, freshness }) => ({ controlId, verdict, freshness })),
})

async function play(steps: readonly Step[]): Promise<string> {
  const { organizationId } = await registerOrganization(services, {
    userId: newId(),
    name: 'Generated past',
    simulated: true,
  })
  const live = new Map<number, string>()
  for (const step of steps) {
    for (let time = 0; time < (step.do === 'run' ? step.times : 1); time++) {
      clock.jump(step.pause)
      const happened = eventsOf(organizationId, step, live)
      await ledger.command(organizationId, 'system:test', async unit => {
        for (const { stream, event } of happened) await unit.append(stream, 'any', [event])
      })
    }
  }
  return organizationId
}

/** What a step leads to: nothing where it cannot happen now. */
function eventsOf(organizationId: string, step: Step, live: Map<number, string>) {
  const externalTenantId = directories[step.directory] ?? directories[0]
  const sourceId = sourceIdOf(organizationId, 'entra', externalTenantId)
  const connectionId = live.get(step.directory)
  const event = (type: StreamReference['type'], id: string, event: DomainEvent) => ({
    stream: { type, id },
    event,
  })
  if (step.do === 'connect') {
    if (connectionId !== undefined) return []
    const id = newId()
    live.set(step.directory, id)
    return [event('connection', id, connected(id, sourceId, externalTenantId))]
  }
  if (connectionId === undefined) return []
  const of = { connectionId, sourceId }
  switch (step.do) {
    case 'revoke':
      live.delete(step.directory)
      return [
        event('connection', connectionId, { type: 'ConnectionRevoked', payload: { ...of, destroyed: [] } }),
      ]
    case 'run':
      return evidenceKinds.map(kind =>
        event(
          'evidence',
          newId(),
          step.away?.kind === kind ? absent(of, kind, step.away.reason) : reaffirmed({ ...of, kind }),
        ),
      )
    case 'judge':
      return step.controls.map(controlId => event('control', newId(), judged(of, controlId, step)))
  }
}

interface Of {
  connectionId: string
  sourceId: string
}

const connected = (connectionId: string, sourceId: string, externalTenantId: string): DomainEvent => ({
  type: 'ConnectionConnected',
  payload: {
    connectionId,
    sourceId,
    connector: 'entra',
    externalTenantId,
    clientId: newId(),
    cloud: 'global',
    secretExpiresOn: null,
    grantedScopes: [],
    missingScopes: [],
    excessScopes: [],
    authorizedBy: newId(),
  },
})

const reaffirmed = (of: Of & { kind: EvidenceKind }): DomainEvent => ({
  type: 'EvidenceReaffirmed',
  payload: {
    ...of,
    runId: newId(),
    evidenceId: newId(),
    fingerprint: '0'.repeat(64),
    itemCount: 0,
    collectedFrom: clock.now().toISOString(),
    collectedTo: clock.now().toISOString(),
    requestIds: [],
  },
})

const judged = (
  of: Of,
  controlId: ControlId,
  { verdict, change }: { verdict: Verdict; change: Change | null },
): DomainEvent => ({
  type: 'ControlEvaluated',
  payload: {
    ...of,
    controlId,
    catalogueVersion: 1,
    verdict,
    reasons: [],
    population: { inScope: 0, pass: 0, fail: 0, noData: 0 },
    inputs: '',
    changes: change
      ? [
          {
            at: new Date(clock.now().getTime() + change.after).toISOString(),
            verdict: change.verdict,
            reasons: [],
          },
        ]
      : [],
  },
})

const absent = (of: Of, kind: EvidenceKind, reason: Reason): DomainEvent => ({
  type: 'EvidenceUnavailable',
  payload: {
    ...of,
    runId: newId(),
    kind,
    reason,
    explanation: '',
    status: null,
    code: null,
    requestId: null,
  },
})

async function allEvents(organizationId: string): Promise<RecordedEvent[]> {
  return ledger.query(organizationId, { kind: 'now' }, async (transaction, { position }) => {
    const events: RecordedEvent[] = []
    for await (const page of replay(transaction, organizationId, { upTo: position })) events.push(...page)
    return events
  })
}
