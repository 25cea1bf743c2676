import type { HourState } from '../domain/plots/gap-strip.ts'
import { restAfterDaily, restAfterHourly } from '../domain/run/schedule.ts'

const minute = 60_000
const hour = 60 * minute

/** What is known of one hour of one kind of one source. */
export interface HourFinding {
  readonly state: HourState
  /** Why nothing came, as a sentence; null where something did, or nothing was due. */
  readonly why: string | null
  /** The run that tells; null where none began. */
  readonly runId: string | null
}

interface Span {
  readonly from: Date
  /** Null where it goes on. */
  readonly to: Date | null
}

export interface HourInput {
  /** Start of the first hour. */
  readonly from: Date
  readonly hours: number
  /** What is known ends here. */
  readonly until: Date
  /**
   * Connections to the source while they counted, each with its own minute of the hour; of a kind that is read once a
   * day also with the hour of the day (UTC).
   */
  readonly lives: readonly (Span & { readonly minute: number; readonly hour?: number })[]
  /** What runs found of the kind, by when they began. */
  readonly found: readonly {
    readonly startedAt: Date
    readonly runId: string
    readonly outcome: string
    readonly reason: string | null
    readonly explanation: string | null
  }[]
  /** Runs that ended without coming to any kind. */
  readonly failedRuns: readonly {
    readonly startedAt: Date
    readonly runId: string
    readonly explanation: string | null
  }[]
  /** When the runs ended that did. */
  readonly finishedRuns: readonly Date[]
  /** While a connection waited for a person, and what for. */
  readonly waits: readonly (Span & { readonly explanation: string })[]
  /** Of a feed the spans that its windows cover, whenever they were read; null of a state, which no later read brings. */
  readonly covered: readonly (Span & { readonly to: Date })[] | null
}

/**
 * What is known of each hour of one kind of one source. An hour in which no run was due is not missing: before the
 * connection and after its end, too soon after a run, and while the hour's own minute is still to come. An hour of a
 * feed that went by is no gap once a later window covers it.
 */
export function hourFindings(input: HourInput): HourFinding[] {
  const found = groupByHour(input.found, input)
  const failed = groupByHour(input.failedRuns, input)
  return Array.from({ length: input.hours }, (_, index) => {
    const start = new Date(input.from.getTime() + index * hour)
    const finding =
      findingOf(found.get(index) ?? []) ??
      failureOf(failed.get(index)) ??
      (wasDue(start, input) ? missed(start, input) : notDue)
    return isCaughtUp(finding, start, input) ? caughtUp(finding) : finding
  })
}

/** Over several sources the worst counts, so that no gap hides behind another source's hour. */
export function worstHour(findings: readonly HourFinding[]): HourFinding {
  for (const state of worstFirst) {
    const finding = findings.find(each => each.state === state)
    if (finding) return finding
  }
  return notDue
}

const worstFirst: readonly HourState[] = [
  'failed',
  'missing',
  'unreadable',
  'caught_up',
  'collected',
  'reaffirmed',
]

export const notDue: HourFinding = { state: 'none', why: null, runId: null }

/** The best of what the runs of an hour found. */
function findingOf(found: HourInput['found']): HourFinding | null {
  const last = found.at(-1)
  if (!last) return null
  for (const state of ['collected', 'reaffirmed'] as const) {
    const success = found.findLast(each => each.outcome === state)
    if (success) return { state, why: null, runId: success.runId }
  }
  const isAnswer = last.reason !== null && answers.has(last.reason)
  return { state: isAnswer ? 'unreadable' : 'failed', why: last.explanation, runId: last.runId }
}

/** The source's answer that it may not be read; anything else is a failure. */
const answers = new Set(['licence', 'scope', 'role'])

function failureOf(failed: HourInput['failedRuns'] | undefined): HourFinding | null {
  const last = failed?.at(-1)
  return last ? { state: 'failed', why: last.explanation, runId: last.runId } : null
}

function missed(start: Date, { waits }: HourInput): HourFinding {
  const end = new Date(start.getTime() + hour)
  const wait = waits.find(({ from, to }) => from < end && (to === null || to > start))
  const why = wait
    ? `No sync began: the connection waited for a person. ${wait.explanation}`
    : 'No sync began in this hour.'
  return { state: 'missing', why, runId: null }
}

const gaps = new Set<HourState>(['failed', 'missing', 'unreadable'])

function isCaughtUp({ state }: HourFinding, start: Date, { covered }: HourInput): boolean {
  if (!covered || !gaps.has(state)) return false
  const end = start.getTime() + hour
  return covered.some(({ from, to }) => from <= start && to.getTime() >= end)
}

const caughtUp = ({ why, runId }: HourFinding): HourFinding => ({
  state: 'caught_up',
  why: [why, 'A later sync read this hour.'].filter(Boolean).join(' '),
  runId,
})

const grace = 5 * minute

function wasDue(start: Date, { lives, until, finishedRuns }: HourInput): boolean {
  return lives.some(life => {
    if (life.hour !== undefined && life.hour !== start.getUTCHours()) return false
    const rest = life.hour === undefined ? restAfterHourly : restAfterDaily
    const slot = new Date(start.getTime() + life.minute * minute)
    if (slot < life.from || (life.to !== null && slot >= life.to)) return false
    if (slot.getTime() + grace > until.getTime()) return false
    return !finishedRuns.some(end => end <= slot && slot.getTime() - end.getTime() < rest)
  })
}

function groupByHour<T extends { readonly startedAt: Date }>(
  list: readonly T[],
  { from }: HourInput,
): Map<number, T[]> {
  const groups = new Map<number, T[]>()
  for (const each of list) {
    const index = Math.floor((each.startedAt.getTime() - from.getTime()) / hour)
    const group = groups.get(index)
    if (group) group.push(each)
    else groups.set(index, [each])
  }
  return groups
}
