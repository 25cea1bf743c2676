import { eq } from 'drizzle-orm'
import { users } from '../../db/schema/accounts.ts'
import type { Role } from '../domain/member/roles.ts'
import { lockHead } from '../ledger/lock-head.ts'
import type { Services } from '../services.ts'
import { withdrawOpenInvitations } from './invitation-records.ts'
import { actorRole, commandMember, countOwners } from './member-records.ts'
import { forgetMembership } from './membership-index.ts'
import type { Access } from './resolve-access.ts'
import { type AskedGrant, settleGrant } from './settle-grant.ts'
import { toGrant } from './stored-role.ts'

type Actor = Pick<Access, 'organizationId' | 'userId'>

/**
 * Gives a member another role; to an auditor a period and an end of access as well.
 * @throws {AppError} not_found for who is no member, precondition_failed for what the rules of roles refuse
 */
export async function changeRole(
  services: Pick<Services, 'ledger'>,
  actor: Actor,
  change: { userId: string; role: Role; grant: AskedGrant | null },
): Promise<void> {
  await services.ledger.command(actor.organizationId, `user:${actor.userId}`, async unit => {
    await lockHead(unit)
    await commandMember(unit, change.userId, {
      type: 'change_role',
      role: change.role,
      grant: toGrant(await settleGrant(unit, change.grant)),
      now: unit.now.toISOString(),
      actorRole: await actorRole(unit, actor.userId),
      isSelf: change.userId === actor.userId,
      owners: await countOwners(unit),
    })
  })
}

/**
 * Ends a membership: one's own, or another person's. Invitations that wait for the same mailbox are withdrawn with it.
 * @throws {AppError} not_found for who is no member, precondition_failed for the last owner
 */
export async function removeMember(
  services: Pick<Services, 'ledger' | 'database'>,
  actor: Actor,
  userId: string,
): Promise<void> {
  const { organizationId } = actor
  const email = await emailOf(services, userId)
  await services.ledger.command(organizationId, `user:${actor.userId}`, async unit => {
    await lockHead(unit)
    await commandMember(unit, userId, {
      type: 'remove',
      actorRole: await actorRole(unit, actor.userId),
      isSelf: userId === actor.userId,
      owners: await countOwners(unit),
    })
    if (email) await withdrawOpenInvitations(unit, email)
  })
  await forgetMembership(services.database, userId, organizationId)
}

async function emailOf({ database }: Pick<Services, 'database'>, userId: string) {
  const [user] = await database.outsideTenant
    .select({ email: users.email })
    .from(users)
    .where(eq(users.id, userId))
  return user?.email
}
