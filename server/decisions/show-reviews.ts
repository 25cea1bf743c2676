import { and, desc, eq, lte, sql } from 'drizzle-orm'
import type { Database, Transaction } from '../../db/client.ts'
import { connection, review, threshold } from '../../db/schema/state.ts'
import { lastReadBefore } from '../coverage/current-bodies.ts'
import { policyChanges } from '../coverage/policy-changes.ts'
import { catalogue, latestCatalogueVersion } from '../domain/control/catalogue.ts'
import type { ThresholdId } from '../domain/control/definition.ts'
import { taskPeriod } from '../domain/control/rules/deadlines.ts'
import { parseItem } from '../domain/evidence/items.ts'
import { riskLevelOf } from '../domain/evidence/risk-level.ts'
import { type CorrectedOutcome, correctedOutcomes, settlementWords } from '../domain/review/settlement.ts'
import { type ChangedItems, changedItems } from '../evidence/queries/changed-items.ts'
import type { AsOf } from '../ledger/position-at.ts'
import { deletedAccount, namesOfPeople, personOf } from '../members/person-names.ts'
import type { ReviewRow } from '../projections/fold/rows.ts'
import { heldAt, holdsAt } from '../projections/range.ts'
import { foldedRow } from '../projections/stored-projection.ts'

export interface Asked {
  /** Where names of people stand. */
  database: Database
  transaction: Transaction
  organizationId: string
  asOf: AsOf
}

/** What somebody said of something that was reviewed. */
export interface Reviewed {
  readonly at: Date
  readonly doneAt: Date
  readonly byName: string
  readonly note: string | null
}

export interface ReviewedChange {
  readonly sourceId: string
  readonly evidenceId: string
  readonly at: Date
  readonly deadline: Date
  readonly acknowledged: Reviewed | null
  readonly items: ChangedItems
}

export interface ReviewedSignIn {
  readonly sourceId: string
  readonly subjectKey: string
  readonly name: string | null
  readonly login: string | null
  readonly app: string | null
  readonly place: string | null
  readonly level: 'high' | 'medium'
  readonly state: string | null
  readonly at: Date
  readonly deadline: Date
  /** What is said of it; not settled where it was reopened. */
  readonly said: SaidOfSignIn | null
  /** What was said of it before, the newest first. */
  readonly earlier: readonly SaidOfSignIn[]
}

export interface SaidOfSignIn extends Reviewed {
  readonly outcome: string
  readonly isSettled: boolean
}

/** How many changes and sign-ins are shown; the others are counted. */
const mostShown = { changes: 20, signIns: 100 }

/** Changes of the policies in the trailing 30 days as of a moment, those that wait first, each item by item. */
export async function showPolicyChanges(asked: Asked): Promise<{ changes: ReviewedChange[]; count: number }> {
  const { transaction, organizationId, asOf } = asked
  const reviews = await reviewsOf(asked, 'policy_change')
  const days = await thresholdAt(asked, 'acknowledge_days')
  const since = new Date(asOf.instant.getTime() - taskPeriod)
  const found: Omit<ReviewedChange, 'items'>[] = []
  for (const { sourceId, connectedAt } of await sourcesAt(asked)) {
    const changes = await policyChanges(transaction, organizationId, { sourceId, since })
    for (const { evidenceId, at } of changes) {
      if (at < connectedAt || at > asOf.instant) continue
      const deadline = new Date(at.getTime() + days * 86_400_000)
      found.push({ sourceId, evidenceId, at, deadline, acknowledged: reviews.get(evidenceId) ?? null })
    }
  }
  found.sort(waitingFirst(({ acknowledged }) => acknowledged === null))
  const shown = found.slice(0, mostShown.changes)
  const changes: ReviewedChange[] = []
  for (const change of shown) {
    const { sourceId, evidenceId: id } = change
    const position = await positionOf(asked, id)
    const items = await changedItems(transaction, organizationId, {
      id,
      sourceId,
      kind: 'conditional_access_policies',
      position,
    })
    changes.push({ ...change, items })
  }
  return { changes, count: found.length }
}

/** Sign-ins of medium and high risk in the trailing 30 days as of a moment, those that wait first. */
export async function showRiskySignIns(asked: Asked): Promise<{ signIns: ReviewedSignIn[]; count: number }> {
  const { asOf } = asked
  const reviews = await saidOfSignIns(asked)
  const hours = {
    high: await thresholdAt(asked, 'settle_high_hours'),
    medium: await thresholdAt(asked, 'settle_medium_hours'),
  }
  const found: ReviewedSignIn[] = []
  for (const { sourceId, connectedAt } of await sourcesAt(asked)) {
    const since = new Date(Math.max(connectedAt.getTime(), asOf.instant.getTime() - taskPeriod))
    for (const { subjectKey, body } of await signInsAt(asked, { sourceId, since })) {
      const item = parseItem('risky_sign_ins', body)
      const level = riskLevelOf(item)
      const at = new Date(item.createdDateTime)
      if ((level !== 'high' && level !== 'medium') || at > asOf.instant) continue
      const [said = null, ...earlier] = reviews.get(subjectKey) ?? []
      found.push({
        sourceId,
        subjectKey,
        name: item.userDisplayName,
        login: item.userPrincipalName,
        app: item.appDisplayName,
        place: [item.city, item.country].filter(part => part !== null && part !== '').join(', ') || null,
        level,
        state: item.riskState,
        at,
        deadline: new Date(at.getTime() + hours[level] * 3_600_000),
        said,
        earlier,
      })
    }
  }
  found.sort(waitingFirst(({ said }) => said?.isSettled !== true))
  return { signIns: found.slice(0, mostShown.signIns), count: found.length }
}

