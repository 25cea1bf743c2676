import { rebuildProjections } from '../../server/projections/rebuild/rebuild.ts'
import type { Services } from '../../server/services.ts'

/** What a rebuild would change of an organization's projections: nothing, where they are what its events lead to. */
export async function rebuildWouldChange(
  services: Pick<Services, 'database' | 'clock'>,
  organizationId: string,
): Promise<Record<string, unknown>> {
  const { differences } = await rebuildProjections(services, { organizationId, isCheck: true })
  return differences
}
