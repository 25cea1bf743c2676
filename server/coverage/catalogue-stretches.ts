import { and, asc, eq, lte } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { events } from '../../db/schema/ledger.ts'
import { organizationProfile } from '../../db/schema/state.ts'
import type { Stretch } from '../domain/coverage/timeline.ts'

/** A stretch of time that one version of the catalogue judges, up to and with its last millisecond. */
export interface CatalogueStretch extends Stretch {
  readonly version: number
}

/** The versions in force over a stretch, as they were known as of the position, in order. */
export async function catalogueStretches(
  transaction: Transaction,
  { organizationId, position, from, to }: Stretch & { organizationId: string; position: number },
): Promise<CatalogueStretch[]> {
  const versions = await transaction
    .select({ at: events.recordedAt, version: organizationProfile.catalogueVersion })
    .from(organizationProfile)
    .innerJoin(
      events,
      and(eq(events.organizationId, organizationId), eq(events.position, organizationProfile.fromPosition)),
    )
    .where(
      and(
        eq(organizationProfile.organizationId, organizationId),
        lte(organizationProfile.fromPosition, position),
      ),
    )
    .orderBy(asc(organizationProfile.fromPosition))
  return versions.flatMap(({ at, version }, index) => {
    const next = versions[index + 1]?.at.getTime() ?? Number.POSITIVE_INFINITY
    const start = Math.max(at.getTime(), from.getTime())
    const end = Math.min(next - 1, to.getTime())
    return start <= end ? [{ version, from: new Date(start), to: new Date(end) }] : []
  })
}
