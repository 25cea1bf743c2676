import { and, eq } from 'drizzle-orm'
import { events } from '../../db/schema/ledger.ts'
import { sqlState } from '../../db/sql-state.ts'
import type { EventPayload } from '../domain/events.ts'
import { derivedId } from '../ledger/ids.ts'
import type { Access } from '../members/resolve-access.ts'
import type { Services } from '../services.ts'

const hour = 3_600_000

/** Of each member one stream: what was opened and taken along. */
const accessStream = ({ organizationId, userId }: Pick<Access, 'organizationId' | 'userId'>) =>
  ({ type: 'access', id: derivedId('access', organizationId, userId) }) as const

/** Records that somebody takes a population or a sample along as a file. */
export async function recordPopulationDownload(
  { ledger }: Pick<Services, 'ledger'>,
  access: Access,
  payload: EventPayload<'PopulationDownloaded'>,
): Promise<void> {
  await ledger.command(access.organizationId, `user:${access.userId}`, unit =>
    unit.append(accessStream(access), 'any', [{ type: 'PopulationDownloaded', payload }]),
  )
}

/**
 * Records that an auditor opened something: once an hour for each subject, so that reading fills no ledger. The event's
 * id says whom, what and which hour it is about, so that two requests at once record it once.
 */
export async function recordAuditorView(
  { ledger, database }: Pick<Services, 'ledger' | 'database'>,
  access: Access,
  viewed: Omit<EventPayload<'AuditorViewed'>, 'userId'>,
): Promise<void> {
  const { organizationId, userId } = access
  const inHour = Math.floor(ledger.clock.now().getTime() / hour)
  const id = derivedId('auditor-viewed', organizationId, userId, viewed.what, viewed.subject ?? '', inHour)
  const isKnown = await database.withOrganization(organizationId, async transaction => {
    const rows = await transaction
      .select({ position: events.position })
      .from(events)
      .where(and(eq(events.organizationId, organizationId), eq(events.eventId, id)))
    return rows.length > 0
  })
  if (isKnown) return
  try {
    await ledger.command(organizationId, `user:${userId}`, unit =>
      unit.append(accessStream(access), 'any', [
        { id, type: 'AuditorViewed', payload: { userId, ...viewed } },
      ]),
    )
  } catch (error) {
    if (sqlState(error) !== uniqueViolation) throw error
  }
}

/** The same was recorded by a request at the same moment. */
const uniqueViolation = '23505'
