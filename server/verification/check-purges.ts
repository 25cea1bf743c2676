import { and, asc, eq, lt, sql } from 'drizzle-orm'
import { purgedItem } from '../../db/schema/ledger.ts'
import type { EventPayload } from '../domain/events.ts'
import { CompactTree, leafHash } from '../ledger/merkle.ts'
import type { Findings } from './findings.ts'
import type { VerificationRun } from './verify-ledger.ts'

const pageSize = 5_000

type Purge = EventPayload<'ItemsPurged'>

/** Holds the list of purged items to the events of their purges: as many, and the same. */
export async function checkPurges(
  run: VerificationRun,
  findings: Findings,
  { size, purges }: { size: number; purges: ReadonlyMap<number, Purge> },
): Promise<void> {
  const events = new Map(purges)
  for await (const listed of listedPurges(run, size)) {
    checkPurge(findings, listed, events.get(listed.position))
    events.delete(listed.position)
  }
  for (const [position] of events) {
    findings.note('purges', `What the event at position ${position} purged is not listed.`, position)
  }
}

/** What is listed of one purge. */
interface ListedPurge {
  position: number
  tree: CompactTree
}

function checkPurge(findings: Findings, { position, tree }: ListedPurge, event: Purge | undefined) {
  if (!event) {
    findings.note(
      'surplus',
      `Items are listed as purged at position ${position}, where no event purged any.`,
      position,
    )
  } else if (event.count !== tree.size || event.root !== tree.root().toString('hex')) {
    findings.note(
      'purges',
      `The items listed for the purge at position ${position} are not those of its event.`,
      position,
    )
  }
}

async function* listedPurges(run: VerificationRun, size: number): AsyncGenerator<ListedPurge> {
  let open: ListedPurge | undefined
  for await (const { position, hash } of purgedItems(run, size)) {
    if (!open || open.position !== position) {
      if (open) yield open
      open = { position, tree: new CompactTree() }
    }
    open.tree.add(leafHash(hash))
  }
  if (open) yield open
}

interface PurgedItem {
  position: number
  hash: Buffer
}

/** By the purge, then by the hash. */
async function* purgedItems(
  { database, organizationId, signal }: VerificationRun,
  size: number,
): AsyncGenerator<PurgedItem> {
  let last: PurgedItem | undefined
  for (;;) {
    signal.throwIfAborted()
    const after: PurgedItem = last ?? { position: -1, hash: Buffer.alloc(0) }
    const rows: PurgedItem[] = await database.withOrganization(organizationId, transaction =>
      transaction
        .select({ position: purgedItem.position, hash: purgedItem.hash })
        .from(purgedItem)
        .where(
          and(
            eq(purgedItem.organizationId, organizationId),
            lt(purgedItem.position, size),
            sql`(${purgedItem.position}, ${purgedItem.hash}) > (${after.position}::bigint, ${after.hash}::bytea)`,
          ),
        )
        .orderBy(asc(purgedItem.position), asc(purgedItem.hash))
        .limit(pageSize),
    )
    yield* rows
    last = rows.at(-1)
    if (!last || rows.length < pageSize) return
  }
}
