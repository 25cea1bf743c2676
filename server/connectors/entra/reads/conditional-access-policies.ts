import {
  conditionalAccessPolicyRowSchema,
  normaliseConditionalAccessPolicy,
} from '../normalise/conditional-access-policy.ts'
import { checkRows } from '../normalise/values.ts'
import type { EntraRead } from './read.ts'

const path = '/identity/conditionalAccess/policies'

/** Whole policies in every state (Graph "List policies"); which of them enforce something is for the rules to say. */
export const conditionalAccessPoliciesRead: EntraRead = {
  kind: 'conditional_access_policies',
  scopes: ['Policy.Read.All'],
  licence: { plan: 'P1', words: 'Entra ID P1' },
  subject: 'the conditional access policies',
  purpose: 'Under which conditions sign-ins are challenged or blocked, and who is excepted.',
  request: `GET ${path}`,
  absentIn: [],
  shape: 'collection',
  ways: () => [[path]],
  normalise: rows => ({
    items: checkRows(conditionalAccessPolicyRowSchema, rows, 'the conditional access policies').map(
      normaliseConditionalAccessPolicy,
    ),
  }),
}
