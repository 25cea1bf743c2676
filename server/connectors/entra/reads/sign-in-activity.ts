import { normaliseSignInActivity, signInActivityRowSchema } from '../normalise/sign-in-activity.ts'
import { checkRows } from '../normalise/values.ts'
import type { EntraRead } from './read.ts'

const subject = 'the sign-in activity of accounts'
const path = '/users?$select=id,signInActivity'

/**
 * A pass of its own over all accounts (Graph "List users" with `signInActivity`): without P1 Graph refuses it whole,
 * which must not take the inventory with it, and it may be asked ten times a minute only. Its largest page was 120
 * until 2025; a directory that still refuses 500 is asked for that.
 */
export const signInActivityRead: EntraRead = {
  kind: 'sign_in_activity',
  scopes: ['AuditLog.Read.All', 'User.Read.All'],
  licence: { plan: 'P1', words: 'Entra ID P1' },
  subject,
  purpose: 'When each account last signed in with success: which accounts nobody uses.',
  request: `GET ${path}&$top=500`,
  absentIn: [],
  shape: 'collection',
  ways: () => [[`${path}&$top=500`], [`${path}&$top=120`]],
  countPath: '/users/$count',
  isNeverEmpty: true,
  normalise: rows => ({
    items: checkRows(signInActivityRowSchema, rows, subject).map(normaliseSignInActivity),
  }),
}
