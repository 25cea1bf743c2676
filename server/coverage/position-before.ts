import { type SQL, sql } from 'drizzle-orm'

/** The last position at or before an instant, as part of a statement; 0 where the instant is before everything. */
export const positionBefore = (organizationId: string, instant: Date): SQL => sql`coalesce((
  select e.position from ledger.events e
   where e.organization_id = ${organizationId} and e.recorded_at <= ${instant.toISOString()}::timestamptz
   order by e.recorded_at desc limit 1), 0)`
