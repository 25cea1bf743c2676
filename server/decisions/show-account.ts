import { and, desc, eq, lte } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { itemBody } from '../../db/schema/ledger.ts'
import { administrator, membership } from '../../db/schema/state.ts'
import { readCoverage } from '../coverage/read-coverage.ts'
import type { AccountClass } from '../domain/account/class.ts'
import { type ClassAt, classAt } from '../domain/account/class-at.ts'
import { accountClassWords } from '../domain/account/class-words.ts'
import type { Reason } from '../domain/control/judgement.ts'
import { verdictAt } from '../domain/control/verdict.ts'
import { explainReason } from '../domain/control/words.ts'
import { describeEvent } from '../domain/describe-event.ts'
import { parseItem } from '../domain/evidence/items.ts'
import { exceptableOf } from '../domain/exception/exceptable.ts'
import type { ExceptionSubject } from '../domain/exception/subject.ts'
import { notFound } from '../errors.ts'
import { namesInReasons } from '../evidence/queries/subject-names.ts'
import { accountStream } from '../ledger/ids.ts'
import type { AsOf } from '../ledger/position-at.ts'
import { readStreamEnd } from '../ledger/read.ts'
import { deletedAccount, namesOfPeople, personOf } from '../members/person-names.ts'
import { holdsAt } from '../projections/range.ts'
import type { Services } from '../services.ts'
import { declaredClasses } from './list-accounts.ts'
import { type ListedException, listExceptions } from './list-exceptions.ts'

export interface ShownAccount {
  readonly subjectKey: string
  readonly sourceId: string
  readonly name: string | null
  readonly login: string | null
  readonly isEnabled: boolean | null
  /** Whether the directory still listed it at the moment. */
  readonly isListed: boolean
  readonly class: AccountClass
  readonly classWords: string
  readonly by: ClassAt['by']
  readonly openSince: Date | null
  /** The declaration that stands; null where none does. */
  readonly declaration: {
    readonly ownerName: string
    readonly reason: string
    readonly since: Date
    readonly byName: string
    readonly expiresAt: Date | null
  } | null
  readonly approvedAdministrator: {
    readonly reason: string
    readonly since: Date
    readonly byName: string
  } | null
  /** Controls whose verdict names the account. */
  readonly named: readonly {
    readonly controlId: string
    readonly title: string
    readonly verdict: Reason['verdict']
    readonly text: string
    /** What an exception would be for; null where there is nothing to except. */
    readonly exceptable: ExceptionSubject | null
  }[]
  readonly exceptions: readonly ListedException[]
  readonly history: readonly {
    readonly position: number
    readonly at: Date
    readonly byName: string
    readonly text: string
  }[]
}

/** One account of the directory, what people decided of it, and what names it. @throws {AppError} not_found */
export async function showAccount(
  services: Pick<Services, 'connectors' | 'database'>,
  transaction: Transaction,
  organizationId: string,
  asOf: AsOf,
  subjectKey: string,
): Promise<ShownAccount> {
  const { position, instant } = asOf
  const { sourceId, user, isListed } = await accountAsOf(transaction, organizationId, subjectKey, position)
  const declared = (await declaredClasses(transaction, organizationId, { sourceId, position })).get(
    subjectKey,
  )
  const standing = user && classAt(user, declared, instant)
  const approved = await approvalOf(transaction, organizationId, { sourceId, subjectKey, position })
  const events = await readStreamEnd(transaction, organizationId, {
    streamId: accountStream(sourceId, subjectKey),
    upTo: position,
    limit: 100,
  })
  const actors = [
    ...events.map(({ actor }) => actor),
    ...(declared ? [declared.actor] : []),
    ...(approved ? [approved.actor] : []),
  ]
  const names = await namesOfPeople(services.database, [
    ...actors.flatMap(actor => personOf(actor) ?? []),
    ...(declared?.ownerId ? [declared.ownerId] : []),
  ])
  const nameOf = (actor: string) => names.get(personOf(actor) ?? '') ?? deletedAccount
  const shown = standing?.class ?? 'person'
  return {
    subjectKey,
    sourceId,
    name: user?.displayName ?? null,
    login: user?.userPrincipalName ?? null,
    isEnabled: user?.accountEnabled ?? null,
    isListed,
    class: shown,
    classWords: accountClassWords[shown].name,
    by: standing?.by ?? 'directory',
    openSince: standing?.openSince ?? null,
    declaration:
      declared && standing?.by === 'declaration'
        ? {
            ownerName: names.get(declared.ownerId ?? '') ?? deletedAccount,
            reason: declared.reason,
            since: declared.at,
            byName: nameOf(declared.actor),
            expiresAt: declared.expiresAt,
          }
        : null,
    approvedAdministrator: approved && {
      reason: approved.reason,
      since: approved.at,
      byName: nameOf(approved.actor),
    },
    named: await namedBy(services, transaction, organizationId, asOf, { sourceId, subjectKey }),
    exceptions: await listExceptions(services, transaction, organizationId, asOf, { subjectKey }),
    history: events.map(event => ({
      position: event.position,
      at: event.recordedAt,
      byName: nameOf(event.actor),
      text: describeEvent(event),
    })),
  }
}

