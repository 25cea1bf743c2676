import type { ConnectorDeclaration } from '../declaration.ts'
import { requiredScopes } from './oauth/scopes.ts'

/** What the rules take from this connector. A test holds it to the manifest. */
export const entraDeclaration: ConnectorDeclaration = {
  id: 'entra',
  name: 'Microsoft Entra ID',
  requiredScopes,
  reads: [
    { kind: 'user_inventory', absentIn: [] },
    { kind: 'mfa_registration', absentIn: [] },
    { kind: 'security_defaults', absentIn: [] },
    { kind: 'conditional_access_policies', absentIn: [] },
    { kind: 'risky_users', absentIn: ['china'] },
    { kind: 'risky_sign_ins', absentIn: [] },
    { kind: 'sign_in_activity', absentIn: [] },
  ],
}
