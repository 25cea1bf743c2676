import { and, desc, eq, gt, lt, lte } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { run } from '../../db/schema/state.ts'
import { type Cadence, evidenceKind, evidenceKinds } from '../domain/evidence/kinds.ts'
import type { PeriodStart } from '../members/auditor-period.ts'

/** One run as it stood at a position: what ended later was still running. */
export interface ListedRun {
  id: string
  trigger: string
  cadence: Cadence
  startedAt: Date
  finishedAt: Date | null
  outcome: 'running' | 'succeeded' | 'partly' | 'failed'
  explanation: string | null
  kinds: {
    kind: string
    title: string
    outcome: 'collected' | 'reaffirmed' | 'unavailable'
    items: number | null
    reason: string | null
  }[]
}

/**
 * A connection's runs, the newest first, by keyset: `before` is the `next` of the page before. Of an auditor's, those
 * that began in the period.
 */
export async function listRuns(
  transaction: Transaction,
  organizationId: string,
  connectionId: string,
  page: {
    position: number
    before: number | null
    limit: number
    start: PeriodStart | null
    /** Of one cadence alone. */
    cadence?: Cadence
  },
): Promise<{ runs: ListedRun[]; next: number | null }> {
  const rows = await transaction
    .select()
    .from(run)
    .where(
      and(
        eq(run.organizationId, organizationId),
        eq(run.connectionId, connectionId),
        page.cadence === undefined ? undefined : eq(run.cadence, page.cadence),
        lte(run.startedPosition, page.position),
        page.start ? gt(run.startedPosition, page.start.position) : undefined,
        page.before === null ? undefined : lt(run.startedPosition, page.before),
      ),
    )
    .orderBy(desc(run.startedPosition))
    .limit(page.limit + 1)
  const shown = rows.slice(0, page.limit)
  return {
    runs: shown.map(row => describeRun(row, page.position)),
    next: rows.length > page.limit ? (shown.at(-1)?.startedPosition ?? null) : null,
  }
}

/** A run as of a position. */
export function describeRun(row: typeof run.$inferSelect, position: number): ListedRun {
  const { id, trigger, cadence, startedAt } = row
  const begun = { id, trigger, cadence, startedAt }
  if (row.finishedPosition === null || row.finishedPosition > position) {
    return { ...begun, finishedAt: null, outcome: 'running', explanation: null, kinds: [] }
  }
  const kinds = evidenceKinds.flatMap(kind => {
    const result = row.kinds[kind]
    if (!result) return []
    const { outcome, items, reason } = result
    return [{ kind, title: evidenceKind(kind).title, outcome, items: items ?? null, reason: reason ?? null }]
  })
  const { finishedAt, explanation } = row
  return { ...begun, finishedAt, outcome: outcomeOf(row.outcome), explanation, kinds }
}

const outcomeOf = (outcome: string | null): ListedRun['outcome'] =>
  outcome === 'succeeded' || outcome === 'partly' ? outcome : 'failed'
