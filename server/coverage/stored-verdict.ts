import type { verdict } from '../../db/schema/state.ts'
import { controlEvaluated } from '../domain/control/events.ts'
import type { Population } from '../domain/control/judgement.ts'
import { judgeRevoked } from '../domain/control/rules/missing-evidence.ts'
import type { TimedVerdict } from '../domain/control/verdict.ts'
import type { Source } from './read-sources.ts'

/** What was recorded of a control for one source. */
export interface StoredVerdict extends TimedVerdict {
  readonly controlId: string
  readonly sourceId: string
  readonly connectionId: string
  readonly population: Population
  /** When it was recorded, and the event that says so. */
  readonly at: Date
  readonly position: number
}

/** Checks a row against the schema of the event it came from. */
export function storedVerdict(row: typeof verdict.$inferSelect): StoredVerdict {
  const { controlId, sourceId, connectionId } = row
  const judged = recorded.parse({
    verdict: row.verdict,
    reasons: row.reasons,
    population: row.population,
    changes: row.changes,
  })
  return {
    controlId,
    sourceId,
    connectionId,
    ...judged,
    changes: judged.changes.map(change => ({ ...change, at: new Date(change.at) })),
    at: row.at,
    position: row.fromPosition,
  }
}

/** No data since the connection was revoked, whatever was recorded before. */
export function revokedVerdict(controlId: string, { sourceId, connection }: Source): StoredVerdict {
  return {
    controlId,
    sourceId,
    connectionId: connection.id,
    ...judgeRevoked(),
    at: connection.revokedAt ?? connection.connectedAt,
    position: connection.fromPosition,
  }
}

const recorded = controlEvaluated.pick({ verdict: true, reasons: true, population: true, changes: true })
