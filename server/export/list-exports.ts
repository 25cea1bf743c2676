import { and, desc, eq, lte } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { exportArchive } from '../../db/schema/state.ts'
import { AppError, notFound } from '../errors.ts'
import { deletedAccount, namesOfPeople } from '../members/person-names.ts'
import type { Access } from '../members/resolve-access.ts'
import type { Services } from '../services.ts'
import { type ExportKey, type ExportStatus, isExport, statusOf } from './export-record.ts'

type ExportRow = typeof exportArchive.$inferSelect

/** An export as it is listed, as of an instant. */
export interface ListedExport {
  readonly exportId: string
  /** Null where the whole organization is covered. */
  readonly period: { readonly from: Date; readonly to: Date } | null
  /** The assessment that it is of. */
  readonly assessmentId: string | null
  /** The moment that it goes up to. */
  readonly upTo: { readonly instant: Date; readonly position: number }
  readonly status: ExportStatus
  readonly requestedAt: Date
  readonly requestedBy: string
  /** Of an archive that is ready or was. */
  readonly bytes: number | null
  readonly sha256: string | null
  /** Why it failed. */
  readonly explanation: string | null
  readonly finishedAt: Date | null
  /** When the archive goes, or went; null where there is none yet, or never was. */
  readonly expiresAt: Date | null
}

const mostListed = 50

/** The newest exports that somebody may see, as they stood at an instant. */
export async function listExports(
  services: Pick<Services, 'database'>,
  transaction: Transaction,
  access: Access,
  at: Date,
): Promise<ListedExport[]> {
  const { organizationId } = access
  const rows = await transaction
    .select()
    .from(exportArchive)
    .where(and(eq(exportArchive.organizationId, organizationId), lte(exportArchive.requestedAt, at)))
    .orderBy(desc(exportArchive.requestedAt))
    .limit(mostListed)
  const seen = rows.filter(row => isVisible(access, row))
  const names = await namesOfPeople(
    services.database,
    seen.map(row => row.requestedBy),
  )
  return seen.map(row => listed(row, names, at))
}

/** The row of an export that somebody may see. @throws {AppError} not_found */
export async function visibleExport(
  transaction: Transaction,
  access: Access,
  key: ExportKey,
  at: Date,
): Promise<ExportRow> {
  const [row] = await transaction
    .select()
    .from(exportArchive)
    .where(and(isExport(key), lte(exportArchive.requestedAt, at)))
  if (!row || !isVisible(access, row)) throw notFound('export')
  return row
}

/** An auditor sees the exports that lie within the grant, whoever asked for them. */
function isVisible({ role, grant }: Access, { periodFrom, periodTo, assessmentId }: ExportRow): boolean {
  if (role !== 'auditor') return true
  if (!grant) throw new AppError('forbidden', 'an auditor without a grant')
  const isOfOthers =
    assessmentId !== null && grant.assessments.length > 0 && !grant.assessments.includes(assessmentId)
  return (
    !isOfOthers &&
    periodFrom !== null &&
    periodTo !== null &&
    periodFrom >= grant.periodFrom &&
    periodTo <= grant.periodTo
  )
}

export function listed(row: ExportRow, names: ReadonlyMap<string, string>, at: Date): ListedExport {
  const { periodFrom, periodTo } = row
  const status = statusAt(row, at)
  const isMade = status === 'ready' || status === 'expired'
  const isOver = isMade || status === 'failed'
  return {
    exportId: row.id,
    period: periodFrom && periodTo ? { from: periodFrom, to: periodTo } : null,
    assessmentId: row.assessmentId,
    upTo: { instant: row.asOfInstant, position: row.asOfPosition },
    status,
    requestedAt: row.requestedAt,
    requestedBy: names.get(row.requestedBy) ?? deletedAccount,
    bytes: isMade ? row.bytes : null,
    sha256: isMade ? (row.sha256?.toString('hex') ?? null) : null,
    explanation: isOver ? row.explanation : null,
    finishedAt: isOver ? row.finishedAt : null,
    expiresAt: isMade ? row.expiresAt : null,
  }
}

/** How an export stood at an instant. That an archive is over follows from time alone, whether or not its bytes are gone. */
function statusAt({ status, finishedAt, expiresAt }: ExportRow, at: Date): ExportStatus {
  const known = statusOf(status)
  if (finishedAt && finishedAt > at) return 'building'
  if (known === 'ready' || known === 'expired') return expiresAt <= at ? 'expired' : 'ready'
  return known
}
