import { normaliseSecurityDefaults, securityDefaultsRowSchema } from '../normalise/security-defaults.ts'
import { checkRows } from '../normalise/values.ts'
import type { EntraRead } from './read.ts'

const path = '/policies/identitySecurityDefaultsEnforcementPolicy'

/** A kind of its own: where there is no P1 it is the compensating evidence, and must not fall with conditional access. */
export const securityDefaultsRead: EntraRead = {
  kind: 'security_defaults',
  scopes: ['Policy.Read.All'],
  licence: null,
  subject: 'the security defaults',
  purpose: "Whether Microsoft's baseline protection (a second factor for all, no legacy protocols) is on.",
  request: `GET ${path}`,
  absentIn: [],
  shape: 'object',
  ways: () => [[path]],
  normalise: rows => ({
    items: checkRows(securityDefaultsRowSchema, rows, 'the security defaults').map(normaliseSecurityDefaults),
  }),
}
