import { nothingExcepted } from '../decisions.ts'
import type { Population, Reason } from '../judgement.ts'
import { reason } from '../reason.ts'
import { judgementOf } from '../verdict.ts'
import type { AccountFact, AccountRule, AccountRuleOptions } from './account-rule.ts'
import { exceptedReason, passedBeside } from './excepted.ts'
import { missingAmong, missingEvidenceReason, unknownPopulation } from './missing-evidence.ts'
import { addSubject, type Tallies } from './tally.ts'

type Outcome = 'approved' | 'excepted' | 'not_approved' | 'enabled_unknown' | 'role_unknown'

export interface Ac10Options extends AccountRuleOptions {
  /** How many administrators there may be. */
  readonly administrators: number
  /** Subject keys on the approved list. */
  readonly approved: ReadonlySet<string>
}

/**
 * AC-10, few, named administrators: enabled accounts of any class that hold a directory role are no more than the
 * threshold, and each is on the approved list or excepted. An exception for an account puts it on no list: it still
 * counts towards the number.
 */
export function createAc10(options: Ac10Options): AccountRule {
  const administrators: Tallies<Outcome> = new Map()
  const unlisted: Tallies<'unlisted'> = new Map()
  const excepted = options.excepted ?? nothingExcepted

  return {
    add(fact) {
      const { id, accountEnabled } = fact.user
      if (accountEnabled === false) return
      if (fact.registration === null) return addSubject(unlisted, 'unlisted', id)
      if (fact.registration.isAdmin === false) return
      const outcome = outcomeOf(fact, options)
      const isLeftOut = outcome !== 'approved' && excepted.isExcepted({ kind: 'account', id })
      addSubject(administrators, isLeftOut ? 'excepted' : outcome, id)
    },
    finish() {
      const population = populationOf(administrators)
      const missing = missingAmong(['user_inventory', 'mfa_registration'], options.unavailable ?? [])
      if (missing.length > 0) {
        return judgementOf(
          missing.map(each => missingEvidenceReason(each)),
          unknownPopulation(population.inScope),
        )
      }
      const unknown = unlisted.get('unlisted')
      const advice = unknown ? [reason('administrator_unlisted', 'advice', unknown)] : []
      return judgementOf([...reasonsOf(administrators, options), ...advice], population)
    },
  }
}

function outcomeOf({ user, registration }: AccountFact, { approved }: Ac10Options): Outcome {
  if (registration?.isAdmin !== true) return 'role_unknown'
  if (approved.has(user.id)) return 'approved'
  return user.accountEnabled === null ? 'enabled_unknown' : 'not_approved'
}

function reasonsOf(administrators: Tallies<Outcome>, { administrators: limit }: Ac10Options): Reason[] {
  const { inScope, pass } = populationOf(administrators)
  if (inScope === 0) return [reason('no_administrators', 'no_data')]
  const count = inScope - (administrators.get('role_unknown')?.count ?? 0)
  const reasonFor = (outcome: Outcome, code: string, verdict: 'fail' | 'no_data') => {
    const tally = administrators.get(outcome)
    return tally === undefined ? [] : [reason(code, verdict, tally)]
  }
  const bad = [
    ...(count > limit ? [reason('too_many_administrators', 'fail', { count, detail: { limit } })] : []),
    ...reasonFor('not_approved', 'administrator_not_approved', 'fail'),
    ...reasonFor('enabled_unknown', 'administrator_enabled_unknown', 'no_data'),
    ...reasonFor('role_unknown', 'administrator_role_unknown', 'no_data'),
  ]
  const passed = bad.length === 0 ? passedBeside('all_administrators_approved', pass, administrators) : []
  return [...bad, ...passed, ...exceptedReason(administrators)]
}

function populationOf(administrators: Tallies<Outcome>): Population {
  const count = (outcome: Outcome) => administrators.get(outcome)?.count ?? 0
  const [pass, fail] = [count('approved'), count('not_approved')]
  const noData = count('enabled_unknown') + count('role_unknown')
  return { inScope: pass + fail + noData + count('excepted'), pass, fail, noData }
}
