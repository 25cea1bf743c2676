import { gt, lte } from 'drizzle-orm'
import { events } from '../../db/schema/ledger.ts'
import { countOpenAlerts } from '../alerts/count-open.ts'
import { isAllowed } from '../domain/member/roles.ts'
import { AppError } from '../errors.ts'
import { watchHead } from '../ledger/head-feed.ts'
import { periodStart } from '../members/auditor-period.ts'
import { boundAsOf } from '../members/auditor-window.ts'
import { type Access, resolveAccess } from '../members/resolve-access.ts'
import type { Services } from '../services.ts'
import { type EventView, eventView, peopleOf } from './event-view.ts'
import { selectEvents } from './list-events.ts'

/** What was recorded since a page was made. */
export interface LedgerNews {
  /** The last event that the page knows of with this. */
  position: number
  /** Where the ledger stood. The page has caught up once it is there. */
  head: number
  /** How many alerts were open as of the position. */
  openAlerts: number
  /** Oldest first, without a gap; none for those who may not read the ledger. */
  events: EventView[]
}

/** Events in one message: no more than a page of them. */
const mostAtOnce = 50

/** Milliseconds after which a stream ends, for its reader to come again and show who it is. */
const longestFollow = 10 * 60_000

type Following = Pick<Services, 'ledger' | 'database' | 'clock'>

/**
 * Follows an organization's ledger from the event after a position: where it is at once, then all that is recorded, in
 * order and each event once. What counts is the position alone, so that any process goes on where another left off.
 * @throws {AppError} not_found and forbidden once the reader is no member any more, or an auditor's period is over
 */
export async function* followEvents(
  services: Following,
  access: Access,
  { after, signal }: { after: number; signal: AbortSignal },
): AsyncGenerator<LedgerNews> {
  const until = AbortSignal.any([signal, AbortSignal.timeout(longestFollow)])
  let known: number | null = null
  for await (const head of watchHead(services.ledger, access.organizationId, until)) {
    while (known === null || known < head) {
      const news: LedgerNews = await readNews(services, access, {
        after: known ?? Math.min(after, head),
        head,
      })
      known = news.position
      yield news
    }
  }
}

/** A stream lasts longer than a membership may: who reads is looked up anew for each message. */
async function readNews(
  services: Following,
  { userId, slug, organizationId }: Access,
  { after, head }: { after: number; head: number },
): Promise<LedgerNews> {
  const access = await resolveAccess(services, { userId, slug })
  if (boundAsOf(access, { kind: 'now' }, services.clock.now()).kind !== 'now') throw periodOver()
  const isReader = isAllowed(access.role, 'ledger:read')
  return services.database.withOrganization(organizationId, async transaction => {
    const start = await periodStart(transaction, access)
    const from = Math.max(after, start?.position ?? -1)
    const position = isReader ? Math.min(from + mostAtOnce, head) : head
    const rows = isReader
      ? await selectEvents(transaction, organizationId, [
          gt(events.position, from),
          lte(events.position, position),
        ])
      : []
    const names = await peopleOf(services, rows)
    return {
      position,
      head,
      openAlerts: await countOpenAlerts(transaction, { organizationId, position, from: start?.from ?? null }),
      events: rows.map(event => eventView(event, names)).reverse(),
    }
  })
}

export const periodOver = () => new AppError('forbidden', 'what is live is of now')
