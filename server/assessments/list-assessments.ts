import { count } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { assessmentEvidence } from '../../db/schema/state.ts'
import { readCatalogue } from '../coverage/read-coverage.ts'
import type { AsOf } from '../ledger/position-at.ts'
import { deletedAccount, namesOfPeople, personOf } from '../members/person-names.ts'
import type { Access } from '../members/resolve-access.ts'
import { holdsAt } from '../projections/range.ts'
import type { Services } from '../services.ts'
import { type AssessmentStatus, statusOf, visibleAssessments } from './visible-assessments.ts'

/** An assessment as it is listed. */
export interface ListedAssessment {
  assessmentId: string
  name: string
  periodFrom: Date
  periodTo: Date
  controls: number
  attachments: number
  status: AssessmentStatus
  /** It was submitted and came back. */
  isSentBack: boolean
  openedAt: Date
  openedBy: string
  submittedAt: Date | null
  approvedAt: Date | null
}

/** The assessments that somebody may see, the latest period first, and the controls that a new one may take. */
export async function listAssessments(
  { database }: Pick<Services, 'database'>,
  transaction: Transaction,
  access: Access,
  { position }: AsOf,
): Promise<{ assessments: ListedAssessment[]; controls: { id: string; title: string }[] }> {
  const { organizationId } = access
  const rows = await visibleAssessments(transaction, access, position)
  const counts = await transaction
    .select({ id: assessmentEvidence.assessmentId, attachments: count() })
    .from(assessmentEvidence)
    .where(holdsAt(assessmentEvidence, organizationId, position))
    .groupBy(assessmentEvidence.assessmentId)
  const attachments = new Map(counts.map(row => [row.id, row.attachments]))
  const names = await namesOfPeople(
    database,
    rows.flatMap(row => personOf(row.openedBy) ?? []),
  )
  const { controls } = await readCatalogue(transaction, organizationId, position)
  return {
    assessments: rows
      .sort(
        (one, other) =>
          other.periodTo.getTime() - one.periodTo.getTime() || other.fromPosition - one.fromPosition,
      )
      .map(row => ({
        assessmentId: row.id,
        name: row.name,
        periodFrom: row.periodFrom,
        periodTo: row.periodTo,
        controls: row.controls.length,
        attachments: attachments.get(row.id) ?? 0,
        status: statusOf(row.status),
        isSentBack: row.sentBackReason !== null,
        openedAt: row.openedAt,
        openedBy: names.get(personOf(row.openedBy) ?? '') ?? deletedAccount,
        submittedAt: row.submittedAt,
        approvedAt: row.approvedAt,
      })),
    controls: controls.map(({ id, title }) => ({ id, title })),
  }
}
