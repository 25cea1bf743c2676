import { z } from 'zod'
import { type Grant, grantSchema, periodGrantSchema, roles } from './roles.ts'

export const memberInvited = z.strictObject({
  invitationId: z.uuid(),
  role: z.enum(roles),
  grant: grantSchema.nullable(),
  expiresAt: z.iso.datetime(),
})

export const invitationWithdrawn = z.strictObject({ invitationId: z.uuid() })

export const memberJoined = z.strictObject({
  userId: z.uuid(),
  role: z.enum(roles),
  grant: grantSchema.nullable(),
  /** Null for the person who created the organization. */
  invitationId: z.uuid().nullable(),
})

export const memberRoleChanged = z.strictObject({
  userId: z.uuid(),
  role: z.enum(roles),
  grant: grantSchema.nullable(),
})

const memberInvitedVersion1 = z.strictObject({
  ...memberInvited.shape,
  grant: periodGrantSchema.nullable(),
})
const memberJoinedVersion1 = z.strictObject({ ...memberJoined.shape, grant: periodGrantSchema.nullable() })
const memberRoleChangedVersion1 = z.strictObject({
  ...memberRoleChanged.shape,
  grant: periodGrantSchema.nullable(),
})

/** Version 1 bound an auditor to a period and to nothing else. */
export const upcastMemberInvited1 = (payload: unknown): z.infer<typeof memberInvited> =>
  withGrant(memberInvitedVersion1.parse(payload))
export const upcastMemberJoined1 = (payload: unknown): z.infer<typeof memberJoined> =>
  withGrant(memberJoinedVersion1.parse(payload))
export const upcastMemberRoleChanged1 = (payload: unknown): z.infer<typeof memberRoleChanged> =>
  withGrant(memberRoleChangedVersion1.parse(payload))

function withGrant<P extends { grant: z.infer<typeof periodGrantSchema> | null }>(
  payload: P,
): Omit<P, 'grant'> & { grant: Grant | null } {
  return { ...payload, grant: payload.grant && { ...payload.grant, assessments: [] } }
}

export const memberRemoved = z.strictObject({ userId: z.uuid() })
