import { and, inArray } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { alert, organizationProfile } from '../../db/schema/state.ts'
import { readSources } from '../coverage/read-sources.ts'
import { sourceLabels } from '../coverage/source-labels.ts'
import { type AlertCause, alertCauseSchema } from '../domain/alert/causes.ts'
import { resolutions } from '../domain/alert/events.ts'
import { alertNews, newsTypes } from '../domain/alert/news.ts'
import { alertWords, resolutionWords } from '../domain/alert/words.ts'
import { AppError } from '../errors.ts'
import { readEventsOf } from '../ledger/read.ts'
import { holdsAt, isOpen } from '../projections/range.ts'
import type { Services } from '../services.ts'
import type { AlertMessage, ToldAlert } from './alert-message.ts'

interface Stretch {
  organizationId: string
  /** Events behind this position, up to and with the other. */
  after: number
  upTo: number
  /** The kinds that the channel chose. */
  causes: readonly string[]
}

/** What a stretch of the log has to tell a channel; null where that is nothing. */
export async function readMessage(
  { connectors, clock, appOrigin }: Pick<Services, 'connectors' | 'clock' | 'appOrigin'>,
  transaction: Transaction,
  { organizationId, after, upTo, causes }: Stretch,
): Promise<AlertMessage | null> {
  const news = alertNews(await readEventsOf(transaction, organizationId, newsTypes, { after, upTo }))
  if (news.length === 0) return null
  const rows = await transaction
    .select()
    .from(alert)
    .where(
      and(
        holdsAt(alert, organizationId, upTo),
        inArray(
          alert.id,
          news.map(({ alertId }) => alertId),
        ),
        inArray(alert.kind, [...causes]),
      ),
    )
  if (rows.length === 0) return null
  const nameOf = await sourceNames({ connectors }, transaction, { organizationId, position: upTo })
  const alerts = news.flatMap(({ alertId, standing }): ToldAlert[] => {
    const row = rows.find(({ id }) => id === alertId)
    if (!row) return []
    const cause = alertCauseSchema.parse(row.cause)
    const because = resolutions.find(known => known === row.because)
    const ending = because ? resolutionWords[because] : null
    return [
      { alertId, kind: cause.kind, standing, since: row.since, ending, ...alertWords(cause, nameOf(cause)) },
    ]
  })
  return { ...(await addressee({ appOrigin }, transaction, organizationId)), at: clock.now(), alerts }
}

/** Whom a message is about. */
export async function addressee(
  { appOrigin }: Pick<Services, 'appOrigin'>,
  transaction: Transaction,
  organizationId: string,
) {
  const [profile] = await transaction
    .select({ slug: organizationProfile.slug, organizationName: organizationProfile.name })
    .from(organizationProfile)
    .where(isOpen(organizationProfile, organizationId))
  if (!profile) throw new AppError('internal', 'an organization without a profile')
  return { organizationId, ...profile, baseUrl: `${appOrigin}/o/${profile.slug}` }
}

/** What the directory that a cause is about is called, as of a position. */
export async function sourceNames(
  { connectors }: Pick<Services, 'connectors'>,
  transaction: Transaction,
  { organizationId, position }: { organizationId: string; position: number },
): Promise<(cause: AlertCause) => string> {
  const sources = await readSources(transaction, organizationId, position, connectors)
  const labels = await sourceLabels(transaction, organizationId, position, sources)
  return cause => {
    if (!('connectionId' in cause)) return ''
    const source = sources.find(({ lives }) =>
      lives.some(({ connectionId }) => connectionId === cause.connectionId),
    )
    return (source && labels.get(source.sourceId)) ?? 'A directory'
  }
}
