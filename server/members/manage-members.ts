import { eq } from 'drizzle-orm'
import { users } from '../../db/schema/accounts.ts'
import type { Role } from '../domain/member/roles.ts'
import { AppError } from '../errors.ts'
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
 * What was typed has to be the address of the mailbox, or, to leave, that of the organization.
 * @throws {AppError} not_found for who is no member, precondition_failed for the last owner, bad_input on `confirmation`
 */
export async function removeMember(
  services: Pick<Services, 'ledger' | 'database'>,
  actor: Actor & Pick<Access, 'slug'>,
  { userId, confirmation }: { userId: string; confirmation: string },
): Promise<void> {
  const { organizationId } = actor
  const isSelf = userId === actor.userId
  const email = await emailOf(services, userId)
  await services.ledger.command(organizationId, `user:${actor.userId}`, async unit => {
    await lockHead(unit)
    await commandMember(unit, userId, {
      type: 'remove',
      actorRole: await actorRole(unit, actor.userId),
      isSelf,
      owners: await countOwners(unit),
    })
    // After what the rules say: whoever is no member here is told no address.
    requireTyped(confirmation, isSelf ? actor.slug : (email ?? userId))
    if (email) await withdrawOpenInvitations(unit, email)
  })
  await forgetMembership(services.database, userId, organizationId)
}

function requireTyped(confirmation: string, word: string) {
  if (confirmation.trim().toLowerCase() === word.toLowerCase()) return
  throw new AppError('bad_input', 'removal not confirmed', {
    userMessage: 'Nothing was changed: what was typed is not the word that is asked for.',
    fields: { confirmation: `Type ${word}.` },
  })
}

async function emailOf({ database }: Pick<Services, 'database'>, userId: string) {
  const [user] = await database.outsideTenant
    .select({ email: users.email })
    .from(users)
    .where(eq(users.id, userId))
  return user?.email
}
