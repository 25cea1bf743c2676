import { normaliseRiskyUser, riskyUserRowSchema } from '../normalise/risky-user.ts'
import { checkRows } from '../normalise/values.ts'
import type { EntraRead } from './read.ts'

const path = '/identityProtection/riskyUsers?$top=500'

/** Users that were ever at risk: remediated and dismissed ones stay listed (Graph "List riskyUsers"). */
export const riskyUsersRead: EntraRead = {
  kind: 'risky_users',
  scopes: ['IdentityRiskyUser.Read.All'],
  licence: { plan: 'P2', words: 'Entra ID P2' },
  subject: 'the risky users',
  purpose: 'Whose account Microsoft takes for compromised or at risk, and whether that was dealt with.',
  request: `GET ${path}`,
  absentIn: ['china'],
  shape: 'collection',
  ways: () => [[path]],
  normalise: rows => ({
    items: checkRows(riskyUserRowSchema, rows, 'the risky users').map(normaliseRiskyUser),
  }),
}
