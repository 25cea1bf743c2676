import { and, asc, eq, gt, gte, inArray, lte, sql } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { successChain, verdict } from '../../db/schema/state.ts'
import type { Catalogue } from '../domain/control/definition.ts'
import { type Verdict, verdicts } from '../domain/control/judgement.ts'
import { verdictAt } from '../domain/control/verdict.ts'
import {
  type CoverageHistory,
  type Range,
  rangeWithout,
  type SuccessChain,
} from '../domain/coverage/history.ts'
import { type EvidenceKind, evidenceKinds, kindNamed } from '../domain/evidence/kinds.ts'
import { licenceAnswersNeeded } from '../domain/run/outcome.ts'
import { positionBefore } from './position-before.ts'
import { readScopeRanges } from './read-scope.ts'
import type { Source } from './read-sources.ts'

const day = 86_400_000

interface HistoryOptions {
  organizationId: string
  catalogue: Catalogue
  sources: readonly Source[]
  /** The pair that is asked about: nothing later is known. */
  position: number
  from: Date
  to: Date
  /** One control alone. */
  controlId?: string
}

/** What coverage from `from` to `to` rests on, as it was known as of the position. */
export async function readHistory(
  transaction: Transaction,
  options: HistoryOptions,
): Promise<CoverageHistory> {
  const { catalogue, sources, organizationId, position } = options
  if (sources.length === 0) {
    return { catalogue, sources: [], verdictRanges: [], successChains: [], settledUnavailable: [] }
  }
  const [scope, verdictRanges, successChains, settled] = await Promise.all([
    readScopeRanges(transaction, organizationId, position),
    readVerdictRanges(transaction, options),
    readChains(transaction, options),
    readSettled(transaction, options),
  ])
  return {
    catalogue,
    sources: sources.flatMap(({ sourceId, since }) =>
      rangeWithout(
        { sourceId, from: since, to: null },
        scope.filter(({ what, id }) => what === 'source' && id === sourceId),
      ),
    ),
    outOfScope: scope.flatMap(({ what, id, from, to }) =>
      what === 'control' ? [{ controlId: id, from, to }] : [],
    ),
    verdictRanges,
    successChains,
    settledUnavailable: [
      ...sources.flatMap(({ sourceId, since, absentKinds }) =>
        absentKinds.map(kind => ({ sourceId, kind, from: since, to: null })),
      ),
      ...settled,
    ],
  }
}

type VerdictRange = CoverageHistory['verdictRanges'][number]

async function readVerdictRanges(transaction: Transaction, options: HistoryOptions): Promise<VerdictRange[]> {
  const { organizationId, sources, position, from, controlId } = options
  // Reasons are left where they are: a year of them weighs more than everything else on the page.
  const changes = sql<{ at: string; verdict: string }[]>`(
    select coalesce(jsonb_agg(jsonb_build_object('at', c -> 'at', 'verdict', c -> 'verdict')), '[]'::jsonb)
      from jsonb_array_elements(${verdict.changes}) c)`
  const rows = await transaction
    .select({
      controlId: verdict.controlId,
      sourceId: verdict.sourceId,
      connectionId: verdict.connectionId,
      at: verdict.at,
      toAt: verdict.toAt,
      verdict: verdict.verdict,
      changes,
    })
    .from(verdict)
    .where(
      and(
        eq(verdict.organizationId, organizationId),
        inArray(
          verdict.sourceId,
          sources.map(source => source.sourceId),
        ),
        lte(verdict.fromPosition, position),
        gt(verdict.toPosition, positionBefore(organizationId, from)),
        controlId === undefined ? undefined : eq(verdict.controlId, controlId),
      ),
    )
    .orderBy(asc(verdict.fromPosition))
  const lives = new Map(sources.flatMap(source => source.lives).map(life => [life.connectionId, life]))
  const steps = rows.flatMap(row => {
    const life = lives.get(row.connectionId)
    const recorded = { from: row.at, to: row.toAt, verdict: row.verdict, changes: row.changes }
    return stepsOf(recorded, life).map(step => ({
      ...step,
      controlId: row.controlId,
      sourceId: row.sourceId,
    }))
  })
  return joinSame(steps, (one, other) => one.verdict === other.verdict)
}

