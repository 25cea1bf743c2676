import { nothingExcepted } from '../decisions.ts'
import type { Judgement, Population, Reason } from '../judgement.ts'
import { reason } from '../reason.ts'
import { inReadingOrder, judgementOf, verdictOf } from '../verdict.ts'
import type { AccountFact, AccountRule, AccountRuleOptions } from './account-rule.ts'
import { addComing } from './coming.ts'
import { exceptedReason, passedBeside } from './excepted.ts'
import { missingAmong, missingEvidenceReason, unknownPopulation } from './missing-evidence.ts'
import { addSubject, mergeTallies, type Tallies, type Tally } from './tally.ts'

const day = 86_400_000

type Outcome = 'classed' | 'excepted' | 'unclassed' | 'enabled_unknown'

export interface Ac01Options extends AccountRuleOptions {
  /** How many days an account may be without a class. */
  readonly unclassedDays: number
  /** Nobody could class an account here before. */
  readonly connectedAt: Date
}

/**
 * AC-01, every account is known and classed: no enabled account was without a class for the threshold's days. Those that
 * are for less are named as advice, and fail by time alone.
 */
export function createAc01(at: Date, options: Ac01Options): AccountRule {
  const accounts: Tallies<Outcome> = new Map()
  const waiting = new Map<number, Tallies<Outcome>>()
  const soon: Tallies<'unclassed_soon'> = new Map()
  const excepted = options.excepted ?? nothingExcepted

  return {
    add(fact) {
      const { id, accountEnabled } = fact.user
      if (accountEnabled === false) return
      const deadline = deadlineOf(fact, options)
      if (deadline === null) return addSubject(accounts, 'classed', id)
      if (excepted.isExcepted({ kind: 'account', id })) return addSubject(accounts, 'excepted', id)
      const outcome = accountEnabled === null ? 'enabled_unknown' : 'unclassed'
      if (deadline <= at.getTime()) return addSubject(accounts, outcome, id)
      addSubject(soon, 'unclassed_soon', id)
      addComing(waiting, deadline, tallies => addSubject(tallies, outcome, id))
    },
    finish() {
      const waitingCount = soon.get('unclassed_soon')
      const [missing] = missingAmong(['user_inventory'], options.unavailable ?? [])
      if (missing) return judgementOf([missingEvidenceReason(missing)], unknownPopulation(0))
      const reasons = reasonsOf(accounts, waitingCount, options)
      return judgementOf(
        reasons,
        populationOf(accounts, waitingCount),
        changesOf({ accounts, waiting, options }),
      )
    },
  }
}

/** The instant (milliseconds) at which an account fails for want of a class; null where it has one. */
function deadlineOf({ openSince }: AccountFact, { connectedAt, unclassedDays }: Ac01Options): number | null {
  if (openSince === null) return null
  return Math.max(openSince.getTime(), connectedAt.getTime()) + unclassedDays * day
}

function reasonsOf(
  accounts: Tallies<Outcome>,
  soon: Tally | undefined,
  { unclassedDays: days }: Ac01Options,
): Reason[] {
  const unclassed = accounts.get('unclassed')
  const unknown = accounts.get('enabled_unknown')
  const classed = accounts.get('classed')?.count ?? 0
  const detail = { days }
  const isEmpty = classed === 0 && !unclassed && !unknown && !soon && !accounts.has('excepted')
  if (isEmpty) return [reason('no_accounts', 'no_data')]
  const bad = [
    ...(unclassed ? [reason('unclassed', 'fail', { ...unclassed, detail })] : []),
    ...(unknown ? [reason('enabled_unknown', 'no_data', unknown)] : []),
  ]
  const passed = bad.length > 0 ? [] : passedBeside('all_accounts_classed', classed, accounts)
  const waiting = soon ? [reason('unclassed_soon', 'advice', { ...soon, detail })] : []
  return [...bad, ...passed, ...exceptedReason(accounts), ...waiting]
}

function populationOf(accounts: Tallies<Outcome>, soon: Tally | undefined): Population {
  const count = (outcome: Outcome) => accounts.get(outcome)?.count ?? 0
  const pass = count('classed') + (soon?.count ?? 0)
  const [fail, noData] = [count('unclassed'), count('enabled_unknown')]
  return { inScope: pass + fail + noData + count('excepted'), pass, fail, noData }
}

/** At each deadline what fails from there on; those whose deadline comes later are no longer told apart. */
function changesOf(known: {
  accounts: Tallies<Outcome>
  waiting: ReadonlyMap<number, Tallies<Outcome>>
  options: Ac01Options
}): Judgement['changes'] {
  let failing = known.accounts
  return [...known.waiting]
    .sort(([one], [other]) => one - other)
    .map(([instant, due]) => {
      failing = mergeTallies(failing, due)
      const reasons = inReadingOrder(reasonsOf(failing, undefined, known.options))
      return { at: new Date(instant), verdict: verdictOf(reasons), reasons }
    })
}
