import type { Transaction } from '../../db/client.ts'
import type { Project } from '../ledger/ledger.ts'
import type { RecordedEvent } from '../ledger/recorded-event.ts'
import { projectConnection } from './connection.ts'
import { projectKindStatus } from './kind-status.ts'
import { projectMember } from './member.ts'
import { projectMembership } from './membership.ts'
import { projectOrganization } from './organization.ts'
import { projectRun } from './run.ts'
import { projectVerdict } from './verdict.ts'

type Projection = (transaction: Transaction, event: RecordedEvent) => Promise<void>

/** Every projection; each looks at the events it knows. */
const projections: readonly Projection[] = [
  projectOrganization,
  projectMember,
  projectConnection,
  projectRun,
  projectKindStatus,
  projectMembership,
  projectVerdict,
]

/** Applies events to all projections, in the transaction that records them. */
export const project: Project = async (transaction, events) => {
  for (const event of events) {
    for (const projection of projections) await projection(transaction, event)
  }
}
