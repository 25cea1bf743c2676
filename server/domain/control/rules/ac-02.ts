import { hireInstant } from '../../account/class.ts'
import { nothingExcepted } from '../decisions.ts'
import type { Judgement, Population, Reason } from '../judgement.ts'
import { reason } from '../reason.ts'
import { inReadingOrder, judgementOf, verdictOf } from '../verdict.ts'
import type { AccountFact, AccountRule, AccountRuleOptions } from './account-rule.ts'
import { addComing } from './coming.ts'
import { exceptedReason, passedBeside } from './excepted.ts'
import { missingAmong, missingEvidenceReason, unknownPopulation } from './missing-evidence.ts'
import { addSubject, mergeTallies, type Tallies } from './tally.ts'

type Outcome =
  | 'capable'
  | 'excepted'
  | 'no_second_factor'
  | 'no_registration_record'
  | 'second_factor_unknown'
  | 'enabled_unknown'

/**
 * AC-02, people can give a second factor: enabled persons, future hires left out until their first day, are all
 * `isMfaCapable` or excepted. What the directory does not say about an account is no data for that account, by name.
 */
export function createAc02(at: Date, options: AccountRuleOptions = {}): AccountRule {
  const people: Tallies<Outcome> = new Map()
  const arrivals = new Map<number, Tallies<Outcome>>()
  const excepted = options.excepted ?? nothingExcepted
  const judge = (fact: AccountFact): Outcome => {
    const outcome = outcomeOf(fact)
    const isLeftOut = outcome !== 'capable' && excepted.isExcepted({ kind: 'account', id: fact.user.id })
    return isLeftOut ? 'excepted' : outcome
  }

  return {
    add(fact) {
      const arrival = arrivalOf(fact, at)
      if (arrival === 'never' || fact.user.accountEnabled === false) return
      if (arrival === 'here') addSubject(people, judge(fact), fact.user.id)
      else addComing(arrivals, arrival, tallies => addSubject(tallies, judge(fact), fact.user.id))
    },
    finish() {
      const missing = missingAmong(['user_inventory', 'mfa_registration'], options.unavailable ?? [])
      if (missing.length > 0) {
        const reasons = missing.map(each => missingEvidenceReason(each, 'second_factor_demanded'))
        return judgementOf(reasons, unknownPopulation(populationOf(people).inScope))
      }
      return judgementOf(reasonsOf(people), populationOf(people), changesOf(people, arrivals))
    },
  }
}

/** Whether an account counts as a person now, never, or from an instant (milliseconds) on. */
function arrivalOf(fact: AccountFact, at: Date): 'here' | 'never' | number {
  if (fact.class === 'person') return 'here'
  if (fact.class !== 'future_hire') return 'never'
  const hireDate = hireInstant(fact.user)
  if (hireDate === null) return 'never'
  return hireDate > at ? hireDate.getTime() : 'here'
}

function outcomeOf({ user, registration }: AccountFact): Outcome {
  if (user.accountEnabled === null) return 'enabled_unknown'
  if (registration === null) return 'no_registration_record'
  if (registration.isMfaCapable === null) return 'second_factor_unknown'
  return registration.isMfaCapable ? 'capable' : 'no_second_factor'
}

function reasonsOf(people: Tallies<Outcome>): Reason[] {
  const population = populationOf(people)
  if (population.inScope === 0) return [reason('no_people', 'no_data')]
  const reasonFor = (outcome: Outcome, verdict: 'fail' | 'no_data') => {
    const tally = people.get(outcome)
    return tally === undefined ? [] : [reason(outcome, verdict, tally)]
  }
  const reasons = [
    ...reasonFor('no_second_factor', 'fail'),
    ...reasonFor('no_registration_record', 'no_data'),
    ...reasonFor('second_factor_unknown', 'no_data'),
    ...reasonFor('enabled_unknown', 'no_data'),
  ]
  const passed = reasons.length === 0 ? passedBeside('all_people_capable', population.pass, people) : []
  return [...reasons, ...passed, ...exceptedReason(people)]
}

function populationOf(people: Tallies<Outcome>): Population {
  const count = (outcome: Outcome) => people.get(outcome)?.count ?? 0
  const pass = count('capable')
  const fail = count('no_second_factor')
  const noData = count('no_registration_record') + count('second_factor_unknown') + count('enabled_unknown')
  return { inScope: pass + fail + noData + count('excepted'), pass, fail, noData }
}

function changesOf(people: Tallies<Outcome>, arrivals: Map<number, Tallies<Outcome>>): Judgement['changes'] {
  let present = people
  return [...arrivals]
    .sort(([one], [other]) => one - other)
    .map(([instant, arriving]) => {
      present = mergeTallies(present, arriving)
      const reasons = inReadingOrder(reasonsOf(present))
      return { at: new Date(instant), verdict: verdictOf(reasons), reasons }
    })
}
