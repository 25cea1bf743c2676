import { type SQL, sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { canonicalText } from '../ledger/canonical.ts'
import type { ArchiveScope } from './archive-scope.ts'
import { cursorPages } from './cursor.ts'
import { openingMembers } from './opening-populations.ts'

/** Divides the lines of a file. */
const pageSize = 1_000

/**
 * Evidence rows in the order of their positions: those of the scope, and of a period those in force when it began. Summary
 * and provenance stand in them as they were stored, byte for byte.
 */
export async function* rowLines(transaction: Transaction, scope: ArchiveScope): AsyncGenerator<string[]> {
  const { organizationId, before, asOf } = scope
  const pages = cursorPages<EvidenceRow>(
    transaction,
    sql`
    select e.id, e.position, e.connection_id, e.source_id, e.run_id, e.kind, e.mode, encode(e.fingerprint, 'hex') as fingerprint,
           e.item_count, e.collected_from, e.collected_to, e.window_from, e.window_to, e.summary, e.provenance
      from ledger.evidence e
     where e.organization_id = ${organizationId} and e.position <= ${asOf.position}
       and (e.position > ${before} or not exists (
             select from ledger.evidence l
              where l.organization_id = ${organizationId} and l.source_id = e.source_id and l.kind = e.kind
                and l.position > e.position and l.position <= ${before}))
     order by e.position`,
    pageSize,
  )
  for await (const rows of pages) yield rows.map(rowLine)
}

/** What each row of the scope changed, in the order of the rows, then of the subjects. */
export async function* deltaLines(transaction: Transaction, scope: ArchiveScope): AsyncGenerator<string[]> {
  const pages = cursorPages<{ evidence: string; item: string | null; subject: string }>(
    transaction,
    sql`
    select d.evidence_id as evidence, encode(d.item_hash, 'hex') as item, d.subject_key as subject
      from ${deltasIn(scope)}
     order by e.position, d.subject_key`,
    pageSize,
  )
  for await (const rows of pages) yield rows.map(row => canonicalText(row))
}

/** The items that are named, by hash, as far as their bodies are held. */
export async function* itemLines(transaction: Transaction, scope: ArchiveScope): AsyncGenerator<string[]> {
  const pages = cursorPages<{ hash: string; body: string }>(
    transaction,
    sql`
    with named as (${namedItems(scope)})
    select encode(n.hash, 'hex') as hash, b.body
      from named n
      join ledger.item_body b on b.organization_id = ${scope.organizationId} and b.hash = n.hash
     where b.purged_at_position is null
     order by n.hash`,
    pageSize,
  )
  for await (const rows of pages) yield rows.map(({ hash, body }) => `{"body":${body},"hash":"${hash}"}`)
}

/**
 * The items that are named and whose bodies are held no more, by hash, with the position of the event that says so; null
 * where there is none, which nothing of ours leaves behind.
 */
export async function* purgedLines(transaction: Transaction, scope: ArchiveScope): AsyncGenerator<string[]> {
  const { organizationId } = scope
  const pages = cursorPages<{ hash: string; position: string | null }>(
    transaction,
    sql`
    with named as (${namedItems(scope)})
    select encode(n.hash, 'hex') as hash, p.position
      from named n
      left join ledger.item_body b
        on b.organization_id = ${organizationId} and b.hash = n.hash and b.purged_at_position is null
     cross join lateral (
       select max(i.position) as position from ledger.purged_item i
        where i.organization_id = ${organizationId} and i.hash = n.hash) p
     where b.hash is null
     order by n.hash`,
    pageSize,
  )
  for await (const rows of pages) {
    yield rows.map(({ hash, position }) =>
      canonicalText({ hash, position: position === null ? null : Number(position) }),
    )
  }
}

interface EvidenceRow {
  id: string
  position: string
  connection_id: string
  source_id: string
  run_id: string
  kind: string
  mode: string
  fingerprint: string
  item_count: number
  collected_from: string
  collected_to: string
  window_from: string | null
  window_to: string | null
  summary: string
  provenance: string
}

function rowLine(row: EvidenceRow): string {
  const first = canonicalText({
    collectedFrom: iso(row.collected_from),
    collectedTo: iso(row.collected_to),
    connectionId: row.connection_id,
    fingerprint: row.fingerprint,
    id: row.id,
    itemCount: row.item_count,
    kind: row.kind,
    mode: row.mode,
    position: Number(row.position),
  })
  const ids = canonicalText({ runId: row.run_id, sourceId: row.source_id })
  const window = canonicalText({
    windowFrom: row.window_from && iso(row.window_from),
    windowTo: row.window_to && iso(row.window_to),
  })
  return `${first.slice(0, -1)},"provenance":${row.provenance},${ids.slice(1, -1)},"summary":${row.summary},${window.slice(1)}`
}

const iso = (timestamp: string) => new Date(timestamp).toISOString()

const deltasIn = ({ organizationId, before, asOf }: ArchiveScope): SQL => sql`
      ledger.evidence e
      join ledger.evidence_delta d on d.organization_id = ${organizationId} and d.evidence_id = e.id
     where e.organization_id = ${organizationId} and e.position > ${before} and e.position <= ${asOf.position}`

/** The hashes that deltas and opening populations name, each once. */
function namedItems(scope: ArchiveScope): SQL {
  const changed = sql`select d.item_hash as hash from ${deltasIn(scope)} and d.item_hash is not null`
  return scope.period
    ? sql`${changed} union select m.item_hash from ${openingMembers(scope)}`
    : sql`select distinct c.hash from (${changed}) c`
}
