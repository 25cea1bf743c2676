import { sql } from 'drizzle-orm'
import { eventStreams } from '../domain/event-streams.ts'
import { isEventType } from '../domain/events.ts'
import type { Findings } from './findings.ts'
import type { VerificationRun } from './verify-ledger.ts'

const pageSize = 5_000

/** Where an event stands in its stream and in the log. */
interface Standing {
  stream: string
  version: number
  position: number
}

interface Place extends Record<string, unknown> {
  stream_id: string
  version: string
  position: string
  event_type: string
  stream_type: string | null
}

/** Goes through the log stream by stream: versions without a gap, in the order of positions, events of the stream's kind. */
export async function checkStreams(
  { database, organizationId, signal, onProgress }: VerificationRun,
  findings: Findings,
  size: number,
): Promise<void> {
  let last: Standing | null = null
  for (let done = 0; ; ) {
    signal.throwIfAborted()
    onProgress({ part: 'streams', done, of: size })
    const after: Standing | null = last
    const rows: readonly Place[] = await database.withOrganization(organizationId, transaction =>
      transaction.execute<Place>(sql`
        select e.stream_id, e.stream_version as version, e.position, e.event_type, s.stream_type
          from ledger.events e
          left join ledger.streams s on s.organization_id = ${organizationId} and s.stream_id = e.stream_id
         where e.organization_id = ${organizationId} and e.position < ${size}
           and (e.stream_id, e.stream_version) > (${after?.stream ?? firstStream}::uuid, ${after?.version ?? 0}::bigint)
         order by e.stream_id, e.stream_version
         limit ${pageSize}`),
    )
    for (const row of rows) {
      const here: Standing = {
        stream: row.stream_id,
        version: Number(row.version),
        position: Number(row.position),
      }
      checkPlace(findings, last?.stream === here.stream ? last : null, here)
      checkKind(findings, row)
      last = here
    }
    done += rows.length
    if (rows.length < pageSize) return
  }
}

const firstStream = '00000000-0000-0000-0000-000000000000'

function checkPlace(findings: Findings, before: Standing | null, { stream, version, position }: Standing) {
  if (version === (before?.version ?? 0) + 1 && position > (before?.position ?? -1)) return
  findings.note(
    'streams',
    `The event at position ${position} does not follow the one before it in its stream ${stream}.`,
    position,
  )
}

function checkKind(findings: Findings, { event_type, stream_type, position, stream_id }: Place) {
  if (isEventType(event_type) && eventStreams[event_type] === stream_type) return
  findings.note(
    'streams',
    `The event at position ${position} stands in the stream ${stream_id}, which is not of its kind.`,
    Number(position),
  )
}
