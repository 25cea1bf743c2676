import { and, desc, eq, or } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { exception } from '../../db/schema/state.ts'
import { recordOf } from '../coverage/decisions-of.ts'
import { exclusionName } from '../domain/control/words-policies.ts'
import { evidenceKinds } from '../domain/evidence/kinds.ts'
import { type ExceptionState, exceptionsAt } from '../domain/exception/exceptions-at.ts'
import type { ExceptionSubject } from '../domain/exception/subject.ts'
import { subjectNames } from '../evidence/queries/subject-names.ts'
import type { AsOf } from '../ledger/position-at.ts'
import { deletedAccount, namesOfPeople } from '../members/person-names.ts'
import { holdsAt } from '../projections/range.ts'
import { foldedRow } from '../projections/stored-projection.ts'
import type { Services } from '../services.ts'

export interface ListedException {
  readonly exceptionId: string
  readonly controlId: string
  readonly sourceId: string
  readonly subject: ExceptionSubject
  readonly subjectWords: string
  readonly reason: string
  readonly ownerName: string
  readonly requestedBy: string
  readonly requestedByName: string
  readonly requestedAt: Date
  readonly expiresAt: Date
  readonly state: ExceptionState
  readonly decided: { readonly byName: string; readonly at: Date; readonly reason: string } | null
}

/** The most that one answer holds, the newest requests first. */
const mostListed = 200

/** Exceptions from one control, or for one account, as they stand at a moment. */
export async function listExceptions(
  { database }: Pick<Services, 'database'>,
  transaction: Transaction,
  organizationId: string,
  { instant, position }: Pick<AsOf, 'instant' | 'position'>,
  { controlId, subjectKey }: { controlId?: string | undefined; subjectKey?: string | undefined },
): Promise<ListedException[]> {
  const ofSubject =
    subjectKey === undefined
      ? undefined
      : and(
          or(eq(exception.subjectKind, 'account'), eq(exception.subjectKind, 'user')),
          eq(exception.subjectId, subjectKey),
        )
  const rows = await transaction
    .select()
    .from(exception)
    .where(
      and(
        holdsAt(exception, organizationId, position),
        controlId === undefined ? undefined : eq(exception.controlId, controlId),
        ofSubject,
      ),
    )
    .orderBy(desc(exception.requestedAt))
    .limit(mostListed)
  const listed = exceptionsAt(
    rows.map(row => recordOf(foldedRow<'exception'>(row))),
    instant,
  )
  const people = await namesOfPeople(
    database,
    listed.flatMap(each => [each.ownerId, each.requestedBy, ...(each.decidedBy ? [each.decidedBy] : [])]),
  )
  const personName = (id: string) => people.get(id) ?? deletedAccount
  const names = await namesOfSubjects(transaction, organizationId, position, listed)
  return listed.map(each => ({
    exceptionId: each.exceptionId,
    controlId: each.controlId,
    sourceId: each.sourceId,
    subject: each.subject,
    subjectWords: subjectWords(each.subject, names),
    reason: each.reason,
    ownerName: personName(each.ownerId),
    requestedBy: each.requestedBy,
    requestedByName: personName(each.requestedBy),
    requestedAt: each.requestedAt,
    expiresAt: each.expiresAt,
    state: each.state,
    decided:
      each.decidedBy && each.decidedAt
        ? { byName: personName(each.decidedBy), at: each.decidedAt, reason: each.decisionReason ?? '' }
        : null,
  }))
}

/** What the directory called the subjects, by id. */
export async function namesOfSubjects(
  transaction: Transaction,
  organizationId: string,
  position: number,
  listed: readonly { sourceId: string; subject: ExceptionSubject }[],
): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>()
  for (const sourceId of new Set(listed.map(each => each.sourceId))) {
    const subjectKeys = listed.filter(each => each.sourceId === sourceId).map(({ subject }) => subject.id)
    const asked = { organizationId, position, sourceId, kinds: evidenceKinds, subjectKeys }
    for (const [key, { name, login }] of await subjectNames(transaction, asked)) {
      const known = name ?? login
      if (known) names.set(key, known)
    }
  }
  return names
}

/** What an exception is about, in words. */
export function subjectWords({ kind, id }: ExceptionSubject, names: ReadonlyMap<string, string>): string {
  if (kind === 'account') return names.get(id) ?? `account ${id}`
  if (kind === 'reason') return `everything that fails for “${id.replaceAll('_', ' ')}”`
  return exclusionName(kind, id, other => names.get(other) ?? other)
}
