import { and, count, eq } from 'drizzle-orm'
import { member } from '../../db/schema/state.ts'
import {
  decideMember,
  evolveMember,
  initialMember,
  type MemberCommand,
  type MemberEvent,
} from '../domain/member/member.ts'
import type { Role } from '../domain/member/roles.ts'
import { AppError, notFound } from '../errors.ts'
import { memberStream } from '../ledger/ids.ts'
import type { Unit } from '../ledger/ledger.ts'
import type { RecordedEvent } from '../ledger/recorded-event.ts'
import { isOpen } from '../projections/range.ts'
import { roleOf } from './stored-role.ts'

/** The acting person's role as it is inside this transaction. @throws {AppError} not_found for who is no member */
export async function actorRole({ transaction, organizationId }: Unit, userId: string): Promise<Role> {
  const [row] = await transaction
    .select({ role: member.role })
    .from(member)
    .where(and(isOpen(member, organizationId), eq(member.userId, userId)))
  if (!row) throw notFound('organization')
  return roleOf(row.role)
}

/** How many owners there are now. */
export async function countOwners({ transaction, organizationId }: Unit): Promise<number> {
  const [row] = await transaction
    .select({ owners: count() })
    .from(member)
    .where(and(isOpen(member, organizationId), eq(member.role, 'owner')))
  return row?.owners ?? 0
}

/**
 * Loads a member's stream, decides and appends.
 * @throws {AppError} not_found for a person who never was a member, where the command needs one
 */
export async function commandMember(unit: Unit, userId: string, command: MemberCommand): Promise<void> {
  const stream = { type: 'member', id: memberStream(unit.organizationId, userId) } as const
  const events = (await unit.load(stream.id)).map(memberEvent)
  if (events.length === 0 && command.type !== 'join') throw notFound('member')
  await unit.append(stream, events.length, decideMember(command, events.reduce(evolveMember, initialMember)))
}

function memberEvent(event: RecordedEvent): MemberEvent {
  switch (event.type) {
    case 'MemberJoined':
    case 'MemberRoleChanged':
    case 'MemberRemoved':
      return event
    default:
      throw new AppError('internal', `${event.type} in a member's stream`)
  }
}
