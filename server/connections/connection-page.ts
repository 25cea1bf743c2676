import type { Database, Transaction } from '../../db/client.ts'
import { isAllowed } from '../domain/member/roles.ts'
import { type RunView, readProgress } from '../evidence/follow-run.ts'
import type { AsOf } from '../ledger/position-at.ts'
import { periodStart } from '../members/auditor-period.ts'
import { namesOfPeople, personOf } from '../members/person-names.ts'
import type { Access } from '../members/resolve-access.ts'
import type { Services } from '../services.ts'
import {
  readHistory,
  readNextSync,
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
  schedule: string
  /** Null in a look back: past schedules are not kept. */
  nextSyncAt: Date | null
  newestRun: ListedRun | null
  /** The newest run that has ended: progress is followed from there. */
  newestEndedRun: string | null
  /** What the run in flight has read so far; now only. */
  progress: RunView['kinds']
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
  const { runs } = await listRuns(transaction, organizationId, connectionId, {
    position: asOf.position,
    before: null,
    limit: 10,
    start,
  })
  const newestRun = runs[0] ?? null
  const isRunning = asOf.isNow && newestRun?.outcome === 'running'
  return {
    connection: standing,
    scopes: scopeStandings(connectors.get(row.connector).manifest, row),
    schedule: scheduleWords(connectionId),
    nextSyncAt: isLive ? await readNextSync(transaction, organizationId, connectionId) : null,
    newestRun,
    newestEndedRun: runs.find(({ outcome }) => outcome !== 'running')?.id ?? null,
    progress:
      isRunning && newestRun ? (await readProgress(transaction, organizationId, newestRun.id)).kinds : [],
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
