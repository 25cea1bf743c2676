import { nothingExcepted } from '../decisions.ts'
import type { Population, Reason } from '../judgement.ts'
import { reason } from '../reason.ts'
import { judgementOf } from '../verdict.ts'
import type { AccountFact, AccountRule, AccountRuleOptions } from './account-rule.ts'
import { exceptedReason, passedBeside } from './excepted.ts'
import { missingAmong, missingEvidenceReason, unknownPopulation } from './missing-evidence.ts'
import { addSubject, type Tallies } from './tally.ts'

const day = 86_400_000

type Outcome = 'used' | 'excepted' | 'silent' | 'no_sign_in_record' | 'silence_unknown' | 'enabled_unknown'

export interface Ac08Options extends AccountRuleOptions {
  readonly silentDays: number
}

/**
 * AC-08, unused accounts are dealt with: no enabled person's account was without a successful sign-in for the
 * threshold's days, or it is excepted. Silence is told as of the read: a sign-in after it may not have come yet, so time
 * alone makes no account silent.
 */
export function createAc08(at: Date, options: Ac08Options): AccountRule {
  const people: Tallies<Outcome> = new Map()
  const excepted = options.excepted ?? nothingExcepted
  const since = at.getTime() - options.silentDays * day

  return {
    add(fact) {
      if (fact.class !== 'person' || fact.user.accountEnabled === false) return
      const outcome = outcomeOf(fact, since)
      const isLeftOut = outcome !== 'used' && excepted.isExcepted({ kind: 'account', id: fact.user.id })
      addSubject(people, isLeftOut ? 'excepted' : outcome, fact.user.id)
    },
    finish() {
      const missing = missingAmong(['user_inventory', 'sign_in_activity'], options.unavailable ?? [])
      const population = populationOf(people)
      if (missing.length > 0) {
        return judgementOf(
          missing.map(each => missingEvidenceReason(each)),
          unknownPopulation(population.inScope),
        )
      }
      return judgementOf(reasonsOf(people, options), population)
    },
  }
}

/** An account younger than the threshold cannot have been silent for as long, whatever is known of its sign-ins. */
function outcomeOf({ user, activity }: AccountFact, since: number): Outcome {
  const made = instantOf(user.createdDateTime)
  if (made !== null && made > since) return 'used'
  if (activity === null) return 'no_sign_in_record'
  const seen = instantOf(activity.lastSuccessfulSignInDateTime)
  if (seen !== null && seen > since) return 'used'
  if (seen === null && made === null) return 'silence_unknown'
  return user.accountEnabled === null ? 'enabled_unknown' : 'silent'
}

function reasonsOf(people: Tallies<Outcome>, { silentDays }: Ac08Options): Reason[] {
  const { inScope, pass } = populationOf(people)
  if (inScope === 0) return [reason('no_people', 'no_data')]
  const detail = { days: silentDays }
  const reasonFor = (outcome: Outcome, verdict: 'fail' | 'no_data') => {
    const tally = people.get(outcome)
    return tally === undefined ? [] : [reason(outcome, verdict, { ...tally, detail })]
  }
  const bad = [
    ...reasonFor('silent', 'fail'),
    ...reasonFor('no_sign_in_record', 'no_data'),
    ...reasonFor('silence_unknown', 'no_data'),
    ...reasonFor('enabled_unknown', 'no_data'),
  ]
  const passed = bad.length === 0 ? passedBeside('all_accounts_used', pass, people) : []
  return [...bad, ...passed, ...exceptedReason(people)]
}

function populationOf(people: Tallies<Outcome>): Population {
  const count = (outcome: Outcome) => people.get(outcome)?.count ?? 0
  const [pass, fail] = [count('used'), count('silent')]
  const noData = count('no_sign_in_record') + count('silence_unknown') + count('enabled_unknown')
  return { inScope: pass + fail + noData + count('excepted'), pass, fail, noData }
}

function instantOf(text: string | null): number | null {
  const instant = text === null ? Number.NaN : Date.parse(text)
  return Number.isNaN(instant) ? null : instant
}
