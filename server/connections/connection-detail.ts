import { and, count, eq, lte, sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { evidence } from '../../db/schema/ledger.ts'
import { credential, membership, syncSchedule } from '../../db/schema/state.ts'
import type { ConnectorManifest } from '../connectors/contract.ts'
import { connectionEventWords, credentialNames } from '../domain/connection/words.ts'
import { type Cadence, evidenceKind } from '../domain/evidence/kinds.ts'
import type { AsOf } from '../ledger/position-at.ts'
import { readStreamEnd } from '../ledger/read.ts'
import type { RecordedEvent } from '../ledger/recorded-event.ts'
import type { PeriodStart } from '../members/auditor-period.ts'
import { holdsAt } from '../projections/range.ts'
import type { ConnectionRow } from './read-connections.ts'
import { spreadOf } from './schedule.ts'
import { isConnectionEvent } from './state-of.ts'

/** `excess` is a read beyond the required ones; `beyond_reading` can do more than read. */
export const scopeStates = ['granted', 'missing', 'excess', 'beyond_reading'] as const

/** A permission, whether it is there, and which kinds hang on it. */
export interface ScopeStanding {
  scope: string
  state: (typeof scopeStates)[number]
  /** Titles of the kinds that are read with it. */
  kinds: string[]
}

/** Required permissions in the connector's order, then those granted beyond them, the gravest last. */
export function scopeStandings(manifest: ConnectorManifest, row: ConnectionRow): ScopeStanding[] {
  const required = manifest.requiredScopes.map(scope => ({
    scope,
    state: row.missingScopes.includes(scope) ? ('missing' as const) : ('granted' as const),
    kinds: manifest.reads
      .filter(read => read.scopes.includes(scope))
      .map(read => evidenceKind(read.kind).title),
  }))
  const known = new Set([...manifest.requiredScopes, ...row.excessScopes].map(lower))
  const beyond = row.grantedScopes.filter(scope => !known.has(lower(scope)))
  return [
    ...required,
    ...row.excessScopes.map(scope => ({ scope, state: 'excess' as const, kinds: [] })),
    ...beyond.map(scope => ({ scope, state: 'beyond_reading' as const, kinds: [] })),
  ]
}

const lower = (scope: string) => scope.toLowerCase()

/** The steps of a connection's life up to a moment, the newest first: at most the last 50; an auditor's of the period. */
export async function readHistory(
  transaction: Transaction,
  organizationId: string,
  connectionId: string,
  { asOf, start }: { asOf: AsOf; start: PeriodStart | null },
): Promise<{ type: string; position: number; at: Date; actor: string; words: string }[]> {
  const part = { streamId: connectionId, upTo: asOf.position, limit: 50 }
  const events = await readStreamEnd(transaction, organizationId, part)
  return events.flatMap((event: RecordedEvent) => {
    if (!isConnectionEvent(event) || (start && event.position <= start.position)) return []
    const { type, position, recordedAt: at, actor } = event
    return [{ type, position, at, actor, words: connectionEventWords(event) }]
  })
}

/** When each cadence of the connection is due next. Only now: past schedules are not kept. */
export async function readNextSyncs(
  transaction: Transaction,
  organizationId: string,
  connectionId: string,
): Promise<ReadonlyMap<Cadence, Date>> {
  const rows = await transaction
    .select({ cadence: syncSchedule.cadence, dueAt: syncSchedule.dueAt })
    .from(syncSchedule)
    .where(and(eq(syncSchedule.organizationId, organizationId), eq(syncSchedule.connectionId, connectionId)))
  return new Map(rows.map(row => [row.cadence, row.dueAt]))
}

/** The connection's own minute of the hour or of the day, in words. */
export function scheduleWords(connectionId: string, cadence: Cadence): string {
  const spread = spreadOf(connectionId, cadence)
  const minute = String(spread % 60).padStart(2, '0')
  if (cadence === 'hourly') return `Every hour, at minute ${minute}`
  return `Every day, at ${String(Math.floor(spread / 60)).padStart(2, '0')}:${minute} UTC`
}

/** What the connection's directory calls the account that signed in, as of a moment; null where it is not listed. */
export async function readSignInName(
  transaction: Transaction,
  organizationId: string,
  { sourceId, authorizedBy }: Pick<ConnectionRow, 'sourceId' | 'authorizedBy'>,
  asOf: AsOf,
): Promise<string | null> {
  const [row] = await transaction
    .select({ login: membership.login, label: membership.label })
    .from(membership)
    .where(
      and(
        holdsAt(membership, organizationId, asOf.position),
        eq(membership.sourceId, sourceId),
        eq(membership.kind, 'user_inventory'),
        eq(membership.subjectKey, authorizedBy),
      ),
    )
  return row ? (row.login ?? row.label) : null
}

/** What revoking would destroy, and how much stays. */
export async function readRevocation(
  transaction: Transaction,
  organizationId: string,
  { id, sourceId }: Pick<ConnectionRow, 'id' | 'sourceId'>,
  asOf: AsOf,
): Promise<{ destroys: string[]; keepsEvidence: number }> {
  const fields = await transaction
    .select({ field: credential.field })
    .from(credential)
    .where(and(eq(credential.organizationId, organizationId), eq(credential.connectionId, id)))
    .orderBy(credential.field)
  const [kept] = await transaction
    .select({ evidence: count() })
    .from(evidence)
    .where(
      and(
        eq(evidence.organizationId, organizationId),
        eq(evidence.sourceId, sourceId),
        lte(evidence.position, sql`${asOf.position}`),
      ),
    )
  return {
    destroys: fields.map(({ field }) => credentialNames[field] ?? field),
    keepsEvidence: kept?.evidence ?? 0,
  }
}
