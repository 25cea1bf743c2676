import type { Database, Transaction } from '../../db/client.ts'
import { offeredKinds } from '../connectors/offered.ts'
import { type Cadence, evidenceKind, isHourly } from '../domain/evidence/kinds.ts'
import { isAllowed } from '../domain/member/roles.ts'
import { type RunView, readProgress } from '../evidence/follow-run.ts'
import type { AsOf } from '../ledger/position-at.ts'
import { periodStart } from '../members/auditor-period.ts'
import { namesOfPeople, personOf } from '../members/person-names.ts'
import type { Access } from '../members/resolve-access.ts'
import type { Services } from '../services.ts'
import {
  readHistory,
  readNextSyncs,
  readRevocation,
  readSignInName,
  type ScopeStanding,
  scheduleWords,
  scopeStandings,
} from './connection-detail.ts'
import { type ListedRun, listRuns } from './list-runs.ts'
import { type ConnectionStanding, readConnection } from './read-connections.ts'
import { revokeWord } from './revoke-confirmed.ts'

/** Everything about one connection as of a moment. */
export interface ConnectionPage {
  connection: ConnectionStanding
  scopes: ScopeStanding[]
  /** When the granted permissions were last seen: with the sign-in, or at the refresh of a run since. */
  scopesSeenAt: Date
  schedule: string
  /** Null in a look back: past schedules are not kept. */
  nextSyncAt: Date | null
  /** The newest hourly run, and the newest that has ended: progress is followed from there. */
  newestRun: ListedRun | null
  newestEndedRun: string | null
  /** What the hourly run in flight has read so far; now only. */
  progress: RunView['kinds']
  daily: DailySyncs | null
  authorizedBy: { objectId: string; login: string | null }
  history: ConnectionStep[]
  revocation: { word: string; destroys: string[]; keepsEvidence: number } | null
  can: { manage: boolean; sync: boolean }
}

interface ConnectionStep {
  type: string
  position: number
  at: Date
  actor: string
  words: string
}

/** What is read once a day, apart from the hourly runs; null where the source has no such kind. */
export interface DailySyncs {
  titles: string[]
  schedule: string
  /** Null in a look back, and for a connection that is not scheduled for it yet. */
  nextSyncAt: Date | null
  newestRun: ListedRun | null
  progress: RunView['kinds']
}

/** @throws {AppError} not_found */
export async function readConnectionPage(
  { connectors }: Pick<Services, 'connectors'>,
  access: Access,
  transaction: Transaction,
  connectionId: string,
  asOf: AsOf,
): Promise<ConnectionPage> {
  const { organizationId, role } = access
  const { row, standing } = await readConnection(connectors, transaction, organizationId, connectionId, asOf)
  const isLive = asOf.isNow && standing.status !== 'revoked'
  const can = {
    manage: isLive && isAllowed(role, 'connections:manage'),
    sync: isLive && isAllowed(role, 'connections:sync'),
  }
  const start = await periodStart(transaction, access)
  const runsOf = async (cadence: Cadence, limit: number) => {
    const page = { position: asOf.position, before: null, limit, start, cadence }
    return (await listRuns(transaction, organizationId, connectionId, page)).runs
  }
  const progressOf = async (run: ListedRun | null) =>
    asOf.isNow && run?.outcome === 'running'
      ? (await readProgress(transaction, organizationId, run.id)).kinds
      : []
  const runs = await runsOf('hourly', 10)
  const newestRun = runs[0] ?? null
  const [newestDailyRun = null] = await runsOf('daily', 1)
  const dueAt = isLive ? await readNextSyncs(transaction, organizationId, connectionId) : new Map()
  const { manifest } = connectors.get(row.connector)
  const dailyKinds = offeredKinds(manifest, row.cloud).filter(kind => !isHourly(kind))
  return {
    connection: standing,
    scopes: scopeStandings(manifest, row),
    scopesSeenAt: latest(row.authorizedAt, ...runs.filter(hasRefreshed).map(({ startedAt }) => startedAt)),
    schedule: scheduleWords(connectionId, 'hourly'),
    nextSyncAt: dueAt.get('hourly') ?? null,
    newestRun,
    newestEndedRun: runs.find(({ outcome }) => outcome !== 'running')?.id ?? null,
    progress: await progressOf(newestRun),
    daily:
      dailyKinds.length === 0
        ? null
        : {
            titles: dailyKinds.map(kind => evidenceKind(kind).title),
            schedule: scheduleWords(connectionId, 'daily'),
            nextSyncAt: dueAt.get('daily') ?? null,
            newestRun: newestDailyRun,
            progress: await progressOf(newestDailyRun),
          },
    authorizedBy: {
      objectId: row.authorizedBy,
      // A name out of the directory is evidence.
      login: isAllowed(role, 'evidence:read')
        ? await readSignInName(transaction, organizationId, row, asOf)
        : null,
    },
    history: await readHistory(transaction, organizationId, connectionId, { asOf, start }),
    revocation: can.manage
      ? {
          word: revokeWord(row.externalTenantId),
          ...(await readRevocation(transaction, organizationId, row, asOf)),
        }
      : null,
    can,
  }
}

/** A run that came to any kind refreshed its token first. */
const hasRefreshed = ({ kinds }: ListedRun) => kinds.length > 0

const latest = (...instants: Date[]) => new Date(Math.max(...instants.map(instant => instant.getTime())))

/** Says who took each step, by the name the person has today. Not in the read's transaction: names stand outside it. */
export async function nameSteps<T extends Pick<ConnectionPage, 'history'>>(database: Database, page: T) {
  const names = await namesOfPeople(
    database,
    page.history.flatMap(({ actor }) => personOf(actor) ?? []),
  )
  const history = page.history.map(({ actor, ...step }) => ({
    ...step,
    by: names.get(personOf(actor) ?? '') ?? null,
  }))
  const connectedBy = history.find(({ type }) => type === 'ConnectionConnected')?.by ?? null
  return { ...page, history, connectedBy }
}
