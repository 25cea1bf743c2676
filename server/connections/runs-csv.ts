import { pagesFrom, type SavedFile, tableFile } from '../export/table-file.ts'
import type { AsOf } from '../ledger/position-at.ts'
import type { PeriodStart } from '../members/auditor-period.ts'
import type { Access } from '../members/resolve-access.ts'
import type { Services } from '../services.ts'
import { type ListedRun, listRuns } from './list-runs.ts'

const batchSize = 500

/** A connection's runs, the newest first. Of an auditor's, those that began in the period. */
export function runsFile(
  { database }: Pick<Services, 'database'>,
  access: Access,
  asOf: AsOf,
  { connectionId, start }: { connectionId: string; start: PeriodStart | null },
): SavedFile {
  const { organizationId } = access
  return tableFile(access, asOf, {
    title: 'Runs',
    filters: { 'of connection': connectionId },
    columns: [
      ['Started', run => run.startedAt],
      ['Finished', run => run.finishedAt],
      ['Outcome', run => run.outcome],
      ['Why', run => run.trigger],
      ['How often', run => run.cadence],
      ['What came', run => run.kinds.map(broughtWords).join('; ')],
      ['Explanation', run => run.explanation],
      ['Run', run => run.id],
    ],
    pages: pagesFrom<ListedRun, number>(async before => {
      const { runs, next } = await database.withOrganization(organizationId, transaction =>
        listRuns(transaction, organizationId, connectionId, {
          position: asOf.position,
          before,
          limit: batchSize,
          start,
        }),
      )
      return { rows: runs, next }
    }),
  })
}

const broughtWords = ({ title, outcome, items, reason }: ListedRun['kinds'][number]) =>
  `${title}: ${outcome}${items === null ? '' : ` (${items})`}${reason === null ? '' : `, ${reason}`}`
