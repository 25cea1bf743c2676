import { sql } from 'drizzle-orm'
import type { EventType } from '../domain/events.ts'
import type { Findings } from './findings.ts'
import type { VerificationRun } from './verify-ledger.ts'

/** Events that seal the stream they end. */
const sealingTypes: readonly EventType[] = ['AssessmentApproved']

/** Every sealed stream ends with an event that seals. */
export async function checkSeals(
  { database, organizationId }: VerificationRun,
  findings: Findings,
): Promise<void> {
  const [unaccounted] = await database.withOrganization(organizationId, transaction =>
    transaction.execute<{ stream: string }>(sql`
      select z.stream_id as stream
        from ledger.sealed_stream z
       where z.organization_id = ${organizationId}
         and not coalesce((
           select e.event_type = any(${sql.param([...sealingTypes])}::text[])
             from ledger.events e
            where e.organization_id = ${organizationId} and e.stream_id = z.stream_id
            order by e.stream_version desc limit 1), false)
       order by z.stream_id
       limit 1`),
  )
  if (unaccounted) {
    findings.note(
      'seals',
      `The stream ${unaccounted.stream} is sealed, but its last event is none that seals.`,
    )
  }
}
