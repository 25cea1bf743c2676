import type { UserPatch } from '../types.ts'
import { type ChurnCalendar, day } from './churn.ts'
import { hash, indexOfUserId, userIdOf, uuidOf } from './hash.ts'
import { addressOf, nameAt, namePairs } from './names.ts'

export type UserClass = 'person' | 'guest' | 'emergency' | 'directory-sync' | 'service' | 'shared' | 'future-hire'

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

export interface Directory {
  /** The account at this position, or null when it has not joined yet or is gone. */
  userAt(index: number, now: Date): DirectoryUser | null
  /** One past the last position that may hold an account, generated or added. */
  end(now: Date): number
  /** One past the last generated position. */
  generatedEnd(now: Date): number
  count(now: Date): number
  /** Position of an object id, or -1. */
  indexOf(id: string): number
  setUser(index: number, patch: UserPatch): void
  removeUser(index: number): void
  /** Adds an account past the generated ones and gives its position. */
  addUser(patch: UserPatch): number
}

/** Positions that hold a certain kind of account in every directory, whatever its seed. */
export const fixedIndex = { guest: 3, emergency: [4, 5], sync: 6, services: [7, 8], shared: 9, fifthAdmin: 10 }

const added = 1 << 28

/**
 * A directory in which every account is computed from the seed, its position and the instant, so that a
 * million accounts cost no memory; only overrides are held.
 */
export function createDirectory(spec: DirectorySpec, churn: ChurnCalendar): Directory {
  const patches = new Map<number, UserPatch>()
  const removed = new Set<number>()
  const withoutMfa = pickPeopleWithoutMfa(spec)
  let additions = 0

  const exists = (index: number, now: Date): boolean => {
    if (removed.has(index)) return false
    if (index >= added) return index < added + additions
    if (index >= churn.end(now)) return false
    const leave = churn.leaveAt(index)
    return leave === undefined || now.getTime() < leave.getTime() + 30 * day
  }

  return {
    userAt(index, now) {
      if (!exists(index, now)) return null
      const user = generate(spec, churn, index, now, withoutMfa)
      const patch = patches.get(index)
      return patch ? { ...user, ...patch } : user
    },
    end: now => (additions > 0 ? added + additions : churn.end(now)),
    generatedEnd: churn.end,
    count(now) {
      let gone = churn.goneCount(now)
      for (const index of removed) {
        if (index < added && index < churn.end(now) && !churn.isGone(index, now)) gone += 1
        if (index >= added) gone += 1
      }
      return churn.end(now) + additions - gone
    },
    indexOf: id => indexOfUserId(spec.seed, id),
    setUser: (index, patch) => void patches.set(index, { ...patches.get(index), ...patch }),
    removeUser: index => void removed.add(index),
    addUser(patch) {
      const index = added + additions
      additions += 1
      patches.set(index, patch)
      return index
    },
  }
}

/** The next position to look at; jumps from the generated accounts to the added ones. */
export function nextIndex(index: number, generatedEnd: number): number {
  return index + 1 >= generatedEnd && index < added ? added : index + 1
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

function generate(
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
  const joinedAt = index < added ? churn.joinAt(index) : undefined
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
    externalUserState: userClass === 'guest' ? (hash(seed, index, 6) % 8 === 0 ? 'PendingAcceptance' : 'Accepted') : null,
    onPremisesSyncEnabled: synced ? true : null,
    employeeHireDate: hireDate(spec, index, userClass),
    isAdmin: isAdministrator(spec, index, userClass),
    isMfaCapable,
    methodsRegistered: isMfaCapable ? methodsAt(seed, index, userClass) : [],
  }
}

