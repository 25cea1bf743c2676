import type { Project } from '../ledger/ledger.ts'
import { applyEvents } from './apply-events.ts'
import { reducedNames } from './fold/reducers.ts'
import { projectMembership } from './membership.ts'
import { liveTables, type ProjectionTables } from './tables.ts'

/** Applies events to all projections, in the transaction that records them. */
export const project: Project = projectInto(liveTables)

/** Applies events to the projections in these tables: events of one organization, in order. */
export function projectInto(tables: ProjectionTables): ProjectRest {
  return async (transaction, events, after = null) => {
    for (const name of reducedNames) await applyEvents(transaction, tables, name, events)
    for (const [index, event] of events.entries()) {
      await projectMembership(transaction, tables, event, index === 0 ? after : null)
    }
  }
}

/** `after`: of the first event, an attachment, the deltas up to and with this subject are projected already. */
type ProjectRest = (...args: [...Parameters<Project>, after?: string | null]) => Promise<void>
