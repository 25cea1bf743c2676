import type { RiskySignInItem } from '../../evidence/items.ts'
import { riskLevelOf } from '../../evidence/risk-level.ts'
import { type Excepted, nothingExcepted } from '../decisions.ts'
import type { Judgement, Reason } from '../judgement.ts'
import { emptyPopulation, reason } from '../reason.ts'
import { judgementOf } from '../verdict.ts'
import { judgeTasks, type Task, taskPeriod } from './deadlines.ts'
import type { MissingEvidence } from './missing-evidence.ts'
import { type RiskVisibility, riskUnseen } from './risk-visibility.ts'

const hour = 3_600_000

export interface Ac15Input {
  readonly at: Date
  /** Since when sign-ins could be settled here: the connection's start. */
  readonly since: Date
  /** Every sign-in of the feed by its subject key, as it was read last. */
  readonly signIns: readonly { readonly subjectKey: string; readonly item: RiskySignInItem }[]
  readonly settlements: ReadonlyMap<string, { readonly at: Date }>
  /** Within how many hours of the sign-in it is settled. */
  readonly hours: { readonly high: number; readonly medium: number }
  readonly risk: RiskVisibility
  readonly unavailable?: readonly MissingEvidence[]
  readonly excepted?: Excepted
}

/**
 * AC-15, suspicious sign-ins are settled: somebody settled every sign-in of medium or high risk of the trailing 30 days
 * within the threshold's hours of the sign-in. What the directory did by itself is no settlement: a person says so.
 */
export function judgeAc15(input: Ac15Input): Judgement {
  const unseen = riskUnseen(input.risk, input.unavailable ?? [])
  if (unseen.length > 0) return judgementOf(unseen, emptyPopulation)
  const excepted = input.excepted ?? nothingExcepted
  const start = Math.max(input.since.getTime(), input.at.getTime() - taskPeriod)
  const present = input.signIns.filter(({ item }) => {
    const made = Date.parse(item.createdDateTime)
    const isLeftOut = item.userId !== null && excepted.isExcepted({ kind: 'account', id: item.userId })
    return made >= start && made <= input.at.getTime() && !isLeftOut
  })
  const tasks = present.flatMap(each => taskOf(each, input))
  return judgeTasks(tasks, input.at, words(input), unknownLevels(present))
}

function taskOf(
  { subjectKey, item }: Ac15Input['signIns'][number],
  { hours, settlements }: Ac15Input,
): Task[] {
  const level = riskLevelOf(item)
  if (level !== 'high' && level !== 'medium') return []
  const at = new Date(item.createdDateTime)
  return [
    {
      id: subjectKey,
      at,
      deadline: new Date(at.getTime() + hours[level] * hour),
      doneAt: settlements.get(subjectKey)?.at ?? null,
      sort: level,
    },
  ]
}

/** Neither a risk that counts nor one that does not: nobody can tell whether it had to be settled. */
function unknownLevels(signIns: Ac15Input['signIns']): Reason[] {
  const known = ['none', 'low', 'medium', 'high']
  const subjects = signIns
    .filter(({ item }) => !known.includes(riskLevelOf(item) ?? ''))
    .map(({ subjectKey }) => subjectKey)
  return subjects.length === 0 ? [] : [reason('sign_in_risk_unknown', 'no_data', { subjects })]
}

const words = ({ hours }: Ac15Input) => ({
  codes: {
    in_time: 'sign_ins_settled',
    late: 'sign_in_settled_late',
    overdue: 'sign_in_not_settled',
    waiting: 'sign_in_waiting',
    none: 'no_sign_in_due',
  },
  subjectsIn: 'subjects' as const,
  detail: { highHours: hours.high, mediumHours: hours.medium },
})
