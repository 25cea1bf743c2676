import { and, asc, eq, gt } from 'drizzle-orm'
import { events } from '../../db/schema/ledger.ts'
import type { Scene } from './seed.ts'

/** What `work` has an organization record: each event's payload with its type, oldest first. */
export async function recordedDuring<T, Said extends { type: string }>(
  { services, organizationId }: Pick<Scene, 'services' | 'organizationId'>,
  work: () => Promise<T>,
): Promise<{ result: T; recorded: Said[] }> {
  const read = (after: number) =>
    services.database.withOrganization(organizationId, transaction =>
      transaction
        .select({ position: events.position, type: events.eventType, payload: events.payload })
        .from(events)
        .where(and(eq(events.organizationId, organizationId), gt(events.position, after)))
        .orderBy(asc(events.position)),
    )
  const before = (await read(-1)).at(-1)?.position ?? -1
  const result = await work()
  const recorded = (await read(before)).map(({ type, payload }) => ({ ...JSON.parse(payload), type }))
  return { result, recorded }
}
