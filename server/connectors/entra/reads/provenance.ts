import type { Clock } from '../../../clock.ts'
import type { FeedWindow, ReadProvenance } from '../../contract.ts'
import { RequestTally } from '../graph/step.ts'

/** Writes down how a read went while it goes. */
export function createRecord({ clock, collectorVersion }: { clock: Clock; collectorVersion: string }) {
  const tally = new RequestTally()
  const requestIds: string[] = []
  let asked: readonly string[] = []
  let pages = 0
  let rows = 0
  let reportedAt: string | null = null
  let firstResponseAt: Date | null = null
  let lastResponseAt: Date | null = null
  let sourceTime: Date | null = null

  return {
    tally,
    rows: () => rows,
    /** The source's own time when it first answered, to the second; null where it does not say. */
    sourceTime: () => sourceTime,
    asked: (addresses: readonly string[]) => {
      asked = addresses
    },
    answered: (response: Response) => {
      const id = response.headers.get('request-id')
      if (id) requestIds.push(id)
      lastResponseAt = clock.now()
      if (firstResponseAt === null) {
        firstResponseAt = lastResponseAt
        sourceTime = dateOf(response)
      }
    },
    /** Counts a page, and answers which it is. */
    page: (count: number) => {
      rows += count
      pages += 1
      return pages
    },
    reported: (report: string | null) => {
      if (report !== null && (reportedAt === null || Date.parse(report) > Date.parse(reportedAt)))
        reportedAt = report
    },
    finish: (declaredCount: number | null, window: FeedWindow | null): ReadProvenance => {
      const now = clock.now()
      return {
        request: asked.map(address => `GET ${address}`).join('\n'),
        requestIds,
        pages,
        rows,
        declaredCount,
        firstResponseAt: firstResponseAt ?? now,
        lastResponseAt: lastResponseAt ?? now,
        collectorVersion,
        reportedAt,
        retries: tally.retries,
        window,
      }
    },
  }
}

function dateOf(response: Response): Date | null {
  const date = Date.parse(response.headers.get('date') ?? '')
  return Number.isNaN(date) ? null : new Date(date)
}
