import fc from 'fast-check'
import { expect } from 'vitest'
import type { Transaction } from '../../db/client.ts'
import { decisionsOf, recordOf } from '../../server/coverage/decisions-of.ts'
import { foldCoverage } from '../../server/coverage/fold-coverage.ts'
import { readCoverage } from '../../server/coverage/read-coverage.ts'
import { readTimeline } from '../../server/coverage/read-timeline.ts'
import { loadDecisions } from '../../server/coverage/source-decisions.ts'
import { listExceptions } from '../../server/decisions/list-exceptions.ts'
import { catalogue } from '../../server/domain/control/catalogue.ts'
import { decisionsText } from '../../server/domain/control/decisions.ts'
import type { Coverage } from '../../server/domain/coverage/coverage.ts'
import { exceptionsAt } from '../../server/domain/exception/exceptions-at.ts'
import type { AsOf, AsOfRequest } from '../../server/ledger/position-at.ts'
import { replay } from '../../server/ledger/read.ts'
import { digestAsOf } from '../../server/projections/digest-as-of.ts'
import { digestOf } from '../../server/projections/fold/digest.ts'
import type { Fold } from '../../server/projections/fold/fold.ts'
import { reducedNames } from '../../server/projections/fold/reducers.ts'
import { rowsAsOf } from '../../server/projections/fold/rows-as-of.ts'
import { foldLedger } from '../../server/projections/fold-ledger.ts'
import { jumpingClock } from '../support/entra.ts'
import { histories } from '../support/histories.ts'
import { testLaw } from '../support/law.ts'
import { playHistory } from '../support/play-history.ts'
import { everyRow } from '../support/projection-rows.ts'
import { useServices } from '../support/services.ts'

const hour = 3_600_000
const clock = jumpingClock()
const { services } = await useServices({ clock, entraOrigin: () => 'http://127.0.0.1:9' })
const { connectors, ledger } = services

interface Place {
  /** How far from the first event to now. */
  share: number
  /** That very instant, or this many milliseconds from the event before it. */
  off: 'there' | -1 | 0 | 1
}

const place: fc.Arbitrary<Place> = fc.record({
  // Doubles would come by their exponents: nearly all at the two ends.
  share: fc.integer({ min: 0, max: 10_000 }).map(part => part / 10_000),
  off: fc.constantFrom<Place['off'][]>('there', -1, 0, 1),
})

testLaw(
  'of any moment of any past the tables say what a fold of the events up to it says',
  fc.asyncProperty(
    histories({ minLength: 2, maxLength: 20 }),
    fc.array(place, { minLength: 5, maxLength: 7 }),
    async (steps, places) => {
      const organizationId = await playHistory({ ledger, clock }, steps)
      clock.jump(7 * hour)
      const past = await readPast(organizationId)
      await compareRows(past)
      await compareMoment(past, { kind: 'now' })
      for (const place of places) {
        const instant = instantAt(place, past)
        if (instant < past.from) await refuses(past, { kind: 'instant', instant })
        else await compareMoment(past, { kind: 'instant', instant })
        const position = Math.round(place.share * past.fold.position)
        await compareMoment(past, { kind: 'position', position })
      }
      await refuses(past, { kind: 'position', position: past.fold.position + 1 })
      await refuses(past, { kind: 'instant', instant: new Date(clock.now().getTime() + 1) })
      await compareTimeline(past, places)
    },
  ),
  { runs: 20, seconds: 120 },
)

/** A played past: when each event was recorded, and all of it folded, with what is past by now. */
interface Past {
  organizationId: string
  from: Date
  recordedAt: readonly Date[]
  fold: Fold
}

async function readPast(organizationId: string): Promise<Past> {
  return ledger.query(organizationId, { kind: 'now' }, async (transaction, { position: upTo }) => {
    const recordedAt: Date[] = []
    for await (const page of replay(transaction, organizationId, { upTo })) {
      recordedAt.push(...page.map(event => event.recordedAt))
    }
    const fold = await foldLedger(transaction, organizationId, { upTo, keepsPast: true })
    return { organizationId, recordedAt, from: recordedAt[0] ?? clock.now(), fold }
  })
}

