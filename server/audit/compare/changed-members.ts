import type { Transaction } from '../../../db/client.ts'
import { member } from '../../../db/schema/state.ts'
import { roleNames } from '../../domain/member/roles.ts'
import { deletedAccount, namesOfPeople } from '../../members/person-names.ts'
import { roleOf } from '../../members/stored-role.ts'
import { holdsAt } from '../../projections/range.ts'
import type { Services } from '../../services.ts'
import type { Interval } from './changed-populations.ts'

/** Somebody who was a member at one of two moments only, or as something else. */
export interface ChangedMember {
  userId: string
  /** As the person is called today. */
  name: string
  before: string | null
  after: string | null
}

/** Who joined, left or has another role, by name. */
export async function changedMembers(
  { database }: Pick<Services, 'database'>,
  transaction: Transaction,
  organizationId: string,
  interval: Interval,
): Promise<ChangedMember[]> {
  const before = await rolesAt(transaction, organizationId, interval.before)
  const after = await rolesAt(transaction, organizationId, interval.after)
  const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
    userId => before.get(userId) !== after.get(userId),
  )
  const names = await namesOfPeople(database, changed)
  return changed
    .map(userId => ({
      userId,
      name: names.get(userId) ?? deletedAccount,
      before: before.get(userId) ?? null,
      after: after.get(userId) ?? null,
    }))
    .sort((one, other) => one.name.localeCompare(other.name, 'en'))
}

async function rolesAt(transaction: Transaction, organizationId: string, position: number) {
  const rows = await transaction
    .select({ userId: member.userId, role: member.role })
    .from(member)
    .where(holdsAt(member, organizationId, position))
  return new Map(rows.map(({ userId, role }) => [userId, roleNames[roleOf(role)]]))
}
