import type { AccountClass } from '../../account/class.ts'
import type { MfaRegistrationItem, UserItem } from '../../evidence/items.ts'
import type { Judgement } from '../judgement.ts'
import type { MissingEvidence } from './missing-evidence.ts'

/** One account with its registration record, where the report has one, and its class at the instant. */
export interface AccountFact {
  readonly user: UserItem
  readonly registration: MfaRegistrationItem | null
  readonly class: AccountClass
}

/** Judges a directory account by account, so that it never has to be in memory as a whole. */
export interface AccountRule {
  add(fact: AccountFact): void
  finish(): Judgement
}

export interface AccountRuleOptions {
  /** Required kinds of which there is nothing to judge on. */
  readonly unavailable?: readonly MissingEvidence[]
}
