import type { HourState } from '../domain/plots/gap-strip.ts'
import { restAfterDaily, restAfterHourly } from '../domain/run/schedule.ts'

const minute = 60_000
const hour = 60 * minute

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
  readonly lives: readonly {
    readonly from: Date
    readonly to: Date | null
    readonly minute: number
    readonly hour?: number
  }[]
  /** What runs found of the kind, by when they began. */
  readonly found: readonly {
    readonly startedAt: Date
    readonly outcome: string
    readonly reason: string | null
  }[]
  /** Runs that ended without coming to any kind, and when the runs ended that did. */
  readonly failedRuns: readonly Date[]
  readonly finishedRuns: readonly Date[]
}

/**
 * What is known of each hour of one kind of one source. An hour in which no run was due is not missing: before the
 * connection and after its end, too soon after a run, and while the hour's own minute is still to come.
 */
export function hourStates(input: HourInput): HourState[] {
  const found = groupByHour(input.found, each => each.startedAt, input)
  const failed = groupByHour(input.failedRuns, each => each, input)
  return Array.from({ length: input.hours }, (_, index) => {
    const known = stateOf(found.get(index) ?? [])
    if (known !== null) return known
    if (failed.has(index)) return 'failed'
    return wasDue(new Date(input.from.getTime() + index * hour), input) ? 'missing' : 'none'
  })
}

/** Over several sources the worst counts, so that no gap hides behind another source's hour. */
export function worstHour(states: readonly HourState[]): HourState {
  return worstFirst.find(state => states.includes(state)) ?? 'none'
}

const worstFirst: readonly HourState[] = ['failed', 'missing', 'unreadable', 'collected', 'reaffirmed']

/** The best of what the runs of an hour found. */
function stateOf(found: HourInput['found']): HourState | null {
  const last = found.at(-1)
  if (!last) return null
  if (found.some(each => each.outcome === 'collected')) return 'collected'
  if (found.some(each => each.outcome === 'reaffirmed')) return 'reaffirmed'
  return last.reason !== null && answers.has(last.reason) ? 'unreadable' : 'failed'
}

/** The source's answer that it may not be read; anything else is a failure. */
const answers = new Set(['licence', 'scope', 'role'])

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

function groupByHour<T>(list: readonly T[], at: (each: T) => Date, { from }: HourInput): Map<number, T[]> {
  const groups = new Map<number, T[]>()
  for (const each of list) {
    const index = Math.floor((at(each).getTime() - from.getTime()) / hour)
    const group = groups.get(index)
    if (group) group.push(each)
    else groups.set(index, [each])
  }
  return groups
}
