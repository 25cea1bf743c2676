import type { z } from 'zod'
import { DomainRefusal } from '../refusal.ts'
import type { memberJoined, memberRemoved, memberRoleChanged } from './events.ts'
import { checkGrant } from './grant.ts'
import type { Grant, Role } from './roles.ts'

export type MemberEvent =
  | { type: 'MemberJoined'; payload: z.infer<typeof memberJoined> }
  | { type: 'MemberRoleChanged'; payload: z.infer<typeof memberRoleChanged> }
  | { type: 'MemberRemoved'; payload: z.infer<typeof memberRemoved> }

/** What one member's stream cannot know: who acts, when, and how many owners there are. */
interface Circumstances {
  /** ISO 8601. */
  now: string
  actorRole: Role
  /** Whether a person acts on their own membership. */
  isSelf: boolean
  owners: number
}

export type MemberCommand =
  | { type: 'found'; userId: string }
  | { type: 'join'; userId: string; role: Role; grant: Grant | null; invitationId: string; now: string }
  | ({ type: 'change_role'; role: Role; grant: Grant | null } & Circumstances)
  | ({ type: 'remove' } & Omit<Circumstances, 'now'>)
  /** With the organization: the last owner as well. */
  | { type: 'dissolve' }

export interface MemberState {
  status: 'none' | 'member' | 'removed'
  userId: string | null
  role: Role | null
  grant: Grant | null
}

export const initialMember: MemberState = { status: 'none', userId: null, role: null, grant: null }

/** Which events a command leads to. No event means that nothing changed. @throws {DomainRefusal} */
export function decideMember(command: MemberCommand, state: MemberState): MemberEvent[] {
  switch (command.type) {
    case 'found':
    case 'join':
      return join(command, state)
    case 'change_role': {
      const { userId, role } = memberOf(state)
      const { role: newRole, grant } = command
      guardOwners(command, role, newRole)
      checkGrant(newRole, grant, command.now)
      return role === newRole && sameGrant(grant, state.grant)
        ? []
        : [{ type: 'MemberRoleChanged', payload: { userId, role: newRole, grant } }]
    }
    case 'dissolve':
      return state.status === 'member' && state.userId
        ? [{ type: 'MemberRemoved', payload: { userId: state.userId } }]
        : []
    case 'remove': {
      const { userId, role } = memberOf(state)
      guardOwners(command, role, null)
      return [{ type: 'MemberRemoved', payload: { userId } }]
    }
  }
}

export function evolveMember(state: MemberState, event: MemberEvent): MemberState {
  switch (event.type) {
    case 'MemberJoined':
    case 'MemberRoleChanged': {
      const { userId, role, grant } = event.payload
      return { status: 'member', userId, role, grant }
    }
    case 'MemberRemoved':
      return { ...state, status: 'removed', role: null, grant: null }
  }
}

function join(
  command: Extract<MemberCommand, { type: 'found' | 'join' }>,
  state: MemberState,
): MemberEvent[] {
  if (state.status === 'member') {
    throw new DomainRefusal('already_member', 'This person is a member of the organization already.')
  }
  const { userId } = command
  if (command.type === 'found') {
    return [{ type: 'MemberJoined', payload: { userId, role: 'owner', grant: null, invitationId: null } }]
  }
  const { role, grant, invitationId, now } = command
  checkGrant(role, grant, now)
  return [{ type: 'MemberJoined', payload: { userId, role, grant, invitationId } }]
}

function memberOf({ status, userId, role }: MemberState): { userId: string; role: Role } {
  if (status !== 'member' || !userId || !role) {
    throw new DomainRefusal('no_member', 'This person is no member of the organization.')
  }
  return { userId, role }
}

/** Owners are made and unmade by owners, and one always stays. */
function guardOwners(
  { actorRole, isSelf, owners }: Omit<Circumstances, 'now'>,
  role: Role,
  newRole: Role | null,
): void {
  const concernsOwners = role === 'owner' || newRole === 'owner'
  if (concernsOwners && actorRole !== 'owner') {
    throw new DomainRefusal('owners_only', 'Only an owner can make, change or remove an owner.')
  }
  if (role === 'owner' && newRole !== 'owner' && owners <= 1) {
    throw new DomainRefusal(
      'last_owner',
      isSelf
        ? 'You are the only owner. Make somebody else an owner first.'
        : 'This is the only owner. Make somebody else an owner first.',
    )
  }
}

const sameGrant = (one: Grant | null, other: Grant | null) =>
  one?.periodFrom === other?.periodFrom &&
  one?.periodTo === other?.periodTo &&
  one?.expiresAt === other?.expiresAt &&
  one?.assessments.join() === other?.assessments.join()
