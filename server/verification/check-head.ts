import { sql } from 'drizzle-orm'
import type { Findings } from './findings.ts'
import type { VerificationRun } from './verify-ledger.ts'

interface HeadRow extends Record<string, unknown> {
  size: string
  is_newest: boolean
}

/** The head, in one look: its time is that of the newest event. */
export async function checkHead(
  { database, organizationId }: VerificationRun,
  findings: Findings,
): Promise<void> {
  const [row] = await database.withOrganization(organizationId, transaction =>
    transaction.execute<HeadRow>(sql`
      select h.size, exists (
               select from ledger.events e
                where e.organization_id = ${organizationId} and e.position = h.size - 1
                  and e.recorded_at = h.last_at) as is_newest
        from ledger.head h
       where h.organization_id = ${organizationId}`),
  )
  if (row?.is_newest) return
  findings.note(
    'order',
    `The head of the log stands at ${row?.size ?? 'no'} events, which is not where its newest event is.`,
  )
}
