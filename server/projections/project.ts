import type { Project } from '../ledger/ledger.ts'
import { applyEvents } from './apply-events.ts'
import { reducedNames } from './fold/reducers.ts'
import { projectMembership } from './membership.ts'
import { liveTables, type ProjectionTables } from './tables.ts'

/** Applies events to all projections, in the transaction that records them. */
export const project: Project = projectInto(liveTables)

/** Applies events to the projections in these tables: events of one organization, in order. */
export function projectInto(tables: ProjectionTables): Project {
  return async (transaction, events) => {
    for (const name of reducedNames) await applyEvents(transaction, tables, name, events)
    for (const event of events) await projectMembership(transaction, tables, event)
  }
}
