import type { MfaRegistrationItem } from '../../evidence/items.ts'
import { nothingExcepted } from '../decisions.ts'
import type { Population, Reason } from '../judgement.ts'
import { reason } from '../reason.ts'
import { judgementOf } from '../verdict.ts'
import type { AccountFact, AccountRule, AccountRuleOptions } from './account-rule.ts'
import { exceptedReason, passedBeside } from './excepted.ts'
import { missingAmong, missingEvidenceReason, unknownPopulation } from './missing-evidence.ts'
import { addSubject, type Tallies } from './tally.ts'

type Outcome =
  | 'capable'
  | 'excepted'
  | 'no_second_factor'
  | 'second_factor_unknown'
  | 'enabled_unknown'
  | 'role_unknown'
type Remark = 'phishable' | 'unlisted'

/**
 * AC-04, administrators hold a second factor: enabled accounts of any class that hold a directory role are all
 * `isMfaCapable` or excepted; methods that resist phishing are advised. The report's `isAdmin` stands in for the roles, so
 * accounts without a record cannot be told to be administrators or not: they are named as advice.
 */
export function createAc04(options: AccountRuleOptions = {}): AccountRule {
  const administrators: Tallies<Outcome> = new Map()
  const remarks: Tallies<Remark> = new Map()
  const excepted = options.excepted ?? nothingExcepted

  return {
    add(fact) {
      if (fact.user.accountEnabled === false) return
      if (fact.registration === null) return addSubject(remarks, 'unlisted', fact.user.id)
      if (fact.registration.isAdmin === false) return
      const found = outcomeOf(fact, fact.registration)
      const isLeftOut = found !== 'capable' && excepted.isExcepted({ kind: 'account', id: fact.user.id })
      const outcome = isLeftOut ? 'excepted' : found
      addSubject(administrators, outcome, fact.user.id)
      if (outcome === 'capable' && !resistsPhishing(fact.registration)) {
        addSubject(remarks, 'phishable', fact.user.id)
      }
    },
    finish() {
      const population = populationOf(administrators)
      const missing = missingAmong(['user_inventory', 'mfa_registration'], options.unavailable ?? [])
      if (missing.length > 0) {
        const reasons = missing.map(each => missingEvidenceReason(each, 'second_factor_demanded'))
        return judgementOf(reasons, unknownPopulation(population.inScope))
      }
      return judgementOf([...verdictReasons(administrators), ...adviceOf(remarks)], population)
    },
  }
}

function outcomeOf({ user }: AccountFact, registration: MfaRegistrationItem): Outcome {
  if (registration.isAdmin === null) return 'role_unknown'
  if (user.accountEnabled === null) return 'enabled_unknown'
  if (registration.isMfaCapable === null) return 'second_factor_unknown'
  return registration.isMfaCapable ? 'capable' : 'no_second_factor'
}

/** Passkeys of every make, Windows Hello for Business, certificates and platform keys, as the report names them. */
const resistantMethods = [
  'fido2securitykey',
  'passkey',
  'windowshelloforbusiness',
  'x509certificate',
  'macossecureenclavekey',
]

function resistsPhishing({ methodsRegistered }: MfaRegistrationItem): boolean {
  return methodsRegistered.some(method =>
    resistantMethods.some(resistant => method.toLowerCase().startsWith(resistant)),
  )
}

function verdictReasons(administrators: Tallies<Outcome>): Reason[] {
  const { inScope, pass } = populationOf(administrators)
  if (inScope === 0) return [reason('no_administrators', 'no_data')]
  const reasonFor = (outcome: Outcome, code: string, verdict: 'fail' | 'no_data') => {
    const tally = administrators.get(outcome)
    return tally === undefined ? [] : [reason(code, verdict, tally)]
  }
  const reasons = [
    ...reasonFor('no_second_factor', 'administrator_no_second_factor', 'fail'),
    ...reasonFor('second_factor_unknown', 'administrator_second_factor_unknown', 'no_data'),
    ...reasonFor('enabled_unknown', 'administrator_enabled_unknown', 'no_data'),
    ...reasonFor('role_unknown', 'administrator_role_unknown', 'no_data'),
  ]
  const passed = reasons.length === 0 ? passedBeside('all_administrators_capable', pass, administrators) : []
  return [...reasons, ...passed, ...exceptedReason(administrators)]
}

function adviceOf(remarks: Tallies<Remark>): Reason[] {
  const phishable = remarks.get('phishable')
  const unlisted = remarks.get('unlisted')
  return [
    ...(phishable ? [reason('administrator_method_phishable', 'advice', phishable)] : []),
    ...(unlisted ? [reason('administrator_unlisted', 'advice', unlisted)] : []),
  ]
}

function populationOf(administrators: Tallies<Outcome>): Population {
  const count = (outcome: Outcome) => administrators.get(outcome)?.count ?? 0
  const pass = count('capable')
  const fail = count('no_second_factor')
  const noData = count('second_factor_unknown') + count('enabled_unknown') + count('role_unknown')
  return { inScope: pass + fail + noData + count('excepted'), pass, fail, noData }
}
