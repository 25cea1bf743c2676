import type { z } from 'zod'
import { DomainRefusal } from '../refusal.ts'
import type { invitationWithdrawn, memberInvited } from './events.ts'
import { checkGrant } from './grant.ts'
import type { Grant, Role } from './roles.ts'

export type InvitationEvent =
  | { type: 'MemberInvited'; payload: z.infer<typeof memberInvited> }
  | { type: 'InvitationWithdrawn'; payload: z.infer<typeof invitationWithdrawn> }

export type InvitationCommand =
  | { type: 'invite'; invitationId: string; role: Role; grant: Grant | null; now: string; actorRole: Role }
  | { type: 'withdraw'; isUsed: boolean }

/** The invitation as its stream tells it. That it was accepted stands in the new member's stream. */
export interface InvitationState {
  status: 'none' | 'open' | 'withdrawn'
  invitationId: string | null
}

export const initialInvitation: InvitationState = { status: 'none', invitationId: null }

/** An invitation can be accepted for seven days. */
const invitationMilliseconds = 7 * 24 * 60 * 60_000

/** Which events a command leads to. No event means that nothing changed. @throws {DomainRefusal} */
export function decideInvitation(command: InvitationCommand, state: InvitationState): InvitationEvent[] {
  if (command.type === 'invite') {
    const { invitationId, role, grant, now, actorRole } = command
    if (state.status !== 'none') throw new DomainRefusal('invited_before', 'This invitation exists already.')
    if (role === 'owner' && actorRole !== 'owner') {
      throw new DomainRefusal('owners_only', 'Only an owner can invite an owner.')
    }
    checkGrant(role, grant, now)
    const expiresAt = new Date(Date.parse(now) + invitationMilliseconds).toISOString()
    return [{ type: 'MemberInvited', payload: { invitationId, role, grant, expiresAt } }]
  }
  if (state.status === 'none' || !state.invitationId) {
    throw new DomainRefusal('no_invitation', 'There is no such invitation.')
  }
  if (command.isUsed) {
    throw new DomainRefusal('invitation_used', 'This invitation was accepted. Remove the member instead.')
  }
  return state.status === 'withdrawn'
    ? []
    : [{ type: 'InvitationWithdrawn', payload: { invitationId: state.invitationId } }]
}

export function evolveInvitation(state: InvitationState, event: InvitationEvent): InvitationState {
  switch (event.type) {
    case 'MemberInvited':
      return { status: 'open', invitationId: event.payload.invitationId }
    case 'InvitationWithdrawn':
      return { ...state, status: 'withdrawn' }
  }
}
