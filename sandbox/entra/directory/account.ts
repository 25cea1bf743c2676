import { hash, uuidOf } from './hash.ts'

export type UserClass =
  | 'person'
  | 'guest'
  | 'emergency'
  | 'directory-sync'
  | 'service'
  | 'shared'
  | 'future-hire'

/** Everything known about one account at one instant. */
export interface DirectoryUser {
  index: number
  id: string
  class: UserClass
  givenName: string | null
  surname: string | null
  displayName: string | null
  userPrincipalName: string
  mail: string | null
  userType: 'Member' | 'Guest' | null
  accountEnabled: boolean
  createdDateTime: string | null
  creationType: string | null
  externalUserState: string | null
  onPremisesSyncEnabled: boolean | null
  employeeHireDate: string | null
  isAdmin: boolean
  isMfaCapable: boolean
  methodsRegistered: string[]
}

export interface DirectorySpec {
  seed: number
  size: number
  domain: string
  since: Date
  peopleWithoutMfa: number
}

/** Positions from here on are accounts that were added from outside. */
export const firstAdded = 1 << 28

/** Positions that hold a certain kind of account in every directory, whatever its seed. */
export const fixedIndex = {
  guest: 3,
  emergency: [4, 5],
  sync: 6,
  services: [7, 8],
  shared: 9,
  fifthAdmin: 10,
}

/** What kind of account a position holds. */
export function classAt(spec: Pick<DirectorySpec, 'seed' | 'size'>, index: number): UserClass {
  if (index < 3 || index === fixedIndex.fifthAdmin || index >= spec.size) return 'person'
  if (index === fixedIndex.guest) return 'guest'
  if (fixedIndex.emergency.includes(index)) return 'emergency'
  if (index === fixedIndex.sync) return 'directory-sync'
  if (fixedIndex.services.includes(index)) return 'service'
  if (index === fixedIndex.shared) return 'shared'
  const draw = hash(spec.seed, index, 1) % 1000
  if (draw < 90) return 'guest'
  if (draw < 100) return 'shared'
  if (draw < 108) return 'service'
  if (draw < 120) return 'future-hire'
  return 'person'
}

/** An instant as Graph writes it, without fractions of a second. */
export function toSeconds(instant: Date): string {
  return `${instant.toISOString().slice(0, 19)}Z`
}

/** The id of a made-up object (group, policy …) of this tenant. */
export function objectId(seed: number, name: number): string {
  return uuidOf(seed, 77_000 + name)
}
