import type { Excepted } from '../decisions.ts'
import type { Judgement, Population, Reason } from '../judgement.ts'
import { reason } from '../reason.ts'
import { inReadingOrder, verdictOf } from '../verdict.ts'
import type { Tallies } from './tally.ts'

/** Who is left out by an approved exception, by name: they no longer fail, and they are not passed over in silence. */
export function exceptedReason(tallies: Tallies<string>): Reason[] {
  const tally = tallies.get('excepted')
  return tally === undefined ? [] : [reason('excepted', 'pass', tally)]
}

/** All pass that are not excepted; nothing is said where there are none but those. */
export function passedBeside(code: string, count: number, tallies: Tallies<string>): Reason[] {
  const excepted = tallies.get('excepted')?.count ?? 0
  if (count === 0 && excepted > 0) return []
  return [reason(code, 'pass', { count, detail: excepted > 0 ? { excepted } : {} })]
}

/** Lifts whole reasons for which there is an exception by their code. What is unknown stays unknown. */
export function exceptReasons(judgement: Judgement, excepted: Excepted): Judgement {
  const lifts = ({ code, verdict }: Reason) =>
    verdict === 'fail' && excepted.isExcepted({ kind: 'reason', id: code })
  const told = [judgement, ...judgement.changes]
  if (!told.some(({ reasons }) => reasons.some(lifts))) return judgement
  const lifted = judgement.reasons.filter(lifts)
  const lift = (reasons: readonly Reason[]) =>
    inReadingOrder(reasons.map(each => (lifts(each) ? liftedReason(each) : each)))
  const reasons = lift(judgement.reasons)
  return {
    verdict: lifted.length === 0 ? judgement.verdict : verdictOf(reasons),
    reasons,
    population: populationWithout(judgement.population, lifted),
    changes: judgement.changes.map(change => {
      const after = lift(change.reasons)
      return {
        ...change,
        verdict: change.reasons.some(lifts) ? verdictOf(after) : change.verdict,
        reasons: after,
      }
    }),
  }
}

/** The same subjects, with what they would have failed for. */
const liftedReason = ({ code, count, subjects, detail }: Reason): Reason => ({
  ...reason('reason_excepted', 'pass', { count, subjects }),
  detail: { ...detail, reason: code },
})

const populationWithout = (population: Population, lifted: readonly Reason[]): Population => ({
  ...population,
  fail: Math.max(0, population.fail - lifted.reduce((sum, { count }) => sum + count, 0)),
})
