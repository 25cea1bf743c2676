import { and, asc, eq, gte, lte, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Transaction } from '../../db/client.ts'
import { successChain, verdict } from '../../db/schema/state.ts'
import { verdicts } from '../domain/control/judgement.ts'
import { verdictWords } from '../domain/control/words.ts'
import { evidenceKind, kindNamed } from '../domain/evidence/kinds.ts'

/** An instant at which something changed by time alone: no event stands there. */
export interface TimeMoment {
  at: Date
  label: string
}

interface Interval {
  from: Date
  to: Date
}

/** When evidence became stale or expired and when verdicts turned, because nothing came. In order of time. */
export async function timeMoments(
  transaction: Transaction,
  organizationId: string,
  interval: Interval,
): Promise<TimeMoment[]> {
  const moments = [
    ...(await agings(transaction, organizationId, interval)),
    ...(await turnings(transaction, organizationId, interval)),
  ]
  return moments.sort((one, other) => one.at.getTime() - other.at.getTime())
}

const longestAge = 3 * 86_400_000
const minute = 60_000

async function agings(transaction: Transaction, organizationId: string, { from, to }: Interval) {
  const chains = await transaction
    .select()
    .from(successChain)
    .where(
      and(
        eq(successChain.organizationId, organizationId),
        gte(successChain.lastAt, new Date(from.getTime() - longestAge)),
      ),
    )
    .orderBy(asc(successChain.firstAt))
  const found = new Map<string, { at: Date; titles: Set<string>; word: string }>()
  for (const chain of chains) {
    const kind = kindNamed(chain.kind)
    if (!kind) continue
    const { title, staleAfter, expiredAfter } = evidenceKind(kind)
    const next = chains.find(
      other => other.sourceId === chain.sourceId && other.kind === chain.kind && other.firstAt > chain.lastAt,
    )
    for (const [age, word] of [
      [staleAfter, 'became stale'],
      [expiredAfter, 'expired'],
    ] as const) {
      const at = new Date(chain.lastAt.getTime() + age)
      if (at < from || at > to || (next && next.firstAt <= at)) continue
      // The kinds of one run age within the same moments: one stop for all of them, once all are over the threshold.
      const key = `${word} ${Math.floor(at.getTime() / minute)}`
      const same = found.get(key)
      same?.titles.add(title)
      found.set(key, {
        at: same && same.at > at ? same.at : at,
        titles: same?.titles ?? new Set([title]),
        word,
      })
    }
  }
  // A threshold itself still counts as fresh: the millisecond after it does not.
  return [...found.values()].map(({ at, titles, word }) => ({
    at: new Date(at.getTime() + 1),
    label: `${new Intl.ListFormat('en').format(titles)} ${word}: nothing came.`,
  }))
}

const changesSchema = z.array(z.object({ at: z.coerce.date(), verdict: z.enum(verdicts) }))

async function turnings(transaction: Transaction, organizationId: string, { from, to }: Interval) {
  const rows = await transaction
    .select({ controlId: verdict.controlId, changes: verdict.changes, toAt: verdict.toAt })
    .from(verdict)
    .where(
      and(
        eq(verdict.organizationId, organizationId),
        lte(verdict.at, to),
        sql`jsonb_array_length(${verdict.changes}) > 0`,
      ),
    )
  return rows.flatMap(({ controlId, changes, toAt }) =>
    changesSchema
      .parse(changes)
      .filter(change => change.at >= from && change.at <= to && (toAt === null || change.at < toAt))
      .map(change => ({
        at: change.at,
        label: `${controlId} turned by time alone: ${verdictWords(change.verdict).toLowerCase()}.`,
      })),
  )
}
