import { and, eq, sql } from 'drizzle-orm'
import { syncSchedule } from '../../db/schema/state.ts'
import type { Scene } from './seed.ts'

/** As time does: the lease of a process that is gone runs out. */
export const endLeases = ({ services, organizationId }: Pick<Scene, 'services' | 'organizationId'>) =>
  services.database.withOrganization(organizationId, transaction =>
    transaction
      .update(syncSchedule)
      .set({ leaseUntil: sql`clock_timestamp() - interval '1 second'` })
      .where(and(eq(syncSchedule.organizationId, organizationId), sql`${syncSchedule.runId} is not null`)),
  )