function instantAt({ share, off }: Place, { from, recordedAt }: Past): Date {
  const there = from.getTime() + Math.round(share * (clock.now().getTime() - from.getTime()))
  if (off === 'there') return new Date(there)
  const before = recordedAt.findLast(at => at.getTime() <= there) ?? from
  return new Date(before.getTime() + off)
}

/** Row by row, with where each began and ended. */
async function compareRows({ organizationId, fold }: Past) {
  const stored = await ledger.query(organizationId, { kind: 'now' }, transaction =>
    everyRow(transaction, organizationId),
  )
  for (const name of [...reducedNames, 'membership'] as const) {
    expect({ [name]: stored[name] }).toEqual({ [name]: fold.rows(name) })
  }
}

async function compareMoment({ organizationId, fold }: Past, request: AsOfRequest) {
  await ledger.query(organizationId, request, async (transaction, asOf) => {
    const { position, instant: at } = asOf
    const upToThere = await foldLedger(transaction, organizationId, { upTo: position })
    const reference = digestOf(upToThere, position)
    expect(await digestAsOf(transaction, organizationId, position)).toEqual(reference)
    expect(digestOf(rowsAsOf(fold, position), position)).toEqual(reference)
    const read = await readCoverage(transaction, organizationId, asOf, connectors)
    await compareDecisions(transaction, organizationId, asOf, upToThere)
    const folded = foldCoverage(upToThere, { catalogue: read.catalogue, at, absentKinds: () => [] })
    expect(shown(read.coverage)).toEqual(shown(folded))
  })
}

/** Where every exception stands, and what a rule would be given, by the tables and by the fold. */
async function compareDecisions(
  transaction: Transaction,
  organizationId: string,
  { instant, position, isNow }: AsOf,
  fold: Fold,
) {
  const listed = await listExceptions(services, transaction, organizationId, { instant, position }, {})
  const folded = exceptionsAt(fold.rows('exception').map(recordOf), instant)
  const inOrder = (all: readonly { exceptionId: string; state: string }[]) =>
    all.map(({ exceptionId, state }) => `${exceptionId} ${state}`).sort()
  expect(inOrder(listed)).toEqual(inOrder(folded))
  if (!isNow) return
  for (const { sourceId } of fold.rows('connection')) {
    const asked = { catalogue: catalogue(2), sourceId }
    const stored = await loadDecisions(transaction, organizationId, asked)
    expect(decisionsText(stored)).toEqual(decisionsText(decisionsOf(fold, asked.catalogue, sourceId)))
  }
}

async function refuses({ organizationId }: Past, request: AsOfRequest) {
  const answer = ledger.query(organizationId, request, async () => 'an answer')
  await expect(answer).rejects.toMatchObject({ code: 'bad_input' })
}

async function compareTimeline(past: Past, places: readonly Place[]) {
  const { organizationId, fold, recordedAt } = past
  const timeline = await ledger.query(organizationId, { kind: 'now' }, async (transaction, asOf) => {
    const { sources, catalogue } = await readCoverage(transaction, organizationId, asOf, connectors)
    return readTimeline(transaction, { organizationId, catalogue, sources, asOf, days: 366 })
  })
  for (const at of places.map(place => instantAt(place, past)).filter(instant => instant >= timeline.from)) {
    const standing = rowsAsOf(
      fold,
      recordedAt.findLastIndex(recorded => recorded <= at),
    )
    const [profile] = standing.rows('organizationProfile')
    const inForce = catalogue(profile?.catalogueVersion ?? 0)
    const { percent } = foldCoverage(standing, { catalogue: inForce, at, absentKinds: () => [] })
    const step = timeline.breakpoints.findLast(each => each.at <= at)
    expect({ at, percent: step?.value ?? 0 }).toEqual({ at, percent })
  }
}

const shown = ({ percent, parts, controls, criteria }: Coverage) => ({ percent, parts, controls, criteria })
