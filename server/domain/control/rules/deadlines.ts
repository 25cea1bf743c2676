import type { Judgement, Population, Reason } from '../judgement.ts'
import { reason } from '../reason.ts'
import { inReadingOrder, judgementOf, verdictOf } from '../verdict.ts'
import { addSubject, type Tallies } from './tally.ts'

/** Something that a person has to see to by an instant, and leaves the period by time alone. */
export interface Task {
  readonly id: string
  /** When it came up. */
  readonly at: Date
  readonly deadline: Date
  /** When somebody saw to it; null where nobody did yet. */
  readonly doneAt: Date | null
  /** Groups tasks of different deadlines in what is said of them; empty where there is one sort. */
  readonly sort: string
}

export type TaskOutcome = 'in_time' | 'late' | 'overdue' | 'waiting'

export interface TaskWords {
  /** Reasons' codes. */
  readonly codes: Record<TaskOutcome, string> & { readonly none: string }
  /** How the subjects are named in a reason: as subjects, or in a detail of that name. */
  readonly subjectsIn: 'subjects' | 'evidenceIds'
  readonly detail: Readonly<Record<string, string | number>>
}

/** How far back tasks are looked at. */
export const taskPeriod = 30 * 86_400_000
/** How many coming instants are looked ahead: every run looks again. */
const maximumInstants = 50

/**
 * Judges whether each task of the trailing period was seen to in time. What waits within its deadline is advice, and
 * fails by time alone; what was late or never seen to fails until it leaves the period.
 * @param unknown what is to be said of tasks that cannot be told
 */
export function judgeTasks(
  tasks: readonly Task[],
  at: Date,
  words: TaskWords,
  unknown: readonly Reason[] = [],
): Judgement {
  const told = (instant: Date) => reasonsOf(tasks, instant, words, unknown)
  return judgementOf(told(at), populationOf(tasks, at, unknown), changesOf(tasks, at, told))
}

export function outcomeAt({ deadline, doneAt }: Task, at: Date): TaskOutcome {
  if (doneAt !== null) return doneAt <= deadline ? 'in_time' : 'late'
  return deadline <= at ? 'overdue' : 'waiting'
}

const leavesAt = (task: Task) => task.at.getTime() + taskPeriod
const isWithin = (at: Date) => (task: Task) => leavesAt(task) > at.getTime()

function reasonsOf(tasks: readonly Task[], at: Date, words: TaskWords, unknown: readonly Reason[]): Reason[] {
  const present = tasks.filter(isWithin(at))
  const bad = [
    ...reasonsFor(present, 'overdue', at, words),
    ...reasonsFor(present, 'late', at, words),
    ...unknown,
  ]
  const inTime = reasonsFor(present, 'in_time', at, words)
  const isNone = present.length === 0 && unknown.length === 0
  const passed = bad.length > 0 ? [] : inTime
  const waiting = reasonsFor(present, 'waiting', at, words)
  const isOnlyWaiting = bad.length === 0 && inTime.length === 0 && !isNone
  const none =
    isNone || isOnlyWaiting ? [reason(words.codes.none, 'pass', { detail: { ...words.detail } })] : []
  return [...bad, ...passed, ...none, ...waiting]
}

const verdicts = { in_time: 'pass', late: 'fail', overdue: 'fail', waiting: 'advice' } as const

function reasonsFor(tasks: readonly Task[], outcome: TaskOutcome, at: Date, words: TaskWords): Reason[] {
  const own = tasks.filter(task => outcomeAt(task, at) === outcome)
  const sorts = [...new Set(own.map(({ sort }) => sort))].sort()
  return sorts.map(sort => {
    const some = own.filter(task => task.sort === sort)
    const tallies: Tallies<'task'> = new Map()
    for (const { id } of some) addSubject(tallies, 'task', id)
    const { count, subjects } = tallies.get('task') ?? { count: 0, subjects: [] }
    const next = Math.min(...some.map(({ deadline }) => deadline.getTime()))
    const detail = {
      ...words.detail,
      ...(sort === '' ? {} : { sort }),
      ...(outcome === 'waiting' ? { until: new Date(next).toISOString() } : {}),
    }
    return words.subjectsIn === 'subjects'
      ? reason(words.codes[outcome], verdicts[outcome], { count, subjects, detail })
      : reason(words.codes[outcome], verdicts[outcome], {
          count,
          detail: { ...detail, evidenceIds: subjects },
        })
  })
}

function populationOf(tasks: readonly Task[], at: Date, unknown: readonly Reason[]): Population {
  const present = tasks.filter(isWithin(at))
  const count = (...outcomes: TaskOutcome[]) =>
    present.filter(task => outcomes.includes(outcomeAt(task, at))).length
  const noData = unknown.reduce((sum, each) => sum + each.count, 0)
  const [pass, fail] = [count('in_time', 'waiting'), count('late', 'overdue')]
  return { inScope: pass + fail + noData, pass, fail, noData }
}

/** At each deadline that nobody met yet, and where something leaves the period. */
function changesOf(
  tasks: readonly Task[],
  at: Date,
  told: (instant: Date) => Reason[],
): Judgement['changes'] {
  const instants = tasks
    .filter(isWithin(at))
    .flatMap(task => [...(task.doneAt === null ? [task.deadline.getTime()] : []), leavesAt(task)])
    .filter(instant => instant > at.getTime())
  let last = JSON.stringify(inReadingOrder(told(at)))
  return [...new Set(instants)]
    .sort((one, other) => one - other)
    .slice(0, maximumInstants)
    .flatMap(instant => {
      const reasons = inReadingOrder(told(new Date(instant)))
      const text = JSON.stringify(reasons)
      if (text === last) return []
      last = text
      return [{ at: new Date(instant), verdict: verdictOf(reasons), reasons }]
    })
}
