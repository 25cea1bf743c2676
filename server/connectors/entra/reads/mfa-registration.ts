import {
  latestReport,
  mfaRegistrationRowSchema,
  normaliseMfaRegistration,
} from '../normalise/mfa-registration.ts'
import { checkRows } from '../normalise/values.ts'
import type { EntraRead } from './read.ts'

const path = '/reports/authenticationMethods/userRegistrationDetails'

/**
 * Graph "List userRegistrationDetails": no rows for disabled and deleted accounts. Its largest page is not documented;
 * should a directory refuse the one asked for, the default page serves.
 */
export const mfaRegistrationRead: EntraRead = {
  kind: 'mfa_registration',
  scopes: ['AuditLog.Read.All'],
  licence: { plan: 'P1', words: 'Entra ID P1' },
  subject: 'the report on registered authentication methods',
  purpose: 'Who is able to give a second factor, by which methods, and who is an administrator.',
  request: `GET ${path}`,
  absentIn: [],
  shape: 'collection',
  ways: () => [[`${path}?$top=999`], [path]],
  normalise: rows => {
    const checked = checkRows(
      mfaRegistrationRowSchema,
      rows,
      'the report on registered authentication methods',
    )
    return { items: checked.map(normaliseMfaRegistration), reportedAt: latestReport(checked, null) }
  },
}
