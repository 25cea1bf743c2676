import { and, eq } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { head } from '../../db/schema/ledger.ts'
import { exportArchive, organizationProfile } from '../../db/schema/state.ts'
import { AppError, notFound } from '../errors.ts'
import { lastPositionAt } from '../ledger/position-at.ts'
import { holdsAt } from '../projections/range.ts'

/** What an archive is of: everything in it follows from this and the ledger. */
export interface ArchiveScope {
  readonly organizationId: string
  readonly exportId: string
  readonly organizationName: string
  readonly slug: string
  /** Whether the organization's history is played on a moved clock: every part says so. */
  readonly isSimulated: boolean
  /** The moment of the request: what the archive gives as its own, however often it is made. */
  readonly createdAt: Date
  /** Null where the whole organization is covered; else what lies after `from`, up to and with `to`. */
  readonly period: { readonly from: Date; readonly to: Date } | null
  /** The assessment that the archive is of, and the position up to which its own events are told; null for none. */
  readonly assessment: { readonly id: string; readonly position: number } | null
  /** The end: rules judge at the instant, rows are those of the position. */
  readonly asOf: { readonly instant: Date; readonly position: number; readonly isNow: false }
  /** The last position before the scope; -1 where it begins with the first event. */
  readonly before: number
}

/** The scope of an export as it was asked for. @throws {AppError} not_found */
export async function readScope(
  transaction: Transaction,
  organizationId: string,
  exportId: string,
): Promise<ArchiveScope> {
  const [row] = await transaction
    .select()
    .from(exportArchive)
    .where(and(eq(exportArchive.organizationId, organizationId), eq(exportArchive.id, exportId)))
  if (!row) throw notFound('export')
  const { periodFrom, periodTo, asOfInstant, asOfPosition, requestedAt } = row
  const { assessmentId, assessmentPosition } = row
  const [organization] = await transaction
    .select({
      name: organizationProfile.name,
      slug: organizationProfile.slug,
      isSimulated: head.simulated,
    })
    .from(organizationProfile)
    .innerJoin(head, eq(head.organizationId, organizationId))
    .where(holdsAt(organizationProfile, organizationId, asOfPosition))
  if (!organization) throw new AppError('internal', 'an export of an organization without a profile')
  return {
    organizationId,
    exportId,
    organizationName: organization.name,
    slug: organization.slug,
    isSimulated: organization.isSimulated,
    createdAt: requestedAt,
    period: periodFrom && periodTo ? { from: periodFrom, to: periodTo } : null,
    assessment:
      assessmentId !== null && assessmentPosition !== null
        ? { id: assessmentId, position: assessmentPosition }
        : null,
    asOf: { instant: asOfInstant, position: asOfPosition, isNow: false },
    before: periodFrom ? await lastPositionAt(transaction, organizationId, periodFrom) : -1,
  }
}

/** What parts say of the organization: nobody takes a played history for a real one. */
export const nameOf = ({ organizationName, isSimulated }: ArchiveScope): string =>
  isSimulated ? `${organizationName} (simulated clock)` : organizationName
