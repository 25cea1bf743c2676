import { z } from 'zod'
import { isAllowed } from '../../domain/member/roles.ts'
import { listInvitations, listMembers } from '../../members/list-members.ts'
import { grantOutput, roleField } from '../person-fields.ts'
import { answeredAsOf, asOfOutput } from '../read-as-of.ts'
import { asOfInput, organizationInput, organizationProcedure } from '../trpc.ts'

const input = z.strictObject({ ...organizationInput, ...asOfInput })

const output = z.strictObject({
  asOf: asOfOutput,
  /** Whether the reader may invite, change and remove. */
  canManage: z.boolean(),
  /** The reader's own account. */
  userId: z.uuid(),
  ownRole: roleField,
  members: z.array(
    z.strictObject({
      userId: z.uuid(),
      name: z.string(),
      email: z.string(),
      role: roleField,
      grant: grantOutput,
      since: z.date(),
    }),
  ),
  /** Open ones, for who may manage members, now; empty otherwise. */
  invitations: z.array(
    z.strictObject({
      id: z.uuid(),
      email: z.string(),
      role: roleField,
      grant: grantOutput,
      invitedByName: z.string(),
      createdAt: z.date(),
      expiresAt: z.date(),
      isExpired: z.boolean(),
    }),
  ),
})

/** Who is or was a member, and who is invited. */
export const memberList = organizationProcedure('members:read')
  .input(input)
  .output(output)
  .query(async ({ ctx }) => {
    const { services, access } = ctx
    const { asOf, members } = await listMembers(services, access, ctx.asOf)
    const canManage = asOf.isNow && isAllowed(access.role, 'members:manage')
    const invitations = canManage ? await listInvitations(services, access) : []
    return {
      asOf: answeredAsOf(asOf),
      canManage,
      userId: access.userId,
      ownRole: access.role,
      members,
      invitations,
    }
  })
