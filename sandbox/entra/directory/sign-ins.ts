import type { DirectoryUser } from './account.ts'
import type { Directory } from './directory.ts'
import { hash, uuidOf } from './hash.ts'
import { type RiskEvent, type RiskSpec, riskEventsOfHour } from './risk.ts'

const hour = 3_600_000

export interface SignInRange {
  from: Date
  to: Date
  /** Null asks for every sign-in. */
  riskStates: string[] | null
  hasRiskLevels: boolean
  lateArrivals: boolean
  tenantId: string
}

/**
 * Sign-ins with `from` <= createdDateTime <= `to` as they stand at `now`, newest first. Asked again with the
 * same instant, the answer is the same.
 */
export function* signIns(
  spec: RiskSpec,
  directory: Directory,
  range: SignInRange,
  now: Date,
): Generator<Record<string, unknown>> {
  const first = Math.floor(range.from.getTime() / hour)
  const last = Math.floor(Math.min(range.to.getTime(), now.getTime()) / hour)
  const wantsOrdinary = range.riskStates === null || range.riskStates.includes('none')
  for (let number = last; number >= first; number -= 1) {
    const risky = riskEventsOfHour(spec, directory, number, now).filter(
      event => range.riskStates === null || range.riskStates.includes(event.riskState),
    )
    const rows = risky.map(event => ({
      at: event.at,
      arrives: arrival(spec.seed, event),
      row: riskySignIn(spec, event, range),
    }))
    if (wantsOrdinary) rows.push(...ordinaryOfHour(spec, directory, number, range))
    rows.sort((a, b) => b.at - a.at)
    for (const { at, arrives, row } of rows) {
      const isThere = at <= now.getTime() && (!range.lateArrivals || arrives <= now.getTime())
      if (isThere && at >= range.from.getTime() && at <= range.to.getTime()) yield row
    }
  }
}

/** Sign-ins show within 2 to 5 minutes, risky ones up to 2 hours later. Source: Entra report latencies. */
function arrival(seed: number, event: RiskEvent): number {
  return event.at + (2 + (hash(seed, event.at / 1000, event.order, 61) % 118)) * 60_000
}

function riskySignIn(spec: RiskSpec, event: RiskEvent, range: SignInRange): Record<string, unknown> {
  const level = range.hasRiskLevels ? event.level : 'hidden'
  const isOpen = event.riskState === 'atRisk' || event.riskState === 'confirmedCompromised'
  const types = range.hasRiskLevels ? event.eventTypes : { current: [], older: [] }
  return {
    ...signIn(spec, event.user, event.id, event.at, range, false),
    riskDetail: range.hasRiskLevels ? event.riskDetail : 'hidden',
    riskLevelAggregated: range.hasRiskLevels && !isOpen ? 'none' : level,
    riskLevelDuringSignIn: level,
    riskState: event.riskState,
    riskEventTypes: types.older,
    riskEventTypes_v2: types.current,
  }
}

function ordinaryOfHour(spec: RiskSpec, directory: Directory, number: number, range: SignInRange) {
  const isOfficeHour = number % 24 >= 7 && number % 24 <= 18
  const count = Math.ceil(Math.min(spec.size, 5000) * (isOfficeHour ? 0.08 : 0.01))
  const rows: { at: number; arrives: number; row: Record<string, unknown> }[] = []
  for (let order = 0; order < count; order += 1) {
    const at = number * hour + (hash(spec.seed, number, order, 62) % 3600) * 1000
    const user = directory.generatedAt(hash(spec.seed, number, order, 63) % spec.size, new Date(at))
    if (!user?.accountEnabled || user.class === 'shared') continue
    const id = uuidOf(spec.seed, number, order, 64)
    rows.push({
      at,
      arrives: at + 180_000,
      row: {
        ...signIn(spec, user, id, at, range, true),
        riskDetail: 'none',
        riskLevelAggregated: range.hasRiskLevels ? 'none' : 'hidden',
        riskLevelDuringSignIn: range.hasRiskLevels ? 'none' : 'hidden',
        riskState: 'none',
        riskEventTypes: [],
        riskEventTypes_v2: [],
      },
    })
  }
  return rows
}

function signIn(
  spec: RiskSpec,
  user: DirectoryUser,
  id: string,
  at: number,
  range: SignInRange,
  isOrdinary: boolean,
) {
  const draw = hash(spec.seed, at / 1000, user.index, 65)
  const place = places[draw % (isOrdinary ? 3 : places.length)] ?? places[0]
  const app = apps[draw % apps.length] ?? apps[0]
  return {
    id,
    createdDateTime: `${new Date(at).toISOString().slice(0, 19)}Z`,
    userDisplayName: user.displayName,
    // In sign-ins a guest's name is the home address, in lower case, not the #EXT# one of the directory.
    userPrincipalName: (user.userType === 'Guest' ? (user.mail ?? '') : user.userPrincipalName).toLowerCase(),
    userId: user.id,
    appId: app?.id,
    appDisplayName: app?.name,
    ipAddress: `203.0.113.${draw % 250}`,
    clientAppUsed: 'Browser',
    correlationId: uuidOf(spec.seed, at / 1000, user.index, 66),
    conditionalAccessStatus: 'success',
    isInteractive: true,
    resourceDisplayName: 'Microsoft Graph',
    resourceId: '00000003-0000-0000-c000-000000000000',
    resourceTenantId: range.tenantId,
    homeTenantId: range.tenantId,
    status: { errorCode: 0, failureReason: 'Other.', additionalDetails: null },
    deviceDetail: {
      deviceId: '',
      displayName: '',
      operatingSystem: isOrdinary ? 'Windows10' : 'Linux',
      browser: 'Edge 128.0.0',
      isCompliant: isOrdinary,
      isManaged: isOrdinary,
      trustType: '',
    },
    location: {
      city: place?.city,
      state: place?.state,
      countryOrRegion: place?.country,
      geoCoordinates: { altitude: null, latitude: place?.latitude, longitude: place?.longitude },
    },
    appliedConditionalAccessPolicies: [],
  }
}

const places = [
  { city: 'Dublin', state: 'Dublin', country: 'IE', latitude: 53.35, longitude: -6.26 },
  { city: 'Lisbon', state: 'Lisboa', country: 'PT', latitude: 38.72, longitude: -9.14 },
  { city: 'Kraków', state: 'Małopolskie', country: 'PL', latitude: 50.06, longitude: 19.94 },
  { city: 'Lagos', state: 'Lagos', country: 'NG', latitude: 6.45, longitude: 3.39 },
  { city: 'São Paulo', state: 'São Paulo', country: 'BR', latitude: -23.55, longitude: -46.63 },
  { city: 'Jakarta', state: 'Jakarta', country: 'ID', latitude: -6.21, longitude: 106.85 },
]

const apps = [
  { id: '00000002-0000-0ff1-ce00-000000000000', name: 'Office 365 Exchange Online' },
  { id: 'c44b4083-3bb0-49c1-b47d-974e53cbdf3c', name: 'Azure Portal' },
  { id: '5e3ce6c0-2b1f-4285-8d4b-75ee78787346', name: 'Microsoft Teams Web Client' },
]
