import {
  classAt,
  type DirectorySpec,
  type DirectoryUser,
  firstAdded,
  fixedIndex,
  toSeconds,
  type UserClass,
} from './account.ts'
import { addresses } from './addresses.ts'
import { type ChurnCalendar, day } from './churn.ts'
import { hash, userIdOf } from './hash.ts'
import { nameAt } from './names.ts'

/** Everything the seed says about one account at an instant. */
export function generateUser(
  spec: DirectorySpec,
  churn: ChurnCalendar,
  index: number,
  now: Date,
  withoutMfa: Map<number, number>,
): DirectoryUser {
  const { seed, domain } = spec
  const userClass = classAt(spec, index)
  const { given, family } = nameAt(seed, index)
  const isPersonal = userClass === 'person' || userClass === 'guest' || userClass === 'future-hire'
  const leave = churn.leaveAt(index)
  const enabled =
    userClass !== 'shared' && !isDormant(spec, index, userClass) && (leave === undefined || leave > now)
  const joinedAt = index < firstAdded ? churn.joinAt(index) : undefined
  const synced = userClass === 'person' && index < spec.size && hash(seed, index, 5) % 100 < 35
  const isMfaCapable = canMfa(spec, index, userClass, joinedAt, now, withoutMfa)
  return {
    index,
    id: userIdOf(seed, index),
    class: userClass,
    givenName: isPersonal ? given : null,
    surname: isPersonal ? family : null,
    ...addresses(spec, index, userClass, given, family, domain),
    userType: userClass === 'guest' ? 'Guest' : index === fixedIndex.shared ? null : 'Member',
    accountEnabled: enabled,
    createdDateTime: createdAt(spec, index, joinedAt),
    creationType: userClass === 'guest' ? 'Invitation' : null,
    externalUserState:
      userClass === 'guest' ? (hash(seed, index, 6) % 8 === 0 ? 'PendingAcceptance' : 'Accepted') : null,
    onPremisesSyncEnabled: synced ? true : null,
    employeeHireDate: hireDate(spec, index, userClass),
    isAdmin: isAdministrator(spec, index, userClass),
    isMfaCapable,
    methodsRegistered: isMfaCapable ? methodsAt(seed, index, userClass) : [],
  }
}

function isDormant(spec: DirectorySpec, index: number, userClass: UserClass): boolean {
  const mayBeDisabled = index > 11 && index < spec.size && (userClass === 'person' || userClass === 'guest')
  return mayBeDisabled && hash(spec.seed, index, 2) % 1000 < 60
}

function isAdministrator(spec: DirectorySpec, index: number, userClass: UserClass): boolean {
  if (index < 2 || userClass === 'emergency' || index === fixedIndex.fifthAdmin) return true
  return (
    index >= 1000 && index < spec.size && userClass === 'person' && hash(spec.seed, index, 4) % 1500 === 0
  )
}

function createdAt(spec: DirectorySpec, index: number, joinedAt: Date | undefined): string | null {
  if (joinedAt) return toSeconds(joinedAt)
  // Accounts made before June 2018 have no creation date in Graph.
  if (hash(spec.seed, index, 10) % 40 === 0) return null
  const age = 20 * day + (hash(spec.seed, index, 11) % (2600 * 86_400)) * 1000
  return toSeconds(new Date(spec.since.getTime() - age))
}

function hireDate(spec: DirectorySpec, index: number, userClass: UserClass): string | null {
  return userClass === 'future-hire' ? toSeconds(new Date(hireTime(spec, index))) : null
}

/** First day of a future hire, 40 to 89 days after the directory's story begins (milliseconds). */
function hireTime(spec: DirectorySpec, index: number): number {
  const daysAhead = 40 + (hash(spec.seed, index, 12) % 50)
  return (Math.floor(spec.since.getTime() / day) + daysAhead) * day
}

function canMfa(
  spec: DirectorySpec,
  index: number,
  userClass: UserClass,
  joinedAt: Date | undefined,
  now: Date,
  withoutMfa: Map<number, number>,
): boolean {
  if (userClass === 'emergency') return true
  if (userClass === 'future-hire') return now.getTime() > hireTime(spec, index) + day
  if (userClass !== 'person' && userClass !== 'guest') return false
  if (userClass === 'guest') return hash(spec.seed, index, 13) % 10 !== 0
  const registersAt = withoutMfa.get(index)
  if (registersAt !== undefined) return now.getTime() >= registersAt
  if (joinedAt)
    return now.getTime() - joinedAt.getTime() > (6 + (hash(spec.seed, index, 14) % 60)) * 3_600_000
  return index <= 1000 || hash(spec.seed, index, 15) % 400 !== 0
}

function methodsAt(seed: number, index: number, userClass: UserClass): string[] {
  if (userClass === 'emergency') return ['fido2SecurityKey']
  return methodSets[hash(seed, index, 16) % methodSets.length] ?? ['microsoftAuthenticatorPush']
}

const methodSets = [
  ['microsoftAuthenticatorPush', 'softwareOneTimePasscode'],
  ['microsoftAuthenticatorPush', 'softwareOneTimePasscode', 'mobilePhone'],
  ['microsoftAuthenticatorPasswordless', 'microsoftAuthenticatorPush'],
  ['mobilePhone', 'email'],
  ['windowsHelloForBusiness', 'microsoftAuthenticatorPush', 'softwareOneTimePasscode'],
  ['fido2SecurityKey', 'microsoftAuthenticatorPush', 'softwareOneTimePasscode'],
]

/** Which people lack a second factor at first, and when (ms) each of them registers one. */
export function pickPeopleWithoutMfa(spec: DirectorySpec): Map<number, number> {
  const chosen = new Map<number, number>()
  for (
    let index = Math.min(13, spec.size - 1);
    index < spec.size && chosen.size < spec.peopleWithoutMfa;
    index += 7
  ) {
    if (classAt(spec, index) === 'person' && !isDormant(spec, index, 'person')) {
      chosen.set(index, Number.POSITIVE_INFINITY)
    }
  }
  return chosen
}
