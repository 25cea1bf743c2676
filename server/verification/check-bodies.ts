import { sql } from 'drizzle-orm'
import { sha256Hex } from '../ledger/canonical.ts'
import type { Findings } from './findings.ts'
import type { VerificationRun } from './verify-ledger.ts'

const pageSize = 1_000

interface BodyRow extends Record<string, unknown> {
  hash: string
  body: string
  is_named: boolean
  is_purged: boolean
  is_noted: boolean
  is_sealed: boolean
  is_seal_known: boolean
  is_end_known: boolean
  came_back: boolean
}

/**
 * Goes through the contents of items by their hashes: each hashes to its name and has the marks it may have. Then the
 * items whose content is gone: an event must say so.
 * @returns how many contents are held
 */
export async function checkBodies(run: VerificationRun, findings: Findings): Promise<number> {
  const { signal, onProgress } = run
  let after = ''
  for (let done = 0; ; ) {
    signal.throwIfAborted()
    onProgress({ part: 'items', done, of: null })
    const rows = await page(run, after)
    for (const row of rows) checkBody(findings, row)
    done += rows.length
    const last = rows.at(-1)
    if (!last || rows.length < pageSize) {
      await checkMissing(run, findings)
      return done
    }
    after = last.hash
  }
}

function checkBody(findings: Findings, row: BodyRow) {
  const { hash } = row
  if (sha256Hex(row.body) !== hash) {
    findings.note('items', `The content of the item ${hash} is not what its name stands for.`)
  }
  if (!row.is_named) findings.note('surplus', `There is content of the item ${hash}, but no such item.`)
  if (row.is_purged && !row.is_noted) {
    findings.note('purges', `The item ${hash} is marked as purged, but no purge names it.`)
  }
  if (row.is_sealed && (!row.is_seal_known || row.is_purged)) {
    findings.note('seals', `The item ${hash} is marked as sealed, but nothing that was sealed names it.`)
  }
  if (!row.is_end_known) {
    findings.note('seals', `The seal of the item ${hash} has an end that no event set.`)
  }
  if (row.came_back) {
    findings.note(
      'surplus',
      `The content of the item ${hash} was purged and is there again, though it was not collected again.`,
    )
  }
}

function page({ database, organizationId }: VerificationRun, after: string) {
  return database.withOrganization(organizationId, transaction =>
    transaction.execute<BodyRow>(sql`
      select encode(b.hash, 'hex') as hash, b.body,
             exists (select from ledger.item i
                      where i.organization_id = ${organizationId} and i.hash = b.hash) as is_named,
             b.purged_at_position is not null as is_purged,
             exists (select from ledger.purged_item p
                      where p.organization_id = ${organizationId} and p.hash = b.hash
                        and p.position = b.purged_at_position) as is_noted,
             b.sealed_by is not null as is_sealed,
             exists (select from ledger.sealed_stream z
                      where z.organization_id = ${organizationId} and z.stream_id = b.sealed_by) as is_seal_known,
             b.sealed_until is null
               or exists (select from ledger.events e
                           where e.organization_id = ${organizationId} and e.event_type = 'SealEndSet'
                             and (e.payload::json ->> 'until')::timestamptz = b.sealed_until) as is_end_known,
             b.purged_at_position is null
               and exists (select from ledger.purged_item p
                            where p.organization_id = ${organizationId} and p.hash = b.hash)
               and not exists (
                 select from ledger.evidence_delta d
                   join ledger.evidence e on e.organization_id = ${organizationId} and e.id = d.evidence_id
                  where d.organization_id = ${organizationId} and d.item_hash = b.hash
                    and e.position > (select max(p.position) from ledger.purged_item p
                                       where p.organization_id = ${organizationId} and p.hash = b.hash)) as came_back
        from ledger.item_body b
       where b.organization_id = ${organizationId} and b.hash > decode(${after}, 'hex')
       order by b.hash
       limit ${pageSize}`),
  )
}

/** The first item without content that no purge accounts for, in one look at everything. */
async function checkMissing({ database, organizationId }: VerificationRun, findings: Findings) {
  const [missing] = await database.withOrganization(organizationId, transaction =>
    transaction.execute<{ hash: string }>(sql`
      select encode(i.hash, 'hex') as hash
        from ledger.item i
       where i.organization_id = ${organizationId}
         and not exists (select from ledger.item_body b
                          where b.organization_id = ${organizationId} and b.hash = i.hash)
         and not exists (select from ledger.purged_item p
                           join ledger.events e on e.organization_id = ${organizationId}
                            and e.position = p.position and e.event_type = 'ItemsPurged'
                          where p.organization_id = ${organizationId} and p.hash = i.hash)
       order by i.hash
       limit 1`),
  )
  if (missing) {
    findings.note(
      'items',
      `The content of the item ${missing.hash} is gone, and no event says that it was purged.`,
    )
  }
}
