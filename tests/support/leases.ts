import { and, eq, isNotNull, sql } from 'drizzle-orm'
import { purge, syncSchedule } from '../../db/schema/state.ts'
import type { Scene } from './seed.ts'

/** As time does: the leases of a process that is gone run out, of its syncs and of its purge. */
export const endLeases = ({ services, organizationId }: Pick<Scene, 'services' | 'organizationId'>) =>
  services.database.withOrganization(organizationId, async transaction => {
    const leaseUntil = sql`statement_timestamp() - interval '1 second'`
    await transaction
      .update(syncSchedule)
      .set({ leaseUntil })
      .where(and(eq(syncSchedule.organizationId, organizationId), isNotNull(syncSchedule.runId)))
    await transaction
      .update(purge)
      .set({ leaseUntil })
      .where(and(eq(purge.organizationId, organizationId), isNotNull(purge.leaseUntil)))
  })
