import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type ConnectionCommand,
  type ConnectionEvent,
  decideConnection,
  evolveConnection,
  initialConnection,
} from '../../server/domain/connection/connection.ts'
import { noticeDue, secretNotices, secretStanding } from '../../server/domain/connection/secret-expiry.ts'
import { connectionEventWords } from '../../server/domain/connection/words.ts'

const connectionId = '01890000-0000-7000-8000-000000000001'
const directory = '01890000-0000-4000-8000-00000000000a'
const scopes = { grantedScopes: ['User.Read.All'], missingScopes: [], excessScopes: [] }
const expiresOn = '2026-06-30'
const day = 86_400_000
const daysBefore = (days: number) => new Date(Date.parse(`${expiresOn}T00:00:00Z`) - days * day)

const connected: ConnectionEvent = {
  type: 'ConnectionConnected',
  payload: {
    connectionId,
    sourceId: '01890000-0000-7000-8000-000000000002',
    connector: 'anything',
    externalTenantId: directory,
    clientId: '01890000-0000-4000-8000-00000000000b',
    cloud: 'global',
    secretExpiresOn: expiresOn,
    ...scopes,
    authorizedBy: '01890000-0000-4000-8000-00000000000c',
  },
}
const refused = (remedy: 'reauthorize' | 'fix_application', cause: string): ConnectionEvent => ({
  type: 'ReauthorizationRequired',
  payload: { connectionId, remedy, cause, explanation: 'Somebody has to act.', code: null },
})
const replaced = (secretExpiresOn: string | null): ConnectionEvent => ({
  type: 'ClientSecretReplaced',
  payload: { connectionId, secretExpiresOn },
})
const noticed = (days: 30 | 14 | 7): ConnectionEvent => ({
  type: 'ClientSecretExpiryNoticed',
  payload: { connectionId, secretExpiresOn: expiresOn, daysBefore: days },
})
const revoked: ConnectionEvent = {
  type: 'ConnectionRevoked',
  payload: { connectionId, sourceId: connected.payload.sourceId, destroyed: [] },
}

function given(...events: ConnectionEvent[]) {
  const state = events.reduce(evolveConnection, initialConnection)
  return { state, when: (command: ConnectionCommand) => decideConnection(command, state) }
}

describe('a refused credential', () => {
  const attention = (cause: string) => ({
    type: 'require_attention' as const,
    attention: { remedy: 'reauthorize' as const, cause, explanation: 'Somebody has to act.', code: null },
  })

  it('is recorded once for a cause, however often it is met', () => {
    expect(given(connected).when(attention('session_revoked'))).toEqual([
      refused('reauthorize', 'session_revoked'),
    ])
    expect(
      given(connected, refused('reauthorize', 'session_revoked')).when(attention('session_revoked')),
    ).toEqual([])
    expect(
      given(connected, refused('reauthorize', 'session_revoked')).when(attention('account_disabled')),
    ).toEqual([refused('reauthorize', 'account_disabled')])
  })

  it('is mended by a new secret where the application was at fault, and not where a person was', () => {
    expect(given(connected, refused('fix_application', 'secret_expired'), replaced(null)).state.status).toBe(
      'connected',
    )
    expect(given(connected, refused('reauthorize', 'mfa_required'), replaced(null)).state.status).toBe(
      'needs_attention',
    )
  })

  it('takes no other directory’s sign-in', () => {
    const another = {
      type: 'reauthorize' as const,
      externalTenantId: connectionId,
      authorization: { ...scopes, authorizedBy: directory },
    }
    expect(() => given(connected).when(another)).toThrow(/another directory/)
    expect(() => given(connected, revoked).when({ ...another, externalTenantId: directory })).toThrow(
      /revoked/,
    )
  })
})

describe('granted permissions', () => {
  const observe = (grantedScopes: string[]) => ({
    type: 'observe_scopes' as const,
    grantedScopes,
    missingScopes: [],
    excessScopes: [],
  })

  it('are an event when they are no longer what they were, and none when they are', () => {
    expect(given(connected).when(observe(['User.Read.All']))).toEqual([])
    const [changed] = given(connected).when(observe(['User.Read', 'User.Read.All']))
    expect(changed?.type).toBe('GrantedScopesChanged')
  })
})

describe('the end of a client secret', () => {
  const notice = (at: Date) => ({ type: 'notice_secret_expiry' as const, at })

  it('is noticed 30, 14 and 7 days before, each once', () => {
    expect(given(connected).when(notice(new Date(daysBefore(30).getTime() - 1)))).toEqual([])
    expect(given(connected).when(notice(daysBefore(30)))).toEqual([noticed(30)])
    expect(given(connected, noticed(30)).when(notice(daysBefore(14.5)))).toEqual([])
    expect(given(connected, noticed(30)).when(notice(daysBefore(14)))).toEqual([noticed(14)])
    expect(given(connected, noticed(30), noticed(14)).when(notice(daysBefore(7)))).toEqual([noticed(7)])
    expect(given(connected, noticed(7)).when(notice(daysBefore(1)))).toEqual([])
  })

  it('is noticed once where the hours of earlier notices were missed, and no more once it has come', () => {
    expect(given(connected).when(notice(daysBefore(3)))).toEqual([noticed(7)])
    expect(given(connected, noticed(30)).when(notice(daysBefore(0)))).toEqual([])
  })

  it('is noticed anew of another secret, and never where nobody said when it is', () => {
    const again = given(connected, noticed(30), noticed(14), replaced('2026-12-01'))
    expect(again.when(notice(daysBefore(3)))).toEqual([])
    expect(again.when(notice(new Date('2026-11-20T00:00:00Z')))).toMatchObject([
      { payload: { daysBefore: 14 } },
    ])
    expect(given(connected, replaced(null)).when(notice(daysBefore(3)))).toEqual([])
  })

  it('comes in as many events as there are notices, whenever the watch happens to look', () => {
    const hours = fc.array(fc.integer({ min: -24, max: 24 * 40 }), { maxLength: 60 })
    fc.assert(
      fc.property(hours, looks => {
        const instants = looks.map(hour => daysBefore(hour / 24)).sort((one, other) => +one - +other)
        const events: ConnectionEvent[] = []
        for (const at of instants) events.push(...given(connected, ...events).when(notice(at)))
        const due = new Set(instants.map(at => noticeDue(expiresOn, at)).filter(each => each !== null))
        expect(
          events.map(event => event.type === 'ClientSecretExpiryNoticed' && event.payload.daysBefore),
        ).toEqual(secretNotices.filter(days => due.has(days)))
      }),
    )
  })

  it.each([
    [31, 'valid', 31],
    [30, 'soon', 30],
    [14.5, 'soon', 14],
    [14, 'near', 14],
    [7, 'urgent', 7],
    [0.5, 'urgent', 0],
    [0, 'expired', 0],
    [-40, 'expired', 0],
  ] as const)('%s days before its end it is %s by time alone', (days, state, daysLeft) => {
    expect(secretStanding(expiresOn, daysBefore(days))).toMatchObject({ state, daysLeft })
  })
})

describe('the words of every step', () => {
  it('name no person and end without a stop', () => {
    for (const event of [
      connected,
      refused('reauthorize', 'x'),
      replaced('2027-01-01'),
      noticed(14),
      revoked,
    ]) {
      expect(connectionEventWords(event)).toMatch(/[^.]$/)
    }
    expect(connectionEventWords(noticed(14))).toBe('Client secret ends on 2026-06-30, in 14 days or less')
  })
})
