import { pagesFrom, type SavedFile, tableFile } from '../export/table-file.ts'
import type { AsOf } from '../ledger/position-at.ts'
import { beforePeriod, periodStart } from '../members/auditor-period.ts'
import type { Access } from '../members/resolve-access.ts'
import type { Services } from '../services.ts'
import type { EventView } from './event-view.ts'
import { type EventFilters, listEvents } from './list-events.ts'

const batchSize = 500

/**
 * The events that a page's address asks for, the newest first. An auditor has those of the period.
 * @throws {AppError} not_found where an auditor asks for what lies before it
 */
export async function eventsFile(
  services: Pick<Services, 'database'>,
  access: Access,
  asOf: AsOf,
  filters: Omit<EventFilters, 'before'>,
): Promise<SavedFile> {
  const { organizationId } = access
  const { database } = services
  const start = await database.withOrganization(organizationId, transaction =>
    periodStart(transaction, access),
  )
  if (start && filters.from && filters.from < start.from) throw beforePeriod(start)
  const { streamType, streamId, type, actor, from, to } = filters
  return tableFile(access, asOf, {
    title: 'Audit trail',
    filters: { about: streamType, stream: streamId, type, by: actor, from, before: to },
    columns: [
      ['Position', event => event.position],
      ['Recorded', event => event.recordedAt],
      ['Type', event => event.type],
      ['What happened', event => event.words],
      ['By', event => event.actor.name],
      ['Stream', event => event.streamType],
      ['Stream id', event => event.streamId],
      ['Leaf hash (SHA-256)', event => event.leafHash],
    ],
    pages: pagesFrom<EventView, number>(async before => {
      const asked = before === null ? filters : { ...filters, before }
      const { events, next } = await database.withOrganization(organizationId, transaction =>
        listEvents(services, transaction, organizationId, asOf, { filters: asked, start, limit: batchSize }),
      )
      return { rows: events, next }
    }),
  })
}
