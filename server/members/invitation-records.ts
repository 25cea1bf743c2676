import { and, eq, isNull } from 'drizzle-orm'
import type { Transaction } from '../../db/client.ts'
import { invitation } from '../../db/schema/state.ts'
import {
  decideInvitation,
  evolveInvitation,
  type InvitationCommand,
  type InvitationEvent,
  initialInvitation,
} from '../domain/member/invitation.ts'
import { AppError } from '../errors.ts'
import type { Unit } from '../ledger/ledger.ts'
import type { RecordedEvent } from '../ledger/recorded-event.ts'
import type { InvitationReference } from './invitation-token.ts'

export type InvitationRow = typeof invitation.$inferSelect

/** Loads an invitation's stream, decides and appends. */
export async function commandInvitation(
  unit: Unit,
  invitationId: string,
  command: InvitationCommand,
): Promise<InvitationEvent[]> {
  const events = (await unit.load(invitationId)).map(invitationEvent)
  const decided = decideInvitation(command, events.reduce(evolveInvitation, initialInvitation))
  await unit.append({ type: 'member', id: invitationId }, events.length, decided)
  return decided
}

/** Withdraws one invitation, in the ledger and in its row. */
export async function withdraw(
  unit: Unit,
  { id, usedAt }: Pick<InvitationRow, 'id' | 'usedAt'>,
): Promise<void> {
  await commandInvitation(unit, id, { type: 'withdraw', isUsed: usedAt !== null })
  await unit.transaction
    .update(invitation)
    .set({ withdrawnAt: unit.now })
    .where(
      and(
        eq(invitation.organizationId, unit.organizationId),
        eq(invitation.id, id),
        isNull(invitation.withdrawnAt),
      ),
    )
}

/** Withdraws what waits for a mailbox, of which at most one can be accepted; or, with null, whatever waits. */
export async function withdrawOpenInvitations(unit: Unit, email: string | null): Promise<void> {
  const open = await unit.transaction
    .select({ id: invitation.id, usedAt: invitation.usedAt })
    .from(invitation)
    .where(
      and(
        eq(invitation.organizationId, unit.organizationId),
        email === null ? undefined : eq(invitation.email, email.toLowerCase()),
        isNull(invitation.usedAt),
        isNull(invitation.withdrawnAt),
      ),
    )
    .for('update')
  for (const row of open) await withdraw(unit, row)
}

/** The invitation of a link, locked until the transaction ends when `lock` is set. */
export async function findInvitation(
  transaction: Transaction,
  { organizationId, tokenHash }: InvitationReference,
  options: { lock?: boolean } = {},
): Promise<InvitationRow | undefined> {
  const query = transaction
    .select()
    .from(invitation)
    .where(and(eq(invitation.organizationId, organizationId), eq(invitation.tokenHash, tokenHash)))
  const [row] = await (options.lock ? query.for('update') : query)
  return row
}

function invitationEvent(event: RecordedEvent): InvitationEvent {
  if (event.type === 'MemberInvited' || event.type === 'InvitationWithdrawn') return event
  throw new AppError('internal', `${event.type} in an invitation's stream`)
}
