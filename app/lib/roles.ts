/** Roles as people read them. */
export const ROLE_NAMES = {
  owner: 'Owner',
  admin: 'Admin',
  compliance_lead: 'Compliance lead',
  auditor: 'Auditor',
  viewer: 'Viewer',
} as const

export type RoleName = keyof typeof ROLE_NAMES

/** What a role may do, in one line. */
export const ROLE_HINTS: Record<RoleName, string> = {
  owner: 'Everything, and makes other owners',
  admin: 'Connects, manages members and settings',
  compliance_lead: 'Reads everything, starts syncs',
  auditor: 'Reads everything of one period',
  viewer: 'Reads coverage and connections',
}
