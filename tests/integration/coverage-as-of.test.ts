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
import { jumpingClock } from '../support/entra.ts'
import { useServices } from '../support/services.ts'

const minute = 60_000
const hour = 60 * minute
const directories = ['aaaaaaaa-1111-4111-8111-111111111111', 'bbbbbbbb-2222-4222-8222-222222222222'] as const

type Step = { directory: number; pause: number } & (
  | { do: 'connect' | 'revoke' }
  | { do: 'come'; kinds: readonly EvidenceKind[] }
  | { do: 'stay away'; kind: EvidenceKind; reason: 'licence' | 'throttled'; times: number }
  | { do: 'judge'; controlId: ControlId; verdict: Verdict; change: { after: number; verdict: Verdict } | null }
)

const pause = fc.integer({ min: 1, max: 30 * 60 }).map(minutes => minutes * minute)
const directory = fc.integer({ min: 0, max: 1 })
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('connect', 'revoke'), directory, pause }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('come'),
      directory,
      pause,
      kinds: fc.oneof(fc.constant(evidenceKinds), fc.subarray([...evidenceKinds])),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('stay away'),
      directory,
      pause,
      kind: fc.constantFrom(...evidenceKinds),
      reason: fc.constantFrom('licence', 'throttled'),
      times: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('judge'),
      directory,
      pause,
      controlId: fc.constantFrom(...controlIds),
      verdict: fc.constantFrom('pass', ...verdicts),
      change: fc.option(
        fc.record({
          after: fc.integer({ min: 1, max: 40 * 60 }).map(minutes => minutes * minute),
          verdict: fc.constantFrom(...verdicts),
        }),
      ),
    }),
  },
)

const clock = jumpingClock()
const { services } = await useServices({ clock, entraOrigin: () => 'http://127.0.0.1:9' })
const { connectors, ledger } = services

it('coverage read from tables as of any moment is the coverage folded from the events up to it, and lies on the timeline', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 3, maxLength: 25 }),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 4, maxLength: 8 }),
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
    { numRuns: 25 },
  )
}, 120_000)

async function compare(organizationId: string, events: readonly RecordedEvent[], request: AsOfRequest) {
  const { read, asOf } = await ledger.query(organizationId, request, async (transaction, asOf) => ({
    asOf,
    read: await readCoverage(transaction, organizationId, asOf, connectors),
  }))
  const known = events.filter(event => event.position <= asOf.position)
  const folded = foldCoverage(known, { catalogue: read.catalogue, at: asOf.instant, absentKinds: () => [] })
  expect(shown(read.coverage)).toEqual(shown(folded))
}

async function compareTimeline(organizationId: string, events: readonly RecordedEvent[], instants: readonly Date[]) {
  const { timeline, catalogue } = await ledger.query(organizationId, { kind: 'now' }, async (transaction, asOf) => {
    const { sources, catalogue } = await readCoverage(transaction, organizationId, asOf, connectors)
    const timeline = await readTimeline(transaction, { organizationId, catalogue, sources, asOf, days: 366 })
    return { timeline, catalogue }
  })
  for (const at of instants.filter(instant => instant >= timeline.from)) {
    const known = events.filter(event => event.recordedAt <= at)
    const { percent } = foldCoverage(known, { catalogue, at, absentKinds: () => [] })
    const step = timeline.breakpoints.findLast(each => each.at <= at)
    expect({ at, percent: step?.value ?? 0 }).toEqual({ at, percent })
  }
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
    clock.jump(step.pause)
    const happened = eventsOf(organizationId, step, live)
    if (happened === null) continue
    await ledger.command(organizationId, 'system:test', async unit => {
      for (const { stream, event } of happened) await unit.append(stream, 'any', [event])
    })
  }
  return organizationId
}

/** What a step leads to; null where it cannot happen now. */
function eventsOf(organizationId: string, step: Step, live: Map<number, string>) {
  const externalTenantId = directories[step.directory] ?? directories[0]
  const sourceId = sourceIdOf(organizationId, 'entra', externalTenantId)
  const connectionId = live.get(step.directory)
  const event = (type: StreamReference['type'], id: string, event: DomainEvent) => ({ stream: { type, id }, event })
  if (step.do === 'connect') {
    if (connectionId !== undefined) return null
    const id = newId()
    live.set(step.directory, id)
    return [event('connection', id, connected(id, sourceId, externalTenantId))]
  }
  if (connectionId === undefined) return null
  const of = { connectionId, sourceId }
  switch (step.do) {
    case 'revoke':
      live.delete(step.directory)
      return [event('connection', connectionId, { type: 'ConnectionRevoked', payload: { ...of, destroyed: [] } })]
    case 'come':
      return step.kinds.map(kind => event('evidence', newId(), reaffirmed({ ...of, kind })))
    case 'stay away':
      return Array.from({ length: step.times }, () => event('evidence', newId(), absent(of, step.kind, step.reason)))
    case 'judge': {
      const { controlId, verdict, change } = step
      const changes = change
        ? [{ at: new Date(clock.now().getTime() + change.after).toISOString(), verdict: change.verdict, reasons: [] }]
        : []
      const population = { inScope: 0, pass: 0, fail: 0, noData: 0 }
      const payload = { ...of, controlId, catalogueVersion: 1, verdict, reasons: [], population, inputs: '', changes }
      return [event('control', newId(), { type: 'ControlEvaluated', payload })]
    }
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

const absent = (of: Of, kind: EvidenceKind, reason: 'licence' | 'throttled'): DomainEvent => ({
  type: 'EvidenceUnavailable',
  payload: { ...of, runId: newId(), kind, reason, explanation: '', status: null, code: null, requestId: null },
})

async function allEvents(organizationId: string): Promise<RecordedEvent[]> {
  return ledger.query(organizationId, { kind: 'now' }, async (transaction, { position }) => {
    const events: RecordedEvent[] = []
    for await (const page of replay(transaction, organizationId, { upTo: position })) events.push(...page)
    return events
  })
}
