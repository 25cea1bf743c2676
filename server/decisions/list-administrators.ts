import { asc } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { administrator } from '../../db/schema/state.ts'
import { subjectNames } from '../evidence/queries/subject-names.ts'
import { deletedAccount, namesOfPeople, personOf } from '../members/person-names.ts'
import { holdsAt } from '../projections/range.ts'
import type { Services } from '../services.ts'

export interface ApprovedAdministrator {
  readonly subjectKey: string
  readonly sourceId: string
  readonly name: string | null
  readonly login: string | null
  readonly reason: string
  readonly since: Date
  readonly byName: string
}

/** The list of approved administrators as of a position, the longest approved first. */
export async function listAdministrators(
  { database }: Pick<Services, 'database'>,
  transaction: Transaction,
  organizationId: string,
  position: number,
): Promise<ApprovedAdministrator[]> {
  const rows = await transaction
    .select()
    .from(administrator)
    .where(holdsAt(administrator, organizationId, position))
    .orderBy(asc(administrator.fromPosition))
  const people = await namesOfPeople(
    database,
    rows.flatMap(({ actor }) => personOf(actor) ?? []),
  )
  const listed: ApprovedAdministrator[] = []
  for (const sourceId of new Set(rows.map(row => row.sourceId))) {
    const own = rows.filter(row => row.sourceId === sourceId)
    const names = await subjectNames(transaction, {
      organizationId,
      position,
      sourceId,
      kinds: ['user_inventory'],
      subjectKeys: own.map(row => row.subjectKey),
    })
    for (const { subjectKey, reason, at: since, actor } of own) {
      const { name = null, login = null } = names.get(subjectKey) ?? {}
      const byName = people.get(personOf(actor) ?? '') ?? deletedAccount
      listed.push({ subjectKey, sourceId, name, login, reason, since, byName })
    }
  }
  return listed
}
