import { describe, expect, it } from 'vitest'
import {
  decideInvitation,
  evolveInvitation,
  type InvitationCommand,
  type InvitationEvent,
  initialInvitation,
} from '../../server/domain/member/invitation.ts'
import { newId } from '../../server/ledger/ids.ts'
import { newInvitationToken, parseInvitationToken } from '../../server/members/invitation-token.ts'

const invitationId = newId()
const now = '2026-03-01T00:00:00.000Z'
const invite: InvitationCommand = {
  type: 'invite',
  invitationId,
  role: 'viewer',
  grant: null,
  now,
  actorRole: 'admin',
}
const invited: InvitationEvent = {
  type: 'MemberInvited',
  payload: { invitationId, role: 'viewer', grant: null, expiresAt: '2026-03-08T00:00:00.000Z' },
}
const withdrawn: InvitationEvent = { type: 'InvitationWithdrawn', payload: { invitationId } }
function given(...events: InvitationEvent[]) {
  const state = events.reduce(evolveInvitation, initialInvitation)
  return { when: (command: InvitationCommand) => decideInvitation(command, state) }
}

describe('an invitation', () => {
  it('can be accepted for seven days', () => {
    expect(given().when(invite)).toEqual([invited])
  })

  it('to be an owner comes from an owner', () => {
    expect(() => given().when({ ...invite, role: 'owner' })).toThrow('owners_only')
  })

  it('is withdrawn once', () => {
    expect(given(invited).when({ type: 'withdraw', isUsed: false })).toEqual([withdrawn])
    expect(given(invited, withdrawn).when({ type: 'withdraw', isUsed: false })).toEqual([])
  })

  it('is not withdrawn when it was accepted', () => {
    expect(() => given(invited).when({ type: 'withdraw', isUsed: true })).toThrow('invitation_used')
  })
})

describe('an invitation’s token', () => {
  it('names the organization and the hash of its secret', () => {
    const organizationId = newId()
    const { token, tokenHash } = newInvitationToken(organizationId)
    expect(parseInvitationToken(token)).toEqual({ organizationId, tokenHash })
    expect(tokenHash).toHaveLength(32)
  })

  it.each(['', 'short', 'ü'.repeat(64), `${'a'.repeat(63)}.`, 'a'.repeat(65)])('%j is none', text => {
    expect(parseInvitationToken(text)).toBeNull()
  })
})
