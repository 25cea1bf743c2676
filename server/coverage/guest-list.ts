import { classAt } from '../domain/account/class-at.ts'
import type { ControlDecisions, DeclaredClass } from '../domain/control/decisions.ts'
import type { UserItem } from '../domain/evidence/items.ts'
import { canonicalText, sha256Hex } from '../ledger/canonical.ts'
import type { JudgedItems } from './judge-controls.ts'

export interface GuestList {
  /** In order. */
  readonly subjectKeys: readonly string[]
  readonly fingerprint: string
}

/** Who is on the list that a review of guests is of: accounts that count as guests and are not disabled. */
export async function guestList(
  items: Pick<JudgedItems, 'eachAccount'>,
  { classes }: Pick<ControlDecisions, 'classes'>,
  at: Date,
): Promise<GuestList> {
  const subjectKeys: string[] = []
  await items.eachAccount([], ({ user }) => {
    if (isOnGuestList(user, classes.get(user.id), at)) subjectKeys.push(user.id.toLowerCase())
  })
  subjectKeys.sort()
  return { subjectKeys, fingerprint: sha256Hex(canonicalText(subjectKeys)) }
}

export const isOnGuestList = (user: UserItem, declared: DeclaredClass | undefined, at: Date): boolean =>
  classAt(user, declared, at).class === 'guest' && user.accountEnabled !== false
