import { and, asc, eq, gte, inArray, lte, or, sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { events } from '../../db/schema/ledger.ts'
import { describeEvent } from '../domain/describe-event.ts'
import type { EventType } from '../domain/events.ts'
import { decodeEvent } from '../ledger/decode.ts'
import type { AsOf } from '../ledger/position-at.ts'
import type { PeriodStart } from '../members/auditor-period.ts'
import { timeMoments } from './time-moments.ts'

/** A moment worth stopping at when looking back. */
export interface Stop {
  /** `<instant>@<position>`: what the address carries. */
  text: string
  at: Date
  position: number
  /** What happened there. */
  label: string
}

const mostStops = 200
const reach = 30 * 86_400_000
/** What a run records closer together than this is one happening: its evidence and the verdicts it led to. */
const sameHappening = 2_000
const ofRuns: readonly string[] = [
  'ReauthorizationRequired',
  'GrantedScopesChanged',
  'ControlEvaluated',
  'SyncFailed',
  'EvidenceAttached',
] satisfies EventType[]

/** Types that matter to who looks back, the weightiest first. Reaffirmations change nothing that is shown. */
const weights: readonly string[] = [
  'OrganizationCreated',
  'ConnectionConnected',
  'ConnectionRevoked',
  'ReauthorizationRequired',
  'ConnectionReauthorized',
  'ClientSecretReplaced',
  'ClientSecretExpiryNoticed',
  'GrantedScopesChanged',
  'AssessmentOpened',
  'AssessmentSubmitted',
  'AssessmentSentBack',
  'AssessmentApproved',
  'ExceptionRequested',
  'ExceptionApproved',
  'ExceptionRejected',
  'ExceptionWithdrawn',
  'MemberJoined',
  'MemberRoleChanged',
  'MemberRemoved',
  'CatalogueAdopted',
  'ThresholdChanged',
  'ControlTakenOutOfScope',
  'ControlTakenIntoScope',
  'SourceTakenOutOfScope',
  'SourceTakenIntoScope',
  'AccountClassDeclared',
  'AccountClassWithdrawn',
  'AdministratorApproved',
  'AdministratorWithdrawn',
  'PolicyChangeAcknowledged',
  'SignInSettled',
  'SettlementCorrected',
  'GuestsReviewed',
  'ControlEvaluated',
  'SyncFailed',
  'EvidenceAttached',
] satisfies EventType[]

/** Moments of the last 30 days at which something changed, oldest first, at most 200 of them, evenly thinned. */
export async function listStops(
  transaction: Transaction,
  organizationId: string,
  asOf: AsOf,
  start: PeriodStart | null,
): Promise<{ stops: Stop[] }> {
  const earliest = new Date(asOf.instant.getTime() - reach)
  const from = start && start.from > earliest ? start.from : earliest
  const interval = { from, to: asOf.instant }
  const all = await momentsIn(transaction, organizationId, interval, asOf.position)
  return { stops: await stopsOf(transaction, organizationId, thinned(all, mostStops)) }
}

/**
 * The moment just before and the one just after another, none left out between them: what steps go by where a slider is
 * too coarse. Looks 30 days in each direction, and no further than `asOf`.
 */
export async function listNeighbours(
  transaction: Transaction,
  organizationId: string,
  {
    around,
    asOf,
    start,
  }: { around: Pick<AsOf, 'instant' | 'position'>; asOf: AsOf; start: PeriodStart | null },
): Promise<{ before: Stop | null; after: Stop | null }> {
  const centre = around.instant.getTime()
  const from = new Date(Math.max(centre - reach, start?.from.getTime() ?? 0))
  const to = new Date(Math.min(centre + reach, asOf.instant.getTime()))
  const all = await momentsIn(transaction, organizationId, { from, to }, asOf.position)
  const orderOf = (moment: Moment) =>
    moment.at.getTime() - centre || (isHappening(moment) ? moment.position - around.position : 0)
  const one = async (moment: Moment | undefined) =>
    (moment && (await stopsOf(transaction, organizationId, [moment]))[0]) ?? null
  return {
    before: await one(all.findLast(moment => orderOf(moment) < 0)),
    after: await one(all.find(moment => orderOf(moment) > 0)),
  }
}

/** Everything between two instants that one may stop at, in order of time. */
async function momentsIn(
  transaction: Transaction,
  organizationId: string,
  interval: { from: Date; to: Date },
  upTo: number,
): Promise<Moment[]> {
  const happened = happenings(await weightyEvents(transaction, organizationId, interval, upTo))
  const passed = await timeMoments(transaction, organizationId, interval)
  return [...happened, ...passed].sort((one, other) => one.at.getTime() - other.at.getTime())
}

/** The moments with where they stand and what happened there. */
async function stopsOf(
  transaction: Transaction,
  organizationId: string,
  chosen: readonly Moment[],
): Promise<Stop[]> {
  const labels = await labelsOf(transaction, organizationId, chosen.filter(isHappening))
  const positions = await positionsAt(transaction, organizationId, chosen.filter(isPassed))
  return chosen.flatMap(moment => {
    const position = isHappening(moment) ? moment.position : positions.get(moment.at.getTime())
    const label = isHappening(moment) ? labels.get(moment.weightiest) : moment.label
    if (position === undefined || label === undefined) return []
    const more = isHappening(moment) && moment.count > 1 ? ` And ${moment.count - 1} more.` : ''
    return [
      { text: `${moment.at.toISOString()}@${position}`, at: moment.at, position, label: `${label}${more}` },
    ]
  })
}

interface WeightyEvent {
  position: number
  recordedAt: Date
  eventType: string
}

/** Events close together, told by the weightiest of them and shown as of the last. */
interface Happening {
  at: Date
  position: number
  weightiest: number
  count: number
}

async function weightyEvents(
  transaction: Transaction,
  organizationId: string,
  { from, to }: { from: Date; to: Date },
  upTo: number,
): Promise<WeightyEvent[]> {
  const payload = sql`${events.payload}::json`
  return transaction
    .select({ position: events.position, recordedAt: events.recordedAt, eventType: events.eventType })
    .from(events)
    .where(
      and(
        eq(events.organizationId, organizationId),
        gte(events.recordedAt, from),
        lte(events.recordedAt, to),
        lte(events.position, upTo),
        or(
          inArray(
            events.eventType,
            weights.filter(type => type !== 'EvidenceAttached'),
          ),
          // Each window of a feed is attached, also where nothing in it is new.
          sql`(${events.eventType} = 'EvidenceAttached' and (${payload} ->> 'mode' = 'state'
               or ${payload} #>> '{changes,joined}' <> '0' or ${payload} #>> '{changes,changed}' <> '0'))`,
        ),
      ),
    )
    .orderBy(asc(events.position))
}

function happenings(rows: readonly WeightyEvent[]): Happening[] {
  const found: (Happening & { weight: number; isOfRun: boolean })[] = []
  for (const { position, recordedAt, eventType } of rows) {
    const weight = weights.indexOf(eventType)
    const isOfRun = ofRuns.includes(eventType)
    const last = found.at(-1)
    if (isOfRun && last?.isOfRun && recordedAt.getTime() - last.at.getTime() < sameHappening) {
      last.at = recordedAt
      last.position = position
      last.count += 1
      if (weight < last.weight) {
        last.weight = weight
        last.weightiest = position
      }
    } else {
      found.push({ at: recordedAt, position, weightiest: position, weight, isOfRun, count: 1 })
    }
  }
  return found
}

/** Evenly fewer: the first and the last stay. */
function thinned<T>(values: readonly T[], most: number): T[] {
  if (values.length <= most) return [...values]
  const step = (values.length - 1) / (most - 1)
  return Array.from({ length: most }, (_, index) => values[Math.round(index * step)]).filter(
    value => value !== undefined,
  )
}

async function labelsOf(transaction: Transaction, organizationId: string, chosen: readonly Happening[]) {
  if (chosen.length === 0) return new Map<number, string>()
  const rows = await transaction
    .select()
    .from(events)
    .where(
      and(
        eq(events.organizationId, organizationId),
        inArray(
          events.position,
          chosen.map(moment => moment.weightiest),
        ),
      ),
    )
  return new Map(rows.map(row => [row.position, describeEvent(decodeEvent(row))]))
}

/** The last position at or before each instant, by the instant's milliseconds. */
async function positionsAt(
  transaction: Transaction,
  organizationId: string,
  moments: readonly { at: Date }[],
): Promise<Map<number, number>> {
  const found = new Map<number, number>()
  for (const { at } of moments) {
    const [row] = await transaction.execute<{ position: string }>(sql`
      select e.position from ledger.events e
       where e.organization_id = ${organizationId} and e.recorded_at <= ${at.toISOString()}::timestamptz
       order by e.recorded_at desc limit 1`)
    if (row) found.set(at.getTime(), Number(row.position))
  }
  return found
}

type Moment = Happening | { at: Date; label: string }
const isHappening = (moment: Moment): moment is Happening => 'weightiest' in moment
const isPassed = (moment: Moment) => !isHappening(moment)
