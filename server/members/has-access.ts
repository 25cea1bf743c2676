import { and, eq } from 'drizzle-orm'
import { member } from '../../db/schema/state.ts'
import { isAllowed, type Permission } from '../domain/member/roles.ts'
import { isOpen } from '../projections/range.ts'
import type { Services } from '../services.ts'
import { roleOf } from './stored-role.ts'

/** Whether somebody is still a member who may do this, and an auditor's access has not ended. */
export async function hasAccess(
  { database, clock }: Pick<Services, 'database' | 'clock'>,
  { organizationId, userId, permission }: { organizationId: string; userId: string; permission: Permission },
): Promise<boolean> {
  const [row] = await database.withOrganization(organizationId, transaction =>
    transaction
      .select({ role: member.role, expiresAt: member.expiresAt })
      .from(member)
      .where(and(isOpen(member, organizationId), eq(member.userId, userId))),
  )
  if (!row || (row.expiresAt !== null && row.expiresAt <= clock.now())) return false
  return isAllowed(roleOf(row.role), permission)
}
