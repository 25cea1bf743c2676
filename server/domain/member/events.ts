import { z } from 'zod'
import { grantSchema, roles } from './roles.ts'

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

export const memberRemoved = z.strictObject({ userId: z.uuid() })
