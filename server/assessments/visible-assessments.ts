import { and, eq } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { assessment, assessmentEvidence } from '../../db/schema/state.ts'
import { type EvidenceKind, kindNamed } from '../domain/evidence/kinds.ts'
import { AppError, notFound } from '../errors.ts'
import type { Access } from '../members/resolve-access.ts'
import { holdsAt } from '../projections/range.ts'

export type AssessmentRow = typeof assessment.$inferSelect

export const assessmentStatuses = ['open', 'submitted', 'approved'] as const
export type AssessmentStatus = (typeof assessmentStatuses)[number]

/** The assessments that somebody may see, as of a position. */
export async function visibleAssessments(
  transaction: Transaction,
  access: Access,
  position: number,
): Promise<AssessmentRow[]> {
  const rows = await transaction
    .select()
    .from(assessment)
    .where(holdsAt(assessment, access.organizationId, position))
  return rows.filter(row => isVisible(access, row))
}

/** One of them. @throws {AppError} not_found for any other, whether there is one or not */
export async function visibleAssessment(
  transaction: Transaction,
  access: Access,
  position: number,
  assessmentId: string,
): Promise<AssessmentRow> {
  const [row] = await transaction
    .select()
    .from(assessment)
    .where(and(holdsAt(assessment, access.organizationId, position), eq(assessment.id, assessmentId)))
  if (!row || !isVisible(access, row)) throw notFound('assessment')
  return row
}

/** An auditor sees the assessments that the grant names; one with a grant of a period those that lie in it. */
export function isVisible({ role, grant }: Pick<Access, 'role' | 'grant'>, row: AssessmentRow): boolean {
  if (role !== 'auditor') return true
  if (!grant) return false
  if (grant.assessments.length > 0) return grant.assessments.includes(row.id)
  return row.periodFrom >= grant.periodFrom && row.periodTo <= grant.periodTo
}

/** @throws {AppError} internal for a status that no code knows */
export function statusOf(text: string): AssessmentStatus {
  const status = assessmentStatuses.find(known => known === text)
  if (!status) throw new AppError('internal', `unknown assessment status ${text}`)
  return status
}

/** Evidence as it is attached to an assessment: a row at a moment at which it was in force. */
export interface Attachment {
  attachmentId: string
  evidenceId: string
  sourceId: string
  kind: EvidenceKind
  fingerprint: string
  itemCount: number
  instant: Date
  position: number
  /** Since which event it is attached. */
  attachedPosition: number
}

/** What is attached as of a position, by moment and kind. */
export async function attachmentsOf(
  transaction: Transaction,
  organizationId: string,
  position: number,
  assessmentId: string,
): Promise<Attachment[]> {
  const rows = await transaction
    .select()
    .from(assessmentEvidence)
    .where(
      and(
        holdsAt(assessmentEvidence, organizationId, position),
        eq(assessmentEvidence.assessmentId, assessmentId),
      ),
    )
  return rows
    .flatMap(row => {
      const kind = kindNamed(row.kind)
      const { attachmentId, evidenceId, sourceId, itemCount, instant } = row
      const place = { position: row.atPosition, attachedPosition: row.fromPosition }
      return kind
        ? [
            {
              attachmentId,
              evidenceId,
              sourceId,
              kind,
              itemCount,
              instant,
              ...place,
              fingerprint: row.fingerprint.toString('hex'),
            },
          ]
        : []
    })
    .sort((one, other) => one.position - other.position || one.kind.localeCompare(other.kind, 'en'))
}
