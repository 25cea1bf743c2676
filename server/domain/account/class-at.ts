import type { DeclaredClass } from '../control/decisions.ts'
import type { UserItem } from '../evidence/items.ts'
import { type AccountClass, suggestAccountClass } from './class.ts'

export interface ClassAt {
  /** What rules take the account for. */
  readonly class: AccountClass
  /** Who says so: a declaration in force, or the directory. */
  readonly by: 'declaration' | 'directory'
  /** Since when neither of them says so for sure; null where one does. */
  readonly openSince: Date | null
}

/**
 * What an account is at an instant: as declared while the declaration lasts, otherwise as the directory has it. Where the
 * directory leaves it open, and where a declaration ran out that said something else, the account is without a class.
 */
export function classAt(user: UserItem, declared: DeclaredClass | undefined, at: Date): ClassAt {
  const inForce = declaredClassAt(declared, at)
  if (inForce !== null) return { class: inForce, by: 'declaration', openSince: null }
  const suggested = suggestAccountClass(user, at).class
  const openSince = openSinceOf(user, suggested, declared)
  return { class: suggested, by: 'directory', openSince }
}

/** What a declaration says while it lasts; null where there is none, or none any more. */
export function declaredClassAt(declared: DeclaredClass | undefined, at: Date): AccountClass | null {
  const isInForce = declared !== undefined && (declared.expiresAt === null || declared.expiresAt > at)
  return isInForce ? declared.class : null
}

function openSinceOf(
  user: UserItem,
  suggested: AccountClass,
  declared: DeclaredClass | undefined,
): Date | null {
  if (declared?.class != null && declared.class !== suggested) return declared.expiresAt
  if (isSure(user, suggested)) return null
  const made = instantOf(user.createdDateTime)
  // A declaration that ended, or was withdrawn, had classed the account until then.
  const ended = declared === undefined ? null : declared.class === null ? declared.at : declared.expiresAt
  return new Date(Math.max(made, ended?.getTime() ?? 0))
}

/**
 * Whether the directory's own signs agree: it names a guest a guest and a member a member. A member with a guest's
 * sign-in name, and an account of which it says neither, could be either.
 */
function isSure({ userType, onPremisesSyncEnabled }: UserItem, suggested: AccountClass): boolean {
  const type = userType?.toLowerCase() ?? null
  switch (suggested) {
    case 'guest':
      return type !== 'member'
    case 'person':
      return type === 'member' || onPremisesSyncEnabled === true
    default:
      return true
  }
}

const instantOf = (text: string | null): number => {
  const instant = text === null ? Number.NaN : Date.parse(text)
  return Number.isNaN(instant) ? 0 : instant
}