function addresses(spec: DirectorySpec, index: number, userClass: UserClass, given: string, family: string, domain: string) {
  const named = (displayName: string, local: string, mail: string | null) => ({
    displayName,
    userPrincipalName: `${local}@${domain}`,
    mail,
  })
  const number = index < 12 ? '' : String(index)
  switch (userClass) {
    case 'guest': {
      const company = partners[hash(spec.seed, index, 7) % partners.length] ?? 'partner.example'
      const mail = `${addressOf(given, family)}${index < namePairs ? '' : index}@${company}`
      return named(`${given} ${family}`, `${mail.replace('@', '_')}#EXT#`, mail)
    }
    case 'emergency':
      return named(`Emergency access ${index - 3}`, `breakglass${index - 3}`, null)
    case 'directory-sync':
      return named('On-Premises Directory Synchronization Service Account', `Sync_DC01_${hash(spec.seed, 6).toString(16)}`, null)
    case 'service': {
      const purpose = servicePurposes[hash(spec.seed, index, 8) % servicePurposes.length] ?? 'backup'
      return named(`svc-${purpose}${number}`, `svc-${purpose}${number}`, null)
    }
    case 'shared': {
      const purpose = sharedPurposes[hash(spec.seed, index, 8) % sharedPurposes.length] ?? 'info'
      return named(`${purpose} mailbox ${number}`.trim(), `${purpose.toLowerCase()}${number}`, `${purpose.toLowerCase()}${number}@${domain}`)
    }
    default: {
      // Numbers keep addresses unique once names repeat.
      const local = `${addressOf(given, family)}${index < namePairs ? '' : index}`
      return named(`${given} ${family}`, local, `${local}@${domain}`)
    }
  }
}

function isDormant(spec: DirectorySpec, index: number, userClass: UserClass): boolean {
  const mayBeDisabled = index > 11 && index < spec.size && (userClass === 'person' || userClass === 'guest')
  return mayBeDisabled && hash(spec.seed, index, 2) % 1000 < 60
}

function isAdministrator(spec: DirectorySpec, index: number, userClass: UserClass): boolean {
  if (index < 2 || userClass === 'emergency' || index === fixedIndex.fifthAdmin) return true
  return index >= 1000 && index < spec.size && userClass === 'person' && hash(spec.seed, index, 4) % 1500 === 0
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
  if (joinedAt) return now.getTime() - joinedAt.getTime() > (6 + (hash(spec.seed, index, 14) % 60)) * 3_600_000
  return index <= 1000 || hash(spec.seed, index, 15) % 400 !== 0
}

/** Which people lack a second factor at first, and when (ms) each of them registers one. */
function pickPeopleWithoutMfa(spec: DirectorySpec): Map<number, number> {
  const chosen = new Map<number, number>()
  for (let index = Math.min(13, spec.size - 1); index < spec.size && chosen.size < spec.peopleWithoutMfa; index += 7) {
    if (classAt(spec, index) === 'person' && !isDormant(spec, index, 'person')) {
      chosen.set(index, Number.POSITIVE_INFINITY)
    }
  }
  return chosen
}

function methodsAt(seed: number, index: number, userClass: UserClass): string[] {
  if (userClass === 'emergency') return ['fido2SecurityKey']
  return methodSets[hash(seed, index, 16) % methodSets.length] ?? ['microsoftAuthenticatorPush']
}

/** An instant as Graph writes it, without fractions of a second. */
export function toSeconds(instant: Date): string {
  return `${instant.toISOString().slice(0, 19)}Z`
}

/** The id of a made-up object (group, policy …) of this tenant. */
export function objectId(seed: number, name: number): string {
  return uuidOf(seed, 77_000 + name)
}

const partners = ['fabrikam.example', 'northwind.example', 'tailspin.example', 'auditpartners.example', 'litware.example']
const servicePurposes = ['backup', 'scanner', 'erp-import', 'monitoring', 'teamsroom', 'reporting']
const sharedPurposes = ['Info', 'Billing', 'Careers', 'Press', 'Support']
const methodSets = [
  ['microsoftAuthenticatorPush', 'softwareOneTimePasscode'],
  ['microsoftAuthenticatorPush', 'softwareOneTimePasscode', 'mobilePhone'],
  ['microsoftAuthenticatorPasswordless', 'microsoftAuthenticatorPush'],
  ['mobilePhone', 'email'],
  ['windowsHelloForBusiness', 'microsoftAuthenticatorPush', 'softwareOneTimePasscode'],
  ['fido2SecurityKey', 'microsoftAuthenticatorPush', 'softwareOneTimePasscode'],
]
