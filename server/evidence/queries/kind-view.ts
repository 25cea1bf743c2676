import { and, asc, eq, sql } from 'drizzle-orm'
import type { Transaction } from '../../../db/client.ts'
import { itemBody } from '../../../db/schema/ledger.ts'
import { membership } from '../../../db/schema/state.ts'
import { describePolicy, namedAccounts, type PolicyWords } from '../../domain/evidence/describe-policy.ts'
import { type ConditionalAccessPolicyItem, parseItem } from '../../domain/evidence/items.ts'
import type { EvidenceKind } from '../../domain/evidence/kinds.ts'
import { type ColumnsPlot, columnsPlot } from '../../domain/plots/columns-plot.ts'
import type { AsOf } from '../../ledger/position-at.ts'
import { holdsAt } from '../../projections/range.ts'
import { subjectNames } from './subject-names.ts'

/** `other` is what the source says in words that are not known here, or not at all. */
export const riskLevels = ['high', 'medium', 'low', 'hidden', 'other'] as const
export type RiskLevel = (typeof riskLevels)[number]

/** What a kind's own view shows besides its counts; each is empty for the other kinds. */
export interface KindView {
  policies: (PolicyWords & { id: string })[]
  /** Risky sign-ins per day by level over the trailing 30 days. */
  signInPlot: ColumnsPlot<RiskLevel> | null
}

/** Reads what the view of a kind needs as of a moment. */
export async function kindView(
  transaction: Transaction,
  organizationId: string,
  asOf: AsOf,
  { sourceId, kind }: { sourceId: string; kind: EvidenceKind },
): Promise<KindView> {
  return {
    policies:
      kind === 'conditional_access_policies'
        ? await policies(transaction, organizationId, asOf, sourceId)
        : [],
    signInPlot:
      kind === 'risky_sign_ins' ? await signInPlot(transaction, organizationId, asOf, sourceId) : null,
  }
}

async function policies(transaction: Transaction, organizationId: string, asOf: AsOf, sourceId: string) {
  const rows = await transaction
    .select({ body: itemBody.body })
    .from(membership)
    .innerJoin(
      itemBody,
      and(eq(itemBody.organizationId, organizationId), eq(itemBody.hash, membership.itemHash)),
    )
    .where(
      and(
        holdsAt(membership, organizationId, asOf.position),
        eq(membership.sourceId, sourceId),
        eq(membership.kind, 'conditional_access_policies'),
      ),
    )
    .orderBy(asc(membership.label), asc(membership.subjectKey))
  const items = rows.map(row => parseItem('conditional_access_policies', row.body))
  const names = await accountNames(transaction, organizationId, asOf, sourceId, items)
  return items
    .map(item => ({ id: item.id, ...describePolicy(item, id => names.get(id.toLowerCase())) }))
    .sort((one, other) => stateOrder.indexOf(one.state) - stateOrder.indexOf(other.state))
}

const stateOrder = ['enabled', 'report_only', 'other', 'disabled']
const mostNames = 200

/** Accounts that policies name one by one, by object id. */
async function accountNames(
  transaction: Transaction,
  organizationId: string,
  asOf: AsOf,
  sourceId: string,
  items: readonly ConditionalAccessPolicyItem[],
): Promise<Map<string, string>> {
  const ids = items.flatMap(namedAccounts).map(id => id.toLowerCase())
  const found = await subjectNames(transaction, {
    organizationId,
    position: asOf.position,
    sourceId,
    kinds: ['user_inventory'],
    subjectKeys: [...new Set(ids)].slice(0, mostNames),
  })
  return new Map(
    [...found].flatMap(([key, { name, login, isRemoved }]) =>
      isRemoved ? [] : [[key, name ?? login ?? key]],
    ),
  )
}

const dayLength = 86_400_000
const days = 30

async function signInPlot(transaction: Transaction, organizationId: string, asOf: AsOf, sourceId: string) {
  const today = Math.floor(asOf.instant.getTime() / dayLength) * dayLength
  const from = new Date(today - (days - 1) * dayLength)
  const day = sql<string>`left(${itemBody.body}::json ->> 'createdDateTime', 10)`
  // The aggregated level falls back to none once the risk is settled: what it was then is what happened.
  const level = sql<
    string | null
  >`coalesce(nullif(${itemBody.body}::json ->> 'riskLevelDuringSignIn', 'none'),
    ${itemBody.body}::json ->> 'riskLevelAggregated')`
  const rows = await transaction
    .select({ day, level, count: sql<number>`count(*)::int` })
    .from(membership)
    .innerJoin(
      itemBody,
      and(eq(itemBody.organizationId, organizationId), eq(itemBody.hash, membership.itemHash)),
    )
    .where(
      and(
        holdsAt(membership, organizationId, asOf.position),
        eq(membership.sourceId, sourceId),
        eq(membership.kind, 'risky_sign_ins'),
        sql`${day} >= ${from.toISOString().slice(0, 10)}`,
      ),
    )
    .groupBy(sql`1`, sql`2`)
  return columnsPlot<RiskLevel>({
    parts: [...riskLevels].reverse(),
    from,
    to: new Date(today + dayLength),
    columns: Array.from({ length: days }, (_, index) => {
      const at = new Date(from.getTime() + index * dayLength)
      const isOf = (row: { day: string }) => row.day === at.toISOString().slice(0, 10)
      const counted = (part: RiskLevel) =>
        rows.filter(row => isOf(row) && levelOf(row.level) === part).reduce((sum, row) => sum + row.count, 0)
      return { at, values: Object.fromEntries(riskLevels.map(part => [part, counted(part)])) }
    }),
  })
}

const levelOf = (text: string | null): RiskLevel => riskLevels.find(level => level === text) ?? 'other'
