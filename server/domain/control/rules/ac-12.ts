import type { Judgement } from '../judgement.ts'
import { emptyPopulation } from '../reason.ts'
import { judgementOf } from '../verdict.ts'
import { judgeTasks } from './deadlines.ts'
import { type MissingEvidence, missingAmong, missingEvidenceReason } from './missing-evidence.ts'

const day = 86_400_000

export interface Ac12Input {
  readonly at: Date
  /** Every time the policies became other than they were at the source, since the connection was made. */
  readonly changes: readonly PolicyChange[]
  readonly acknowledgements: ReadonlyMap<string, { readonly at: Date }>
  /** Within how many days a change is acknowledged. */
  readonly days: number
  readonly unavailable?: readonly MissingEvidence[]
}

/** One change, by the evidence that brought it. */
export interface PolicyChange {
  readonly evidenceId: string
  readonly at: Date
}

/**
 * AC-12, changes to sign-in rules are noticed: somebody acknowledged every change of the trailing 30 days within the
 * threshold's days. What the collector reads differently is no change, and neither is what it read first.
 */
export function judgeAc12({ at, changes, acknowledgements, days, unavailable = [] }: Ac12Input): Judgement {
  const missing = missingAmong(['conditional_access_policies'], unavailable)
  if (missing.length > 0) {
    return judgementOf(
      missing.map(each => missingEvidenceReason(each)),
      emptyPopulation,
    )
  }
  const tasks = changes.map(change => ({
    id: change.evidenceId,
    at: change.at,
    deadline: new Date(change.at.getTime() + days * day),
    doneAt: acknowledgements.get(change.evidenceId)?.at ?? null,
    sort: '',
  }))
  return judgeTasks(tasks, at, {
    codes: {
      in_time: 'policy_changes_acknowledged',
      late: 'policy_change_acknowledged_late',
      overdue: 'policy_change_not_acknowledged',
      waiting: 'policy_change_waiting',
      none: 'no_policy_change_due',
    },
    subjectsIn: 'evidenceIds',
    detail: { days },
  })
}
