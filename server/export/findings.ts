import { and, eq } from 'drizzle-orm'
import { events } from '../../db/schema/ledger.ts'
import { alert, exception } from '../../db/schema/state.ts'
import { type Attachment, attachmentsOf } from '../assessments/visible-assessments.ts'
import type { KnownCoverage } from '../coverage/read-coverage.ts'
import { readCoverage } from '../coverage/read-coverage.ts'
import { sourceLabels } from '../coverage/source-labels.ts'
import { listEvidence, type SourceEvidence } from '../evidence/queries/list-evidence.ts'
import type { AlertRow, ExceptionRow } from '../projections/fold/rows.ts'
import { holdsAt } from '../projections/range.ts'
import { foldedRow } from '../projections/stored-projection.ts'
import type { Services } from '../services.ts'
import type { ArchiveScope } from './archive-scope.ts'

/** What was known at the end of the scope: what every part that speaks of controls is made from. */
export interface Findings {
  readonly scope: ArchiveScope
  readonly known: KnownCoverage
  /** What each directory is called, by its id. */
  readonly labels: ReadonlyMap<string, string>
  readonly evidence: readonly SourceEvidence[]
  /** What is attached to the assessment that the archive is of. */
  readonly attached: readonly Attachment[]
  /** Every exception that was ever asked for, as it stood. */
  readonly exceptions: readonly ExceptionRow[]
  /** Every alert that was ever raised, as it stood. */
  readonly alerts: readonly AlertRow[]
  /** Where the scope begins: with the period, or with the first event. */
  readonly from: Date
}

export async function readFindings(
  services: Pick<Services, 'database' | 'connectors'>,
  scope: ArchiveScope,
): Promise<Findings> {
  const { organizationId, asOf, period } = scope
  return services.database.withOrganization(organizationId, async transaction => {
    const known = await readCoverage(transaction, organizationId, asOf, services.connectors)
    const labels = await sourceLabels(transaction, organizationId, asOf.position, known.sources)
    const { sources } = await listEvidence(services, transaction, organizationId, asOf)
    const [first] = await transaction
      .select({ at: events.recordedAt })
      .from(events)
      .where(and(eq(events.organizationId, organizationId), eq(events.position, 0)))
    const { assessment } = scope
    const attached = assessment
      ? await attachmentsOf(transaction, organizationId, assessment.position, assessment.id)
      : []
    const exceptions = await transaction
      .select()
      .from(exception)
      .where(holdsAt(exception, organizationId, asOf.position))
    const alerts = await transaction
      .select()
      .from(alert)
      .where(holdsAt(alert, organizationId, asOf.position))
    const beginning = first?.at ?? asOf.instant
    return {
      scope,
      known,
      labels,
      // The longest known first, as coverage has it.
      evidence: sources.toReversed(),
      attached,
      exceptions: exceptions.map(foldedRow<'exception'>),
      alerts: alerts.map(foldedRow<'alert'>),
      from: period && period.from > beginning ? period.from : beginning,
    }
  })
}
