import { describe, expect, it } from 'vitest'
import {
  decideMember,
  evolveMember,
  initialMember,
  type MemberCommand,
  type MemberEvent,
} from '../../server/domain/member/member.ts'

const userId = '01890000-0000-7000-8000-000000000001'
const invitationId = '01890000-0000-7000-8000-000000000002'
const now = '2026-03-01T00:00:00.000Z'
const grant = {
  periodFrom: '2025-01-01T00:00:00.000Z',
  periodTo: '2025-12-31T23:59:59.999Z',
  expiresAt: '2026-06-30T23:59:59.999Z',
  assessments: [],
}

const founded: MemberEvent = {
  type: 'MemberJoined',
  payload: { userId, role: 'owner', grant: null, invitationId: null },
}
const joinedAs = (role: 'viewer' | 'admin'): MemberEvent => ({
  type: 'MemberJoined',
  payload: { userId, role, grant: null, invitationId },
})
const removed: MemberEvent = { type: 'MemberRemoved', payload: { userId } }

function given(...events: MemberEvent[]) {
  const state = events.reduce(evolveMember, initialMember)
  return { when: (command: MemberCommand) => decideMember(command, state) }
}
const byOwner = { actorRole: 'owner', isSelf: false, owners: 2, now } as const
const change = { type: 'change_role', role: 'viewer', grant: null, ...byOwner } as const

describe('joining', () => {
  it('makes the founder an owner without an invitation', () => {
    expect(given().when({ type: 'found', userId })).toEqual([founded])
  })

  it('joins with the role that was invited', () => {
    const join = { type: 'join', userId, role: 'viewer', grant: null, invitationId, now } as const
    expect(given().when(join)).toEqual([joinedAs('viewer')])
  })

  it('refuses somebody who is a member', () => {
    const join = { type: 'join', userId, role: 'viewer', grant: null, invitationId, now } as const
    expect(() => given(joinedAs('viewer')).when(join)).toThrow('already_member')
  })

  it('takes back somebody who was removed', () => {
    const join = { type: 'join', userId, role: 'admin', grant: null, invitationId, now } as const
    expect(given(joinedAs('viewer'), removed).when(join)).toEqual([joinedAs('admin')])
  })

  it('refuses an auditor whose access has ended before it begins', () => {
    const join = {
      type: 'join',
      userId,
      role: 'auditor',
      grant,
      invitationId,
      now: '2027-01-01T00:00:00Z',
    } as const
    expect(() => given().when(join)).toThrow('access_over')
  })
})

describe('changing a role', () => {
  it('records the new role', () => {
    expect(given(joinedAs('admin')).when(change)).toEqual([
      { type: 'MemberRoleChanged', payload: { userId, role: 'viewer', grant: null } },
    ])
  })

  it('records nothing when nothing changes', () => {
    expect(given(joinedAs('viewer')).when(change)).toEqual([])
  })

  it('refuses to demote the last owner', () => {
    expect(() => given(founded).when({ ...change, owners: 1 })).toThrow('last_owner')
  })

  it('demotes one of two owners', () => {
    expect(given(founded).when(change)).toHaveLength(1)
  })

  it('lets admins neither make nor unmake owners', () => {
    expect(() => given(founded).when({ ...change, actorRole: 'admin' })).toThrow('owners_only')
    expect(() => given(joinedAs('viewer')).when({ ...change, role: 'owner', actorRole: 'admin' })).toThrow(
      'owners_only',
    )
  })

  it.each([
    ['an auditor without a period', { role: 'auditor' as const, grant: null }, 'auditor_without_grant'],
    ['a viewer with one', { role: 'viewer' as const, grant }, 'grant_without_auditor'],
    [
      'a period that ends before it begins',
      { role: 'auditor' as const, grant: { ...grant, periodTo: grant.periodFrom } },
      'empty_period',
    ],
    ['access that is over', { role: 'auditor' as const, grant: { ...grant, expiresAt: now } }, 'access_over'],
  ])('refuses %s', (_, part, code) => {
    expect(() => given(joinedAs('admin')).when({ ...change, ...part })).toThrow(code)
  })

  it('refuses somebody who was removed', () => {
    expect(() => given(joinedAs('viewer'), removed).when(change)).toThrow('no_member')
  })
})

describe('removing', () => {
  it('removes a member', () => {
    expect(given(joinedAs('viewer')).when({ type: 'remove', ...byOwner })).toEqual([removed])
  })

  it('keeps the last owner, who cannot leave either', () => {
    for (const isSelf of [true, false]) {
      expect(() => given(founded).when({ type: 'remove', actorRole: 'owner', isSelf, owners: 1 })).toThrow(
        'last_owner',
      )
    }
  })
})
