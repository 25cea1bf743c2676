import { sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import type { PolicyChange } from '../domain/control/rules/ac-12.ts'

/** Each time the source had other policies than before; what it had first, and what is only read differently, is none. */
export async function policyChanges(
  transaction: Transaction,
  organizationId: string,
  { sourceId, since }: { sourceId: string; since: Date },
): Promise<PolicyChange[]> {
  const rows = await transaction.execute<{ id: string; at: Date | string }>(sql`
    select v.id, e.recorded_at as at
      from ledger.evidence v
      join ledger.events e on e.organization_id = ${organizationId} and e.position = v.position
     where v.organization_id = ${organizationId} and v.source_id = ${sourceId}
       and v.kind = 'conditional_access_policies' and e.recorded_at > ${since.toISOString()}::timestamptz
       and e.payload::jsonb ->> 'cause' = 'source'
       and exists (select 1 from ledger.evidence earlier
                    where earlier.organization_id = ${organizationId} and earlier.source_id = ${sourceId}
                      and earlier.kind = v.kind and earlier.position < v.position)
     order by v.position`)
  return rows.map(({ id, at }) => ({ evidenceId: id, at: new Date(at) }))
}
