import { and, desc, eq, inArray } from 'drizzle-orm'
import type { Database, Transaction } from '../../db/client.ts'
import { events } from '../../db/schema/ledger.ts'
import type { SealObstacle } from '../domain/log/events.ts'
import { decideSealing, type SealingWord } from '../domain/log/sealing.ts'
import { AppError } from '../errors.ts'
import { newestCheckpoint } from './checkpoints.ts'
import type { Ledger } from './ledger.ts'
import { lockHead } from './lock-head.ts'
import { sealerActor } from './log-keys.ts'
import { LogRewritten } from './log-rewritten.ts'

/** What kept a log from being sealed; null for what says nothing of the log: a database that was gone, a shutdown. */
export function sealObstacle(error: unknown): SealObstacle | null {
  if (error instanceof LogRewritten) return 'log_rewritten'
  return error instanceof AppError && error.code === 'unavailable' ? 'key_service' : null
}

/**
 * Records that a log could not be sealed, or that it is again: once for an outage, whoever notices. Nothing is written
 * where the log says so already.
 */
export async function noteSealing(
  { database, ledger }: { database: Database; ledger: Ledger },
  organizationId: string,
  outcome: 'sealed' | SealObstacle,
): Promise<void> {
  const decide = async (transaction: Transaction) => {
    const size = (await newestCheckpoint(transaction, organizationId))?.size ?? 0
    const what =
      outcome === 'sealed'
        ? ({ type: 'sealed', size } as const)
        : ({ type: 'failed', size, obstacle: outcome } as const)
    return decideSealing(what, await newestWord(transaction, organizationId))
  }
  const due = await database.withOrganization(organizationId, decide)
  if (due.length === 0) return
  await ledger.command(organizationId, sealerActor, async unit => {
    await lockHead(unit)
    await unit.append({ type: 'organization', id: organizationId }, 'any', await decide(unit.transaction))
  })
}

/** The words there are, all in the organization's own stream. */
const words = ['SealingFailed', 'SealingResumed', 'OrganizationDeleted'] as const

async function newestWord(transaction: Transaction, organizationId: string): Promise<SealingWord> {
  const [newest] = await transaction
    .select({ type: events.eventType })
    .from(events)
    .where(
      and(
        eq(events.organizationId, organizationId),
        eq(events.streamId, organizationId),
        inArray(events.eventType, [...words]),
      ),
    )
    .orderBy(desc(events.streamVersion))
    .limit(1)
  return words.find(word => word === newest?.type) ?? null
}
