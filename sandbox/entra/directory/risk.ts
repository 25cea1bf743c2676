import { type DirectoryUser, objectId } from './account.ts'
import { day } from './churn.ts'
import type { Directory } from './directory.ts'
import { hash, uuidOf } from './hash.ts'

const hour = 3_600_000

/** What was detected: as named now, and as the older enumeration can name it. */
export interface RiskEventTypes {
  current: string[]
  older: string[]
}

/** One risky sign-in with the outcome that it has at the asked instant. */
export interface RiskEvent {
  id: string
  at: number
  order: number
  user: DirectoryUser
  level: 'low' | 'medium' | 'high'
  eventTypes: RiskEventTypes
  riskState: 'atRisk' | 'remediated' | 'dismissed' | 'confirmedSafe' | 'confirmedCompromised'
  riskDetail: string
  changedAt: number
}

export interface RiskSpec {
  seed: number
  size: number
  since: Date
  riskySignInsPerDay?: number
}

/** Risky sign-ins of one UTC hour, oldest first, as they stand at `now`; the same hour always has the same ones. */
export function riskEventsOfHour(
  spec: RiskSpec,
  directory: Directory,
  hourNumber: number,
  now: Date,
): RiskEvent[] {
  const { seed, size } = spec
  // One every three or four days in a small company; large directories get more, up to 200 a day.
  const perHour = (spec.riskySignInsPerDay ?? Math.min(200, 0.25 + size / 2500)) / 24
  const count = Math.floor(perHour) + (hash(seed, hourNumber, 51) / 2 ** 32 < perHour % 1 ? 1 : 0)
  const events: RiskEvent[] = []
  for (let order = 0; order < count; order += 1) {
    const at = hourNumber * hour + (hash(seed, hourNumber, order, 52) % 3600) * 1000
    const user = pickUser(spec, directory, hourNumber, order, new Date(at))
    if (!user || at > now.getTime()) continue
    const draw = hash(seed, hourNumber, order, 53)
    const level = draw % 100 < 45 ? 'low' : draw % 100 < 85 ? 'medium' : 'high'
    const [riskState, riskDetail, settledAfter] = outcome(seed, hourNumber, order, level)
    const isSettled = now.getTime() >= at + settledAfter
    events.push({
      id: uuidOf(seed, hourNumber, order, 54),
      at,
      order,
      user,
      level,
      eventTypes: eventTypeSets[draw % eventTypeSets.length] ?? unfamiliar,
      riskState: isSettled ? riskState : 'atRisk',
      riskDetail: isSettled ? riskDetail : 'none',
      changedAt: isSettled ? at + settledAfter : at,
    })
  }
  return events.sort((a, b) => a.at - b.at)
}

/** Graph's riskyUsers at an instant: everyone with a risk in the last 90 days, and two who are long settled. */
export function riskyUsersAt(spec: RiskSpec, directory: Directory, now: Date): Record<string, unknown>[] {
  const latest = new Map<string, RiskEvent>()
  const lastHour = Math.floor(now.getTime() / hour)
  for (let number = lastHour - 90 * 24; number <= lastHour; number += 1) {
    for (const event of riskEventsOfHour(spec, directory, number, now)) {
      const before = latest.get(event.user.id)
      // A risk that is still open outranks a later one that was settled.
      if (before?.riskState !== 'atRisk' || event.riskState === 'atRisk') latest.set(event.user.id, event)
    }
  }
  const current = [...latest.values()].map(event => riskyUser(event, directory, now))
  return [...oldRiskyUsers(spec), ...current]
}

function riskyUser(event: RiskEvent, directory: Directory, now: Date): Record<string, unknown> {
  const isOpen = event.riskState === 'atRisk' || event.riskState === 'confirmedCompromised'
  return {
    id: event.user.id,
    isDeleted: directory.userAt(event.user.index, now) === null,
    isProcessing: false,
    riskLevel: isOpen ? event.level : 'none',
    riskState: event.riskState,
    riskDetail: event.riskDetail,
    riskLastUpdatedDateTime: new Date(event.changedAt).toISOString(),
    userDisplayName: event.user.displayName,
    userPrincipalName: event.user.userPrincipalName,
  }
}

function oldRiskyUsers(spec: RiskSpec): Record<string, unknown>[] {
  const old = (name: number, isDeleted: boolean, riskState: string, riskDetail: string) => ({
    id: objectId(spec.seed, 700 + name),
    isDeleted,
    isProcessing: false,
    riskLevel: 'none',
    riskState,
    riskDetail,
    riskLastUpdatedDateTime: new Date(spec.since.getTime() - (200 + name) * day).toISOString(),
    userDisplayName: isDeleted ? 'Former employee' : 'Renamed account',
    userPrincipalName: `former${name}@left.example`,
  })
  return [
    old(1, true, 'remediated', 'userPerformedSecuredPasswordChange'),
    // What a client does not know yet, Graph names by this placeholder.
    old(2, true, 'dismissed', 'unknownFutureValue'),
  ]
}

function pickUser(spec: RiskSpec, directory: Directory, hourNumber: number, order: number, at: Date) {
  for (let attempt = 0; attempt < 6; attempt += 1) {
    const user = directory.generatedAt(hash(spec.seed, hourNumber, order, 55, attempt) % spec.size, at)
    if (user?.accountEnabled && (user.class === 'person' || user.class === 'guest')) return user
  }
  return null
}

/** How the risk ends and after how many milliseconds; one high risk in twelve is settled too late. */
function outcome(
  seed: number,
  hourNumber: number,
  order: number,
  level: RiskEvent['level'],
): [RiskEvent['riskState'], string, number] {
  const draw = hash(seed, hourNumber, order, 56)
  const isLate = level === 'high' && draw % 12 === 0
  const hours = level === 'high' ? 0.2 + (draw % 180) / 10 : 0.5 + (draw % 560) / 10
  const after = (isLate ? 30 + (draw % 20) : hours) * hour
  const kind = (draw >>> 8) % 100
  if (kind < 55) return ['remediated', 'userPassedMFADrivenByRiskBasedPolicy', after]
  if (kind < 72) return ['remediated', 'userPerformedSecuredPasswordChange', after]
  if (kind < 88) return ['dismissed', 'adminDismissedAllRiskForUser', after]
  if (kind < 97) return ['confirmedSafe', 'adminConfirmedSigninSafe', after]
  return ['confirmedCompromised', 'adminConfirmedSigninCompromised', after]
}

const known = (...types: string[]): RiskEventTypes => ({ current: types, older: types })
const unfamiliar = known('unfamiliarFeatures')

const eventTypeSets = [
  unfamiliar,
  known('unlikelyTravel'),
  known('anonymizedIPAddress', 'unfamiliarFeatures'),
  known('maliciousIPAddress'),
  known('unfamiliarFeatures', 'mcasImpossibleTravel'),
  { current: ['anomalousToken'], older: ['unknownFutureValue'] },
]
