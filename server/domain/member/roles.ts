import { z } from 'zod'

export const roles = ['owner', 'admin', 'compliance_lead', 'auditor', 'viewer'] as const
export type Role = (typeof roles)[number]

/** What an auditor may look at, and until when: a period of the ledger and an end of access. */
export const grantSchema = z.strictObject({
  periodFrom: z.iso.datetime(),
  periodTo: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
})
export type Grant = z.infer<typeof grantSchema>

export const roleNames: Record<Role, string> = {
  owner: 'Owner',
  admin: 'Admin',
  compliance_lead: 'Compliance lead',
  auditor: 'Auditor',
  viewer: 'Viewer',
}

/** What there is to be allowed. Every procedure names one. */
export const permissions = [
  'coverage:read',
  'evidence:read',
  'ledger:read',
  'checkpoints:subscribe',
  'ledger:export',
  'ledger:verify',
  'connections:read',
  'connections:manage',
  'connections:sync',
  'members:read',
  'members:manage',
  'webhooks:manage',
  'organization:manage',
] as const
export type Permission = (typeof permissions)[number]

const reading: readonly Permission[] = [
  'coverage:read',
  'evidence:read',
  'ledger:read',
  'ledger:export',
  'connections:read',
  'members:read',
]

const allowed: Record<Role, ReadonlySet<Permission>> = {
  owner: new Set(permissions),
  admin: new Set(permissions),
  compliance_lead: new Set([...reading, 'checkpoints:subscribe', 'ledger:verify', 'connections:sync']),
  auditor: new Set([...reading, 'checkpoints:subscribe', 'ledger:verify']),
  viewer: new Set<Permission>(['coverage:read', 'connections:read', 'members:read']),
}

/** Whether a role has a permission. The map is static: no organization changes it. */
export const isAllowed = (role: Role, permission: Permission): boolean => allowed[role].has(permission)
