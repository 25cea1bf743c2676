import { normaliseUser, userRowSchema } from '../normalise/users.ts'
import { checkRows } from '../normalise/values.ts'
import type { EntraRead } from './read.ts'

/** Everything that is used has to be named: without `$select`, accountEnabled and userType do not come. */
const selected = [
  'id',
  'displayName',
  'userPrincipalName',
  'mail',
  'userType',
  'accountEnabled',
  'createdDateTime',
  'creationType',
  'externalUserState',
  'onPremisesSyncEnabled',
  'employeeHireDate',
  'assignedPlans',
]

const path = `/users?$select=${selected.join(',')}&$top=999`

/** All accounts, enabled and disabled, members and guests (Graph "List users"). */
export const userInventoryRead: EntraRead = {
  kind: 'user_inventory',
  scopes: ['User.Read.All'],
  licence: null,
  subject: 'the list of users',
  purpose: 'Who has an account: the population that the access controls are judged on.',
  request: `GET ${path}`,
  absentIn: [],
  shape: 'collection',
  ways: () => [[path]],
  countPath: '/users/$count',
  isNeverEmpty: true,
  normalise: rows => ({ items: checkRows(userRowSchema, rows, 'the list of users').map(normaliseUser) }),
}
