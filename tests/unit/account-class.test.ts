import { describe, expect, it } from 'vitest'
import { suggestAccountClass } from '../../server/domain/account/class.ts'
import { after, at, day, user } from './control-facts.ts'

const suggested = (more: Parameters<typeof user>[1]) => suggestAccountClass(user(1, more), at).class

describe('the class suggested for an account', () => {
  it.each([
    ['a member is a person', {}, 'person'],
    ['an account without a user type is a person', { userType: null }, 'person'],
    ['userType Guest is a guest', { userType: 'Guest' }, 'guest'],
    [
      '#EXT# in the sign-in name is a guest',
      { userPrincipalName: 'a_b.example#EXT#@contoso.example' },
      'guest',
    ],
    ['an invitation without a user type is a guest', { userType: null, creationType: 'Invitation' }, 'guest'],
    [
      'a Sync_ account is directory sync',
      { userPrincipalName: 'Sync_DC01_0a1b2c@contoso.example' },
      'directory_sync',
    ],
    [
      'the cloud sync account is directory sync',
      { userPrincipalName: 'ADToAADSyncServiceAccount@contoso.example' },
      'directory_sync',
    ],
    ['a synchronised person is a person', { onPremisesSyncEnabled: true }, 'person'],
    [
      'an account that looks like an emergency account is a person until it is declared',
      { displayName: 'Break glass', userPrincipalName: 'breakglass@contoso.example' },
      'person',
    ],
    [
      'an account that looks like a service account is a person until it is declared',
      { userPrincipalName: 'svc-backup@contoso.example' },
      'person',
    ],
    ['a hire date that is no date says nothing', { employeeHireDate: 'soon' }, 'person'],
    ['a hire date long ago says nothing', { employeeHireDate: '0001-01-01T00:00:00Z' }, 'person'],
    [
      'a guest with a hire date stays a guest',
      { userType: 'Guest', employeeHireDate: '2027-01-01T00:00:00Z' },
      'guest',
    ],
  ] as const)('%s', (_sentence, more, expected) => {
    expect(suggested(more)).toBe(expected)
  })

  it('is future hire until the first day, and person from that instant on', () => {
    const hireDate = after(day)
    const hire = user(1, { employeeHireDate: hireDate.toISOString() })
    expect(suggestAccountClass(hire, at)).toEqual({ class: 'future_hire', until: hireDate })
    expect(suggestAccountClass(hire, after(-1, hireDate)).class).toBe('future_hire')
    expect(suggestAccountClass(hire, hireDate)).toEqual({ class: 'person', until: null })
  })
})
