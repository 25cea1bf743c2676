import { randomUUID } from 'node:crypto'
import { asc, eq } from 'drizzle-orm'
import type { Database } from '../../db/client.ts'
import { events } from '../../db/schema/ledger.ts'
import { checkpoint, tile } from '../../db/schema/log.ts'
import type { Ledger } from '../../server/ledger/ledger.ts'
import { actor, appendTo } from './ledger.ts'

/** What is stored of an organization's log, read past the code that seals it. */
export const storedLog = ({ database }: { database: Database }, organizationId: string) => ({
  leafHashes: () =>
    database.withOrganization(organizationId, async transaction => {
      const rows = await transaction
        .select({ leafHash: events.leafHash })
        .from(events)
        .where(eq(events.organizationId, organizationId))
        .orderBy(asc(events.position))
      return rows.map(row => row.leafHash)
    }),
  tiles: () =>
    database.withOrganization(organizationId, transaction =>
      transaction
        .select()
        .from(tile)
        .where(eq(tile.organizationId, organizationId))
        .orderBy(asc(tile.level), asc(tile.index)),
    ),
  checkpoints: () =>
    database.withOrganization(organizationId, transaction =>
      transaction
        .select()
        .from(checkpoint)
        .where(eq(checkpoint.organizationId, organizationId))
        .orderBy(asc(checkpoint.size)),
    ),
})

/** Appends small events until the log holds so many more. */
export async function grow(ledger: Ledger, organizationId: string, count: number): Promise<void> {
  for (let left = count; left > 0; left -= 1_000) {
    await ledger.command(organizationId, actor, unit =>
      appendTo(unit, randomUUID(), 0, Math.min(left, 1_000)),
    )
  }
}
