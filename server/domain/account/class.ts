import type { UserItem } from '../evidence/items.ts'

export const accountClasses = [
  'person',
  'guest',
  'service',
  'directory_sync',
  'emergency',
  'shared',
  'future_hire',
] as const
export type AccountClass = (typeof accountClasses)[number]

export interface SuggestedClass {
  class: AccountClass
  /** When the suggestion changes if nothing but time passes; null where it does not. */
  until: Date | null
}

/**
 * What an account looks like at an instant, from the directory alone. Emergency, service and shared accounts are
 * declared by people and never guessed: without a declaration they are persons, so that no rule leaves them out.
 */
export function suggestAccountClass(user: UserItem, at: Date): SuggestedClass {
  if (isGuest(user)) return { class: 'guest', until: null }
  if (isDirectorySync(user)) return { class: 'directory_sync', until: null }
  const hireDate = hireInstant(user)
  if (hireDate !== null && hireDate > at) return { class: 'future_hire', until: hireDate }
  return { class: 'person', until: null }
}

/** The first day at work, or null where the directory gives none or one that is not a date. */
export function hireInstant(user: UserItem): Date | null {
  if (user.employeeHireDate === null) return null
  const instant = new Date(user.employeeHireDate)
  return Number.isNaN(instant.getTime()) ? null : instant
}

/** A guest's sign-in name carries `#EXT#`, also where userType says nothing. */
function isGuest(user: UserItem): boolean {
  if (user.userType?.toLowerCase() === 'guest') return true
  if (user.userPrincipalName?.toLowerCase().includes('#ext#') === true) return true
  // An invitation makes a guest unless the directory says that it made a member of the organization.
  return user.creationType === 'Invitation' && user.userType === null
}

/**
 * The accounts that Entra Connect (`Sync_SERVER_…`) and Entra Cloud Sync (`ADToAADSyncServiceAccount@…`) make for
 * themselves.
 */
function isDirectorySync(user: UserItem): boolean {
  const login = user.userPrincipalName?.toLowerCase() ?? ''
  return login.startsWith('sync_') || login.startsWith('adtoaadsyncserviceaccount')
}
