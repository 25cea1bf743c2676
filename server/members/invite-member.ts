import { and, eq } from 'drizzle-orm'
import { invitation, member } from '../../db/schema/state.ts'
import { byAccount, limitAttempts } from '../auth/attempts.ts'
import type { Role } from '../domain/member/roles.ts'
import { AppError, notFound } from '../errors.ts'
import { newId } from '../ledger/ids.ts'
import type { Unit } from '../ledger/ledger.ts'
import { lockHead } from '../ledger/lock-head.ts'
import { isOpen } from '../projections/range.ts'
import type { Services } from '../services.ts'
import { invitationMail } from './invitation-mail.ts'
import { commandInvitation, withdraw, withdrawOpenInvitations } from './invitation-records.ts'
import { newInvitationToken } from './invitation-token.ts'
import { actorRole } from './member-records.ts'
import type { Access } from './resolve-access.ts'
import { type AskedGrant, settleGrant } from './settle-grant.ts'
import { toGrant } from './stored-role.ts'

type Actor = Pick<Access, 'organizationId' | 'userId' | 'name'>

export interface NewInvitation {
  email: string
  role: Role
  grant: AskedGrant | null
  /** Who invites, as the mail says it. */
  invitedByName: string
}

/**
 * Invites the owner of a mailbox. An earlier invitation of the same mailbox is withdrawn. The mail leaves after the
 * commit; when it cannot be sent the invitation stands, and can be sent again by inviting again.
 * @throws {AppError} bad_input for a member's address, unavailable when the mail was not taken
 */
export async function invite(
  services: Services,
  actor: Actor,
  input: NewInvitation,
): Promise<{ invitationId: string }> {
  const { organizationId, userId } = actor
  const email = input.email.trim().toLowerCase()
  await limitAttempts(services.database, [
    { key: `invite:organization:${organizationId}`, max: 100, windowMinutes: 24 * 60 },
    // Organizations are quickly made: together they must not fill one mailbox.
    { key: byAccount('invite', email), max: 20, windowMinutes: 24 * 60 },
  ])
  const invitee = await services.auth.findVerifiedUser(email)
  const { token, tokenHash } = newInvitationToken(organizationId)
  const invitationId = newId()
  const expiresAt = await services.ledger.command(organizationId, `user:${userId}`, async unit => {
    await lockHead(unit)
    if (invitee && (await isMember(unit, invitee.id))) throw alreadyMember()
    await withdrawOpenInvitations(unit, email)
    const grant = await settleGrant(unit, input.grant)
    const [invited] = await commandInvitation(unit, invitationId, {
      type: 'invite',
      invitationId,
      role: input.role,
      grant: toGrant(grant),
      now: unit.now.toISOString(),
      actorRole: await actorRole(unit, userId),
    })
    if (invited?.type !== 'MemberInvited') throw new AppError('internal', 'inviting led to no invitation')
    const expiresAt = new Date(invited.payload.expiresAt)
    await unit.transaction.insert(invitation).values({
      organizationId,
      id: invitationId,
      tokenHash,
      email,
      role: input.role,
      periodFrom: grant?.periodFrom ?? null,
      periodTo: grant?.periodTo ?? null,
      accessExpiresAt: grant?.expiresAt ?? null,
      assessments: [...(grant?.assessments ?? [])],
      invitedBy: userId,
      createdAt: unit.now,
      expiresAt,
    })
    return expiresAt
  })
  const url = `${services.appOrigin}/invite/${token}`
  await services.mailer.send(
    invitationMail({
      email,
      role: input.role,
      organizationName: actor.name,
      invitedByName: input.invitedByName,
      expiresAt,
      url,
    }),
  )
  return { invitationId }
}

/** Makes an invitation's link useless. @throws {AppError} not_found, precondition_failed when it was accepted */
export async function withdrawInvitation(
  services: Pick<Services, 'ledger'>,
  { organizationId, userId }: Actor,
  invitationId: string,
): Promise<void> {
  await services.ledger.command(organizationId, `user:${userId}`, async unit => {
    await lockHead(unit)
    const [row] = await unit.transaction
      .select({ id: invitation.id, usedAt: invitation.usedAt })
      .from(invitation)
      .where(and(eq(invitation.organizationId, organizationId), eq(invitation.id, invitationId)))
      .for('update')
    if (!row) throw notFound('invitation')
    await withdraw(unit, row)
  })
}

async function isMember({ transaction, organizationId }: Unit, userId: string): Promise<boolean> {
  const rows = await transaction
    .select({ userId: member.userId })
    .from(member)
    .where(and(isOpen(member, organizationId), eq(member.userId, userId)))
  return rows.length > 0
}

const alreadyMember = () =>
  new AppError('bad_input', 'the invited person is a member', {
    fields: { email: 'This person is a member already. Change the role in the list instead.' },
  })
