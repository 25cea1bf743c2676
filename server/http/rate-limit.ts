import type { Database } from '../../db/client.ts'
import { limitAttempts } from '../auth/attempts.ts'

/** What an organization may do only so often: each costs the source, the key service or the database much. */
export type LimitedAction = keyof typeof limits

/**
 * Counts one use of an action by an organization, across all processes. Call it before the transaction of the work: it
 * takes a connection of its own, and a use counts though the work fails.
 * @throws {AppError} `too_many_requests` beyond the limit, with the minutes to wait.
 */
export async function limitAction(
  database: Database,
  action: LimitedAction,
  organizationId: string,
): Promise<void> {
  await limitAttempts(database, [{ key: `${action}:organization:${organizationId}`, ...limits[action] }])
}

const limits = {
  connect: { max: 20, windowMinutes: 60 },
  sync_now: { max: 20, windowMinutes: 60 },
  replay: { max: 60, windowMinutes: 60 },
  export: { max: 20, windowMinutes: 60 },
  webhook_test: { max: 30, windowMinutes: 60 },
  verify: { max: 20, windowMinutes: 60 },
} as const