/** A recorded verdict and its changes by time alone as plain stretches, within the life of its connection. */
function stepsOf(
  row: Range & { verdict: string; changes: readonly { at: string; verdict: string }[] },
  life: Range | undefined,
) {
  if (!life) return []
  const from = new Date(Math.max(row.from.getTime(), life.from.getTime()))
  const to = [row.to, life.to]
    .filter(end => end !== null)
    .sort((one, other) => Number(one) - Number(other))[0]
  const changes = row.changes
    .map(change => ({ at: new Date(change.at), verdict: verdictOf(change.verdict), reasons: [] }))
    .sort((one, other) => one.at.getTime() - other.at.getTime())
  // A change may have come about between judging and recording.
  const first = verdictAt({ verdict: verdictOf(row.verdict), reasons: [], changes }, from)
  const later = changes.filter(change => change.at > from && (to === undefined || change.at < to))
  const starts = [{ at: from, verdict: first.verdict }, ...later]
  return starts
    .map((start, index) => ({
      from: start.at,
      to: starts[index + 1]?.at ?? to ?? null,
      verdict: start.verdict,
      reasons: [],
      changes: [],
    }))
    .filter(step => step.to === null || step.from < step.to)
}

async function readChains(
  transaction: Transaction,
  { organizationId, sources, from, to }: HistoryOptions,
): Promise<SuccessChain[]> {
  const rows = await transaction
    .select()
    .from(successChain)
    .where(
      and(
        eq(successChain.organizationId, organizationId),
        inArray(
          successChain.sourceId,
          sources.map(source => source.sourceId),
        ),
        lte(successChain.firstAt, to),
        // Older ones have expired by then, whichever kind it is.
        gte(successChain.lastAt, new Date(from.getTime() - 30 * day)),
      ),
    )
  return rows.flatMap(({ sourceId, kind: name, firstAt, lastAt }) => {
    const kind = kindNamed(name)
    // The row tells what is known today; then, no success after the asked instant was known.
    return kind ? [{ sourceId, kind, firstAt, lastAt: lastAt < to ? lastAt : to }] : []
  })
}

/**
 * When it was settled that a kind does not come. Each row holds until the next one of its source and kind, which the
 * key finds at its end.
 */
async function readSettled(
  transaction: Transaction,
  { organizationId, sources, position, from }: HistoryOptions,
) {
  const ids = sql.join(
    sources.map(source => sql`${source.sourceId}::uuid`),
    sql`, `,
  )
  const kinds = sql.join(
    evidenceKinds.map(kind => sql`${kind}`),
    sql`, `,
  )
  const rows = await transaction.execute<{
    source_id: string
    kind: string
    from: string
    to: string | null
  }>(sql`
    select s.source_id, s.kind, s.at as "from", n.at as "to"
      from state.kind_status s
      left join state.kind_status n
        on n.organization_id = ${organizationId} and n.source_id = s.source_id and n.kind = s.kind
       and n.from_position = s.to_position and n.from_position <= ${position}
     where s.organization_id = ${organizationId} and s.source_id in (${ids}) and s.kind in (${kinds})
       and s.from_position <= ${position} and s.reason = 'licence'
       and s.to_position >= ${positionBefore(organizationId, from)}
       and (s.last_success_at is null or s.licence_answers >= ${licenceAnswersNeeded})
       and coalesce(n.at >= ${from.toISOString()}::timestamptz, true)
     order by s.from_position`)
  const steps = rows.flatMap(row => {
    const kind = kindNamed(row.kind)
    if (!kind) return []
    const to = row.to === null ? null : new Date(row.to)
    return [{ sourceId: row.source_id, kind, from: new Date(row.from), to }]
  })
  return joinSame(steps, () => true)
}

/** Stretches of one source and control (or kind) that follow on each other and say the same are one. */
function joinSame<T extends Range & { sourceId: string; controlId?: string; kind?: EvidenceKind }>(
  steps: readonly T[],
  isSame: (one: T, other: T) => boolean,
): T[] {
  const joined = new Map<string, T[]>()
  for (const step of steps) {
    const key = `${step.sourceId} ${step.controlId ?? step.kind}`
    const list = joined.get(key) ?? []
    const last = list.at(-1)
    if (last?.to?.getTime() === step.from.getTime() && isSame(last, step)) {
      list[list.length - 1] = { ...last, to: step.to }
    } else list.push(step)
    joined.set(key, list)
  }
  return [...joined.values()].flat()
}

/** Unknown words say nothing. */
const verdictOf = (text: string): Verdict => verdicts.find(verdict => verdict === text) ?? 'no_data'
