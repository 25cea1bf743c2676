import { sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { sealEnd } from '../domain/retention/window.ts'
import { retentionStream } from '../ledger/ids.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { type HeldPurge, holdPurge } from './purge-lease.ts'
import { yearsNow } from './years-now.ts'

/** That a body `b` is held by a seal, by the time of the database: a seal without an end holds for good. */
export const heldBySeal = sql`(b.sealed_by is not null and coalesce(b.sealed_until > statement_timestamp(), true))`

/** The bodies that approved assessments hold, and which. */
export async function keptBySeals(
  transaction: Transaction,
  organizationId: string,
): Promise<{ count: number; assessments: string[] }> {
  const rows = await transaction.execute<{ id: string; count: number }>(sql`
    select b.sealed_by as id, count(*)::int as count
      from ledger.item_body b
     where b.organization_id = ${organizationId} and ${heldBySeal}
     group by b.sealed_by
     order by b.sealed_by`)
  return inAll(rows)
}

/**
 * Gives every seal of a deleted organization that has none an end: what it holds goes once the retention has passed. One
 * event tells when, how much and whose. Again, it finds nothing.
 */
export async function endSeals(ledger: Ledger, held: HeldPurge): Promise<void> {
  const { organizationId } = held
  await ledger.command(organizationId, 'system:deletion', async unit => {
    const { transaction, now } = unit
    await holdPurge(transaction, held)
    const until = sealEnd(now, await yearsNow(transaction, organizationId)).toISOString()
    // The guard counts by its own clock, which a simulated one may be far from.
    const rows = await transaction.execute<{ id: string; until: number; count: number }>(sql`
      with ending as materialized (
        select greatest(${until}::timestamptz, date_trunc('milliseconds', statement_timestamp()) + interval '1 year 1 minute')
                 as until),
      ended as (
        update ledger.item_body b set sealed_until = (select until from ending)
         where b.organization_id = ${organizationId} and b.sealed_by is not null and b.sealed_until is null
        returning b.sealed_by, b.sealed_until)
      select sealed_by as id, (extract(epoch from sealed_until) * 1000)::float8 as until, count(*)::int as count
        from ended group by sealed_by, sealed_until order by sealed_by`)
    const [first] = rows
    if (!first) return
    await unit.append({ type: 'retention', id: retentionStream(organizationId) }, 'any', [
      { type: 'SealEndSet', payload: { until: new Date(first.until).toISOString(), ...inAll(rows) } },
    ])
  })
}

const inAll = (rows: readonly { id: string; count: number }[]) => ({
  count: rows.reduce((sum, { count }) => sum + count, 0),
  assessments: rows.map(({ id }) => id),
})
