import { and, eq } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { member } from '../../db/schema/state.ts'
import type { Grant, Role } from '../domain/member/roles.ts'
import type { RecordedEvent } from '../ledger/recorded-event.ts'
import { isOpen } from './range.ts'

/** Who had which role when. */
export async function projectMember(transaction: Transaction, event: RecordedEvent): Promise<void> {
  if (event.type === 'MemberJoined') {
    const { userId, role, grant } = event.payload
    await insertMember(transaction, event, { userId, role, grant, since: event.recordedAt })
  } else if (event.type === 'MemberRoleChanged') {
    const { userId, role, grant } = event.payload
    const since = await close(transaction, event, userId)
    await insertMember(transaction, event, { userId, role, grant, since: since ?? event.recordedAt })
  } else if (event.type === 'MemberRemoved') {
    await close(transaction, event, event.payload.userId)
  }
}

async function insertMember(
  transaction: Transaction,
  { organizationId, position }: RecordedEvent,
  { userId, role, grant, since }: { userId: string; role: Role; grant: Grant | null; since: Date },
) {
  await transaction.insert(member).values({
    organizationId,
    userId,
    fromPosition: position,
    role,
    periodFrom: grant && new Date(grant.periodFrom),
    periodTo: grant && new Date(grant.periodTo),
    expiresAt: grant && new Date(grant.expiresAt),
    since,
  })
}

async function close(transaction: Transaction, { organizationId, position }: RecordedEvent, userId: string) {
  const [closed] = await transaction
    .update(member)
    .set({ toPosition: position })
    .where(and(isOpen(member, organizationId), eq(member.userId, userId)))
    .returning({ since: member.since })
  return closed?.since
}