async function accountAsOf(
  transaction: Transaction,
  organizationId: string,
  subjectKey: string,
  position: number,
) {
  const [row] = await transaction
    .select({ sourceId: membership.sourceId, body: itemBody.body, toPosition: membership.toPosition })
    .from(membership)
    .leftJoin(
      itemBody,
      and(eq(itemBody.organizationId, organizationId), eq(itemBody.hash, membership.itemHash)),
    )
    .where(
      and(
        eq(membership.organizationId, organizationId),
        eq(membership.kind, 'user_inventory'),
        eq(membership.subjectKey, subjectKey),
        lte(membership.fromPosition, position),
      ),
    )
    .orderBy(desc(membership.fromPosition))
    .limit(1)
  if (!row) throw notFound('account')
  return {
    sourceId: row.sourceId,
    user: row.body === null ? null : parseItem('user_inventory', row.body),
    isListed: row.toPosition > position,
  }
}

async function approvalOf(
  transaction: Transaction,
  organizationId: string,
  { sourceId, subjectKey, position }: { sourceId: string; subjectKey: string; position: number },
) {
  const [row] = await transaction
    .select()
    .from(administrator)
    .where(
      and(
        holdsAt(administrator, organizationId, position),
        eq(administrator.sourceId, sourceId),
        eq(administrator.subjectKey, subjectKey),
      ),
    )
  return row ?? null
}

/** A verdict names at most a hundred of each reason: beyond them it does not say whom. */
async function namedBy(
  { connectors }: Pick<Services, 'connectors'>,
  transaction: Transaction,
  organizationId: string,
  asOf: AsOf,
  { sourceId, subjectKey }: { sourceId: string; subjectKey: string },
): Promise<ShownAccount['named']> {
  const { sources, catalogue } = await readCoverage(transaction, organizationId, asOf, connectors)
  const source = sources.find(each => each.sourceId === sourceId)
  const naming = (source?.verdicts ?? []).flatMap(stored =>
    verdictAt(stored, asOf.instant)
      .reasons.filter(reason => reason.subjects.includes(subjectKey))
      .map(reason => ({ controlId: stored.controlId, reason })),
  )
  const asked = { organizationId, position: asOf.position, sourceId }
  const reasons = naming.map(({ reason }) => reason)
  const nameOf = await namesInReasons(transaction, asked, reasons)
  return naming.map(({ controlId, reason }) => {
    const control = catalogue.controls.find(({ id }) => id === controlId)
    const isExceptable = reason.verdict === 'fail' && control?.heeds?.includes('exceptions') === true
    return {
      controlId,
      title: control?.title ?? '',
      verdict: reason.verdict,
      text: explainReason({ ...reason, count: 1 }, nameOf).text,
      exceptable: isExceptable ? (exceptableOf(reason) ?? { kind: 'account', id: subjectKey }) : null,
    }
  })
}
