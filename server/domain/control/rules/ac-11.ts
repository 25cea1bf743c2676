import type { UserItem } from '../../evidence/items.ts'
import { nothingExcepted } from '../decisions.ts'
import type { Judgement, Population, Reason } from '../judgement.ts'
import { reason } from '../reason.ts'
import { inReadingOrder, judgementOf, verdictOf } from '../verdict.ts'
import type { AccountRule, AccountRuleOptions } from './account-rule.ts'
import { exceptedReason, passedBeside } from './excepted.ts'
import { missingAmong, missingEvidenceReason, unknownPopulation } from './missing-evidence.ts'
import { judgeScopes, type PolicyEvidence, withoutPolicies, withUnknownDefaults } from './policy-judgement.ts'
import type { Element } from './policy-scope.ts'
import { secondFactorQuestion } from './second-factor.ts'
import { addSubject, mergeTallies, type Tallies } from './tally.ts'

const day = 86_400_000

type Outcome = 'covered' | 'excepted' | 'guest_not_covered' | 'guest_cover_unknown' | 'enabled_unknown'

export interface Ac11Options extends AccountRuleOptions {
  readonly policies: PolicyEvidence
  /** When the list of guests was reviewed last; null where it never was. */
  readonly review: { readonly at: Date } | null
  /** How many days a review counts. */
  readonly reviewDays: number
}

/** Guests of whom the policies see the same: of one of these types, and named by a policy or not. */
interface Group {
  readonly types: readonly string[]
  readonly user: string | null
  readonly guests: Tallies<'guest'>
}

/**
 * AC-11, guests are limited and prove themselves: every enabled guest falls under a demand for a second factor, and the
 * list of guests was reviewed within the threshold's days. In which groups a guest is nobody can read: an excluded group
 * fails by name, as in AC-03. Without a guest there is nothing to review.
 */
export function createAc11(at: Date, options: Ac11Options): AccountRule {
  const groups = new Map<string, Group>()
  const others: Tallies<'excepted' | 'enabled_unknown'> = new Map()
  const excepted = options.excepted ?? nothingExcepted
  const named = namedUsers(options.policies)

  return {
    add({ user, class: known }) {
      const { id, accountEnabled } = user
      if (known !== 'guest' || accountEnabled === false) return
      if (excepted.isExcepted({ kind: 'account', id })) return addSubject(others, 'excepted', id)
      if (accountEnabled === null) return addSubject(others, 'enabled_unknown', id)
      const group: Group = {
        types: guestTypesOf(user),
        user: named.has(id.toLowerCase()) ? id.toLowerCase() : null,
        guests: new Map(),
      }
      const key = `${group.types.join()} ${group.user}`
      const same = groups.get(key) ?? group
      groups.set(key, same)
      addSubject(same.guests, 'guest', id)
    },
    finish() {
      const [missing] = missingAmong(['user_inventory'], options.unavailable ?? [])
      if (missing) return judgementOf([missingEvidenceReason(missing)], unknownPopulation(0))
      const cover = coverOf([...groups.values()], options)
      const tallies: Tallies<Outcome> = mergeTallies<Outcome>(cover.tallies, others)
      const population = populationOf(tallies, cover)
      const told = (instant: Date) => reasonsOf(tallies, cover, reviewReasons(population, options, instant))
      return judgementOf(told(at), population, changesOf(population, options, { at, told }))
    },
  }
}

/** How each guest fares, and what is to be said of the policies besides. */
interface Cover {
  readonly tallies: Tallies<Outcome>
  readonly reasons: readonly Reason[]
}

/** In the order of the groups' keys, so that it makes no difference in which order the guests came. */
function coverOf(groups: readonly Group[], { policies, unavailable = [] }: Ac11Options): Cover {
  const evidence = { ...policies, unavailable }
  const tallies: Tallies<Outcome> = new Map()
  const reasons = new Map<string, Reason>()
  const whole = withoutPolicies(evidence)
  for (const group of [...groups].sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1))) {
    const judged = whole ? [whole] : situationsOf(group).map(whose => judgeGuests(evidence, whose))
    const isOpen = judged.some(each => each.reasons.some(({ code }) => code === openCode))
    const isUnknown = judged.some(({ verdict }) => verdict === 'no_data' || verdict === 'not_testable')
    const outcome = isOpen ? 'guest_not_covered' : isUnknown ? 'guest_cover_unknown' : 'covered'
    const guests = group.guests.get('guest')
    if (guests) {
      const merged = mergeTallies<Outcome>(tallies, new Map([[outcome, guests]]))
      for (const [key, tally] of merged) tallies.set(key, tally)
    }
    for (const each of judged.flatMap(({ reasons: said }) => said)) {
      if (each.code !== openCode && each.code !== closedCode) reasons.set(JSON.stringify(each), each)
    }
  }
  return { tallies, reasons: [...reasons.values()] }
}

