import { sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import type { StreamType } from '../domain/events.ts'
import { wholeWindow } from '../domain/run/feed-window.ts'
import { licenceAnswersNeeded } from '../domain/run/outcome.ts'

/**
 * Positions of the events that the state at the beginning of a period rests on, ascending: the whole stories of the
 * organization, its connections, what people decided and what they were told of; of each member and each control the last word; of each kind of
 * evidence the row in force, the last success, as many last answers as settle that it does not come, and the windows of a
 * feed and changes of policies that a rule looks back to, each with the one before.
 * @param before the last position before the period
 */
export async function openingPositions(
  transaction: Transaction,
  organizationId: string,
  { before, from }: { before: number; from: Date },
): Promise<number[]> {
  const ofStream = sql`
    ledger.events e where e.organization_id = ${organizationId} and e.stream_id = s.stream_id and e.position <= ${before}`
  const newestFirst = sql`order by e.stream_version desc`
  const lookedBackTo = new Date(from.getTime() - wholeWindow).toISOString()
  const rows = await transaction.execute<{ position: string }>(sql`
    select p.position
      from ledger.streams s
     cross join lateral (
       select e.position from ${ofStream} and s.stream_type in (${names(toldWhole)})
       union all
       (select e.position from ${ofStream} and s.stream_type in (${names(lastWord)}) ${newestFirst} limit 1)
       union all
       (select e.position from ${ofStream} and s.stream_type = 'evidence' ${newestFirst} limit ${licenceAnswersNeeded})
       union all
       (select e.position from ${ofStream} and s.stream_type = 'evidence'
           and e.event_type in ('EvidenceAttached', 'EvidenceReaffirmed') ${newestFirst} limit 1)
       union all
       (select e.position from ${ofStream} and s.stream_type = 'evidence'
           and e.event_type = 'EvidenceAttached' ${newestFirst} limit 1)
       union all
       (select e.position from ${ofStream} and s.stream_type = 'evidence' and e.event_type = 'EvidenceAttached'
           and e.recorded_at <= ${lookedBackTo}::timestamptz ${newestFirst} limit 1)) p
     where s.organization_id = ${organizationId} and s.stream_type in (${names([...toldWhole, ...lastWord, 'evidence'])})
     union
    select w.position from ledger.evidence w
     where w.organization_id = ${organizationId} and w.mode = 'feed' and w.position <= ${before}
       and w.window_to >= ${lookedBackTo}::timestamptz
     union
    select c.position from ledger.evidence c
      join ledger.events e on e.organization_id = ${organizationId} and e.position = c.position
     where c.organization_id = ${organizationId} and c.kind = 'conditional_access_policies'
       and c.position <= ${before} and e.recorded_at >= ${lookedBackTo}::timestamptz
     union
    select max(m.from_position) from state.membership m
     where m.organization_id = ${organizationId} and m.kind = 'risky_sign_ins' and m.from_position <= ${before}
     group by m.source_id
     order by position`)
  return rows.map(row => Number(row.position))
}

const toldWhole: readonly StreamType[] = [
  'organization',
  'connection',
  'account',
  'exception',
  'review',
  'alert',
]
const lastWord: readonly StreamType[] = ['member', 'control']

const names = (types: readonly StreamType[]) =>
  sql.join(
    types.map(type => sql`${type}`),
    sql`, `,
  )
