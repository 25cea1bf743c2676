import { z } from 'zod'

export const roles = ['owner', 'admin', 'compliance_lead', 'auditor', 'viewer'] as const
export type Role = (typeof roles)[number]

const grantFields = {
  periodFrom: z.iso.datetime(),
  periodTo: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
}

/** As the first version of the members' events has it: bound to a period alone. */
export const periodGrantSchema = z.strictObject(grantFields)

/**
 * What an auditor may look at, and until when: a period of the ledger and an end of access. A grant that names
 * assessments is bound to these, and to their period as it is from day to day; the grant holds what it was.
 */
export const grantSchema = z.strictObject({ ...grantFields, assessments: z.array(z.uuid()) })
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
  'alerts:receive',
  'alerts:acknowledge',
  'thresholds:set',
  'scope:decide',
  'exceptions:decide',
  'accounts:decide',
  'reviews:decide',
  'organization:manage',
  'organization:delete',
  'assessments:read',
  'assessments:manage',
  'samples:draw',
] as const
export type Permission = (typeof permissions)[number]

const reading: readonly Permission[] = [
  'coverage:read',
  'evidence:read',
  'ledger:read',
  'ledger:export',
  'connections:read',
  'members:read',
  'assessments:read',
  'samples:draw',
]

const allowed: Record<Role, ReadonlySet<Permission>> = {
  owner: new Set(permissions),
  admin: new Set(permissions.filter(permission => permission !== 'organization:delete')),
  compliance_lead: new Set([
    ...reading,
    'checkpoints:subscribe',
    'ledger:verify',
    'connections:sync',
    'alerts:receive',
    'alerts:acknowledge',
    'assessments:manage',
    'thresholds:set',
    'exceptions:decide',
    'reviews:decide',
  ]),
  auditor: new Set([...reading, 'checkpoints:subscribe', 'ledger:verify']),
  viewer: new Set<Permission>(['coverage:read', 'connections:read', 'members:read', 'alerts:receive']),
}

/** Whether a role has a permission. The map is static: no organization changes it. */
export const isAllowed = (role: Role, permission: Permission): boolean => allowed[role].has(permission)

/** Roles that can let others in and change what is collected: of them a second factor may be required. */
export const isManaging = (role: Role): boolean => role === 'owner' || role === 'admin'