const keyOf = ({ types, user }: Group) => `${types.join()} ${user}`

const openCode = 'guest_not_covered'
const closedCode = 'all_guests_covered'

const judgeGuests = (evidence: PolicyEvidence, whose: readonly Element[]): Judgement =>
  withUnknownDefaults(
    evidence,
    judgeScopes(evidence, { ...secondFactorQuestion, openCode, closedCode }, whose),
  )

/** One guest of each type that it may be of; who is not named by a policy is nobody whom one names. */
const situationsOf = ({ types, user }: Group): Element[][] =>
  types.map(type => [
    { kind: 'guest_type', id: type },
    { kind: 'user', id: user ?? 'not-named' },
  ])

function namedUsers({ policies }: PolicyEvidence): ReadonlySet<string> {
  const users = policies.map(policy => policy.conditions.users)
  return new Set(
    users
      .flatMap(({ includeUsers, excludeUsers }) => [...includeUsers, ...excludeUsers])
      .map(id => id.toLowerCase()),
  )
}

/**
 * Which of the guest types that policies name an account is of: who came from outside has `#EXT#` in the sign-in name, was invited, or
 * has an invitation's state. An account of which nothing tells could be either.
 */
function guestTypesOf({ userType, userPrincipalName, creationType, externalUserState }: UserItem): string[] {
  const isExternal =
    userPrincipalName?.toLowerCase().includes('#ext#') === true ||
    creationType?.toLowerCase() === 'invitation' ||
    externalUserState !== null
  const collaboration =
    userType?.toLowerCase() === 'member' ? 'b2bcollaborationmember' : 'b2bcollaborationguest'
  if (isExternal) return [collaboration]
  return userPrincipalName === null ? [collaboration, 'internalguest'] : ['internalguest']
}

function reasonsOf(tallies: Tallies<Outcome>, cover: Cover, review: readonly Reason[]): Reason[] {
  const reasonFor = (outcome: 'guest_not_covered' | 'enabled_unknown', verdict: 'fail' | 'no_data') => {
    const tally = tallies.get(outcome)
    return tally === undefined ? [] : [reason(outcome, verdict, tally)]
  }
  if (tallies.size === 0) return [reason('no_guests', 'pass')]
  const bad = [
    ...reasonFor('guest_not_covered', 'fail'),
    ...reasonFor('enabled_unknown', 'no_data'),
    ...cover.reasons.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'advice'),
  ]
  const covered = tallies.get('covered')?.count ?? 0
  const passed = bad.length > 0 ? [] : passedBeside(closedCode, covered, tallies)
  const beside = cover.reasons.filter(({ verdict }) => verdict === 'pass')
  const advice = cover.reasons.filter(({ verdict }) => verdict === 'advice')
  return [...bad, ...review, ...passed, ...beside, ...exceptedReason(tallies), ...advice]
}

/** Where there is a guest: whether somebody looked at the list, and when. */
function reviewReasons(
  { inScope }: Population,
  { review, reviewDays: days }: Ac11Options,
  at: Date,
): Reason[] {
  if (inScope === 0) return []
  if (review === null) return [reason('guest_review_missing', 'fail', { count: 1, detail: { days } })]
  const detail = {
    days,
    reviewedAt: review.at.toISOString(),
    until: reviewEnds(review.at, days).toISOString(),
  }
  return reviewEnds(review.at, days) <= at
    ? [reason('guest_review_overdue', 'fail', { count: 1, detail })]
    : [reason('guests_reviewed', 'pass', { count: 1, detail })]
}

const reviewEnds = (reviewedAt: Date, days: number) => new Date(reviewedAt.getTime() + days * day)

/** The review runs out by time alone. */
function changesOf(
  { inScope }: Population,
  { review, reviewDays }: Ac11Options,
  { at, told }: { at: Date; told: (instant: Date) => Reason[] },
): Judgement['changes'] {
  if (inScope === 0 || review === null) return []
  const ends = reviewEnds(review.at, reviewDays)
  if (ends <= at) return []
  const reasons = inReadingOrder(told(ends))
  return [{ at: ends, verdict: verdictOf(reasons), reasons }]
}

/** Every guest is one, and each exclusion that may leave a guest out one more. */
function populationOf(tallies: Tallies<Outcome>, cover: Cover): Population {
  const count = (outcome: Outcome) => tallies.get(outcome)?.count ?? 0
  const exclusions = cover.reasons.filter(
    ({ code, verdict, detail }) =>
      verdict === 'fail' && (detail.exclusionId ?? detail.exclusionIds) && code !== openCode,
  ).length
  const fail = count('guest_not_covered') + exclusions
  const noData = count('guest_cover_unknown') + count('enabled_unknown')
  return {
    inScope: count('covered') + fail + noData + count('excepted'),
    pass: count('covered'),
    fail,
    noData,
  }
}
