import type { AccountClass } from '../../account/class.ts'
import type { MfaRegistrationItem, SignInActivityItem, UserItem } from '../../evidence/items.ts'
import type { Excepted } from '../decisions.ts'
import type { Judgement } from '../judgement.ts'
import type { MissingEvidence } from './missing-evidence.ts'

/** One account with what other kinds have of it; null where they have nothing. */
export interface AccountRecords {
  readonly user: UserItem
  readonly registration: MfaRegistrationItem | null
  readonly activity: SignInActivityItem | null
}

/** The same with its class at the instant. */
export interface AccountFact extends AccountRecords {
  readonly class: AccountClass
  /** Since when neither the directory nor a person says what the account is; null where one does. */
  readonly openSince: Date | null
}

/** Judges a directory account by account, so that it never has to be in memory as a whole. */
export interface AccountRule {
  add(fact: AccountFact): void
  finish(): Judgement
}

export interface AccountRuleOptions {
  /** Required kinds of which there is nothing to judge on. */
  readonly unavailable?: readonly MissingEvidence[]
  /** What approved exceptions leave out at the instant; nothing where it is not given. */
  readonly excepted?: Excepted
}
