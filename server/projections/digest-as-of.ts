import { and, eq, lte, sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { readInParts } from '../../db/read-in-parts.ts'
import { inKeyOrder } from './fold/book.ts'
import {
  createMembershipDigester,
  type ProjectionDigest,
  rowsDigest,
  type StateDigest,
  stateDigest,
} from './fold/digest.ts'
import type { ReducedName } from './fold/reducers.ts'
import type { MembershipRow, ProjectionRows } from './fold/rows.ts'
import { type Moment, momentOf, rowAsOf } from './fold/rows-as-of.ts'
import { holdsAt, stoodAt } from './range.ts'
import { foldedRow, storedProjection } from './stored-projection.ts'
import { liveTables, type ProjectionTables } from './tables.ts'

interface Read {
  readonly transaction: Transaction
  readonly tables: ProjectionTables
  readonly organizationId: string
}

/**
 * The digest of what the tables say stood as of a position: where they are as they should be, that of a fold up to it.
 * Populations are streamed; everything else is small beside them.
 */
export async function digestAsOf(
  transaction: Transaction,
  organizationId: string,
  position: number,
  tables: ProjectionTables = liveTables,
): Promise<StateDigest> {
  const read = { transaction, tables, organizationId }
  const moment = momentOf(await rowsAt(read, 'kindStatus', position), position)
  const digestOf = async (name: ReducedName) => rowsDigest(await standingRows(read, name, moment))
  return stateDigest(position, {
    organizationProfile: await digestOf('organizationProfile'),
    member: await digestOf('member'),
    connection: await digestOf('connection'),
    run: await digestOf('run'),
    kindStatus: await digestOf('kindStatus'),
    successChain: await digestOf('successChain'),
    membership: await membershipDigest(read, position),
    verdict: await digestOf('verdict'),
    assessment: await digestOf('assessment'),
    assessmentEvidence: await digestOf('assessmentEvidence'),
    sample: await digestOf('sample'),
    threshold: await digestOf('threshold'),
    outOfScope: await digestOf('outOfScope'),
    accountClass: await digestOf('accountClass'),
    administrator: await digestOf('administrator'),
    exception: await digestOf('exception'),
    review: await digestOf('review'),
    alert: await digestOf('alert'),
    erasure: await digestOf('erasure'),
  })
}

/** The rows of a projection that stood then, as they were known, in the order of their keys. */
async function standingRows<N extends ReducedName>(
  read: Read,
  name: N,
  moment: Moment,
): Promise<ProjectionRows[N][]> {
  const rows = await rowsAt(read, name, moment.position)
  const { reducer } = storedProjection(read.tables, name)
  return inKeyOrder(
    reducer,
    rows.flatMap(row => rowAsOf[name](row, moment) ?? []),
  )
}

/** At least the rows that stood as of the position. */
async function rowsAt<N extends ReducedName>(
  { transaction, tables, organizationId }: Read,
  name: N,
  position: number,
): Promise<ProjectionRows[N][]> {
  const { table, columns, organization } = storedProjection(tables, name)
  const { fromPosition, toPosition, startedPosition } = columns
  const held =
    fromPosition && toPosition
      ? holdsAt({ organizationId: organization, fromPosition, toPosition }, organizationId, position)
      : and(eq(organization, organizationId), startedPosition && lte(startedPosition, position))
  const rows = await transaction.select(columns).from(table).where(held)
  return rows.map(row => foldedRow<N>(row))
}

interface MemberRow extends Record<string, unknown>, Omit<MembershipRow, 'fromPosition'> {
  fromPosition: string
}

async function membershipDigest(
  { transaction, tables: { membership }, organizationId }: Read,
  position: number,
): Promise<ProjectionDigest> {
  const digester = createMembershipDigester()
  const parts = readInParts<MemberRow>(
    transaction,
    sql`select source_id as "sourceId", kind, subject_key as "subjectKey", from_position as "fromPosition",
               null as "toPosition", encode(item_hash, 'hex') as "itemHash"
          from ${membership}
         where ${membership.organizationId} = ${organizationId} and ${stoodAt(membership, position)}
         order by subject_key, from_position`,
  )
  for await (const rows of parts) {
    for (const row of rows) digester.add({ ...row, fromPosition: Number(row.fromPosition) })
  }
  return digester.finish()
}