/** What was said of each sign-in up to a moment, the newest first: what stands, and what it took the place of. */
async function saidOfSignIns(asked: Asked): Promise<Map<string, SaidOfSignIn[]>> {
  const { database, transaction, organizationId, asOf } = asked
  const rows = await transaction
    .select()
    .from(review)
    .where(
      and(
        eq(review.organizationId, organizationId),
        eq(review.kind, 'sign_in'),
        lte(review.fromPosition, asOf.position),
      ),
    )
    .orderBy(desc(review.fromPosition))
  const names = await namesOfPeople(
    database,
    rows.flatMap(row => personOf(row.actor) ?? []),
  )
  const said = new Map<string, SaidOfSignIn[]>()
  for (const { subjectId, at, doneAt, actor, note, outcome } of rows) {
    const own = said.get(subjectId) ?? []
    said.set(subjectId, own)
    own.push({
      at,
      doneAt,
      byName: names.get(personOf(actor) ?? '') ?? deletedAccount,
      note,
      outcome: outcomeWords(outcome),
      isSettled: outcome !== 'reopened',
    })
  }
  return said
}

const outcomeWords = (outcome: string | null): string => {
  const known = correctedOutcomes.find((each): each is CorrectedOutcome => each === outcome)
  return known ? settlementWords[known] : (outcome ?? 'Settled')
}

/** What waits by its deadline, then what is done, the newest first. */
const waitingFirst =
  <T extends { at: Date; deadline: Date }>(waits: (row: T) => boolean) =>
  (one: T, other: T): number => {
    if (waits(one) !== waits(other)) return waits(one) ? -1 : 1
    return waits(one)
      ? one.deadline.getTime() - other.deadline.getTime()
      : other.at.getTime() - one.at.getTime()
  }

type NamedReview = Reviewed & Pick<ReviewRow, 'listCount' | 'listFingerprint'>

/** What stood of one kind of review, by what it is of. */
export async function reviewsOf(
  { database, transaction, organizationId, asOf }: Asked,
  kind: Exclude<ReviewRow['kind'], 'sign_in'>,
): Promise<Map<string, NamedReview>> {
  const rows = await transaction
    .select()
    .from(review)
    .where(and(holdsAt(review, organizationId, asOf.position), eq(review.kind, kind)))
  const names = await namesOfPeople(
    database,
    rows.flatMap(row => personOf(row.actor) ?? []),
  )
  return new Map(
    rows.map(row => {
      const { subjectId, at, doneAt, actor, note, listCount, listFingerprint } = foldedRow<'review'>(row)
      const byName = names.get(personOf(actor) ?? '') ?? deletedAccount
      return [subjectId, { at, doneAt, byName, note, listCount, listFingerprint }]
    }),
  )
}

/** The threshold in force as of a moment. */
export async function thresholdAt(
  { transaction, organizationId, asOf }: Asked,
  id: ThresholdId,
): Promise<number> {
  const [row] = await transaction
    .select({ value: threshold.value })
    .from(threshold)
    .where(and(holdsAt(threshold, organizationId, asOf.position), eq(threshold.thresholdId, id)))
  const known = catalogue(Math.max(latestCatalogueVersion, 2)).thresholds ?? []
  return row?.value ?? known.find(each => each.id === id)?.default ?? 0
}

/** Directories that were connected as of a moment, and since when. */
export async function sourcesAt({
  transaction,
  organizationId,
  asOf,
}: Asked): Promise<{ sourceId: string; connectedAt: Date }[]> {
  const rows = await transaction
    .select({ sourceId: connection.sourceId, connectedAt: connection.connectedAt, status: connection.status })
    .from(connection)
    .where(holdsAt(connection, organizationId, asOf.position))
    .orderBy(connection.connectedAt)
  const newest = new Map(rows.map(row => [row.sourceId, row]))
  return [...newest.values()].filter(({ status }) => status !== 'revoked')
}

async function positionOf({ transaction, organizationId }: Asked, evidenceId: string): Promise<number> {
  const [row] = await transaction.execute<{ position: string }>(sql`
    select v.position from ledger.evidence v
     where v.organization_id = ${organizationId} and v.id = ${evidenceId}`)
  return Number(row?.position)
}

/** Bodies of a feed's sign-ins since then, as they stood. */
async function signInsAt(
  { transaction, organizationId, asOf }: Asked,
  { sourceId, since }: { sourceId: string; since: Date },
): Promise<{ subjectKey: string; body: string }[]> {
  const before = await lastReadBefore(transaction, organizationId, since)
  const rows = await transaction.execute<{ subject_key: string; body: string }>(sql`
    select m.subject_key, b.body
      from state.membership m
      cross join lateral (
        select i.body from ledger.item_body i
         where i.organization_id = ${organizationId} and i.hash = m.item_hash limit 1) b
     where m.organization_id = ${organizationId} and m.source_id = ${sourceId} and m.kind = 'risky_sign_ins'
       and m.from_position > ${before} and ${heldAt('m', asOf)}
       and (b.body::jsonb ->> 'createdDateTime')::timestamptz >= ${since.toISOString()}::timestamptz`)
  return rows.map(row => ({ subjectKey: row.subject_key, body: row.body }))
}
