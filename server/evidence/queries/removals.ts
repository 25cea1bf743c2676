import { sql } from 'drizzle-orm'
import type { Transaction } from '../../../db/client.ts'
import type { Removal } from '../../domain/evidence/removal.ts'

/** The newest purge of each of these items, by the item's hash in hexadecimal. */
export async function removalsOf(
  transaction: Transaction,
  organizationId: string,
  hashes: readonly string[],
): Promise<ReadonlyMap<string, Removal>> {
  if (hashes.length === 0) return new Map()
  const rows = await transaction.execute<{ hash: string; position: string; at: string; reason: string }>(sql`
    select distinct on (p.hash) encode(p.hash, 'hex') as hash, p.position, e.recorded_at as at,
           e.payload::json ->> 'reason' as reason
      from ledger.purged_item p
      join ledger.events e on e.organization_id = ${organizationId} and e.position = p.position
     where p.organization_id = ${organizationId}
       and p.hash = any(string_to_array(${hashes.map(hash => `\\x${hash}`).join()}, ',')::bytea[])
     order by p.hash, p.position desc`)
  return new Map(
    rows.map(({ hash, position, at, reason }) => [
      hash,
      { reason, at: new Date(at), position: Number(position) },
    ]),
  )
}
