import { type SQL, sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import type { Findings } from './findings.ts'
import type { VerificationRun } from './verify-ledger.ts'

/**
 * What no event accounts for: rows beyond the head, and rows that hang on nothing. Each is one statement, and so one
 * look: what is appended meanwhile is in all of it or in none.
 */
export async function checkSurplus(run: VerificationRun, findings: Findings): Promise<void> {
  const { database, organizationId, signal, onProgress } = run
  const looks = looksAt(organizationId)
  for (const [done, look] of looks.entries()) {
    signal.throwIfAborted()
    onProgress({ part: 'rest', done, of: looks.length })
    const found = await database.withOrganization(organizationId, transaction =>
      first(transaction, look.query),
    )
    if (found !== null) findings.note('surplus', look.words(found))
  }
}

interface Look {
  /** Answers the first of what should not be there, as text. */
  query: SQL
  words: (found: string) => string
}

async function first(transaction: Transaction, query: SQL): Promise<string | null> {
  const [row] = await transaction.execute<{ found: string }>(query)
  return row?.found ?? null
}

const looksAt = (organizationId: string): Look[] => [
  {
    query: sql`
      select e.position::text as found
        from ledger.events e
        join ledger.head h on h.organization_id = ${organizationId}
       where e.organization_id = ${organizationId} and (e.position >= h.size or e.position < 0)
       order by e.position limit 1`,
    words: found => `There is an event at position ${found}, which is outside the log.`,
  },
  {
    query: sql`
      select s.stream_id::text as found
        from ledger.streams s
       where s.organization_id = ${organizationId}
         and not exists (select from ledger.events e
                          where e.organization_id = ${organizationId} and e.stream_id = s.stream_id)
       order by s.stream_id limit 1`,
    words: found => `There is a stream ${found} without any event.`,
  },
  {
    query: sql`
      select t.level || '/' || t.index as found
        from ledger.tile t
        join ledger.head h on h.organization_id = ${organizationId}
       where t.organization_id = ${organizationId}
         and (t.level < 0 or t.index < 0 or (t.index + 1) * power(256::numeric, t.level + 1) > h.size)
       order by t.level, t.index limit 1`,
    words: found => `There is a tile ${found} of events that the log does not have.`,
  },
  {
    query: sql`
      select c.size::text as found
        from ledger.checkpoint c
        join ledger.head h on h.organization_id = ${organizationId}
       where c.organization_id = ${organizationId} and (c.size > h.size or c.size < 1)
       order by c.size limit 1`,
    words: found => `There is a checkpoint of ${found} events, more than the log has: events are gone.`,
  },
  {
    query: sql`
      select k.key_id as found
        from ledger.log_key k
        join ledger.head h on h.organization_id = ${organizationId}
       where k.organization_id = ${organizationId} and (k.position >= h.size or k.position < 0)
       order by k.position limit 1`,
    words: found => `No event announced the key ${found}.`,
  },
  {
    query: sql`
      select v.id::text as found
        from ledger.evidence v
        join ledger.head h on h.organization_id = ${organizationId}
       where v.organization_id = ${organizationId} and (v.position >= h.size or v.position < 0)
       order by v.position limit 1`,
    words: found => `No event attached the evidence ${found}.`,
  },
  {
    query: sql`
      select d.evidence_id::text as found
        from ledger.evidence_delta d
       where d.organization_id = ${organizationId}
         and not exists (select from ledger.evidence v
                          where v.organization_id = ${organizationId} and v.id = d.evidence_id)
       order by d.evidence_id limit 1`,
    words: found => `There are changes of the evidence ${found}, which does not exist.`,
  },
  {
    query: sql`
      select encode(i.hash, 'hex') as found
        from ledger.item i
       where i.organization_id = ${organizationId}
         and not exists (select from ledger.evidence_delta d
                          where d.organization_id = ${organizationId} and d.item_hash = i.hash)
       order by i.hash limit 1`,
    words: found => `There is an item ${found} that no evidence brought.`,
  },
  {
    query: sql`
      select encode(d.item_hash, 'hex') as found
        from ledger.evidence_delta d
       where d.organization_id = ${organizationId} and d.item_hash is not null
         and not exists (select from ledger.item i
                          where i.organization_id = ${organizationId} and i.hash = d.item_hash)
       order by d.item_hash limit 1`,
    words: found => `Evidence names the item ${found}, which does not exist.`,
  },
  {
    query: sql`
      select encode(p.hash, 'hex') as found
        from ledger.purged_item p
        join ledger.head h on h.organization_id = ${organizationId}
       where p.organization_id = ${organizationId}
         and (p.position >= h.size or p.position < 0 or p.event_type <> 'ItemsPurged'
              or not exists (select from ledger.item i
                              where i.organization_id = ${organizationId} and i.hash = p.hash))
       order by p.hash limit 1`,
    words: found => `The item ${found} is listed as purged, by no event or without being an item.`,
  },
]
