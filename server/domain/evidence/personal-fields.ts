import type { ItemByKind } from './items.ts'
import type { EvidenceKind } from './kinds.ts'

/** The kinds whose items name a person. The others speak of settings, or of an account by its key alone. */
export const kindsThatNamePeople = [
  'user_inventory',
  'mfa_registration',
  'risky_users',
  'risky_sign_ins',
] as const satisfies readonly EvidenceKind[]

/** Whom an item names, by subject key; null where it names nobody. */
export function personIn<K extends EvidenceKind>(
  kind: K,
  subjectKey: string,
  item: ItemByKind[K],
): string | null {
  if (kind === 'risky_sign_ins') {
    return 'userId' in item && item.userId !== null ? item.userId.toLowerCase() : null
  }
  return kindsThatNamePeople.some(named => named === kind) ? subjectKey.toLowerCase() : null
}

const anonymous: { [K in EvidenceKind]: (item: ItemByKind[K]) => ItemByKind[K] } = {
  user_inventory: item => ({
    ...item,
    displayName: null,
    userPrincipalName: null,
    mail: null,
    suppressed: true,
  }),
  mfa_registration: withoutNames,
  risky_users: withoutNames,
  risky_sign_ins: item => ({ ...withoutNames(item), ipAddress: null, city: null }),
  security_defaults: item => item,
  conditional_access_policies: item => item,
  sign_in_activity: item => item,
}

/** The same item without what names the person: names, addresses, where they signed in from. It says so. */
export function withoutPersonalFields<K extends EvidenceKind>(kind: K, item: ItemByKind[K]): ItemByKind[K] {
  return anonymous[kind](item)
}

function withoutNames<I extends { userDisplayName: string | null; userPrincipalName: string | null }>(
  item: I,
): I & { suppressed: true } {
  return { ...item, userDisplayName: null, userPrincipalName: null, suppressed: true }
}
