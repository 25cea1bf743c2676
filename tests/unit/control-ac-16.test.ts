import { describe, expect, it } from 'vitest'
import { type Ac16Input, judgeAc16 } from '../../server/domain/control/rules/ac-16.ts'
import { explainReason } from '../../server/domain/control/words.ts'
import { after, at, day } from './control-facts.ts'

const scopes = ['AuditLog.Read.All', 'User.Read.All']

const judge = (more: Partial<Ac16Input> = {}) =>
  judgeAc16({
    kinds: [
      { kind: 'user_inventory', outcome: 'reaffirmed' },
      { kind: 'mfa_registration', outcome: 'collected' },
    ],
    grant: { granted: scopes, missing: [], excess: [] },
    requiredScopes: scopes,
    refusal: null,
    secretExpiresOn: after(100 * day),
    at,
    ...more,
  })

function said(more: Partial<Ac16Input>) {
  const { verdict, reasons } = judge(more)
  return [verdict, ...reasons.map(reason => explainReason(reason).text)]
}

describe('AC-16, the collector itself is sound', () => {
  it('passes where everything was read, granted and valid', () => {
    expect(judge()).toMatchObject({
      verdict: 'pass',
      population: { inScope: 4, pass: 4, fail: 0, noData: 0 },
    })
  })

  it('fails while the source refuses the credential, in the words of the refusal', () => {
    const explanation = 'The client secret has expired.'
    expect(said({ refusal: { remedy: 'fix_application', explanation } })).toEqual(['fail', explanation])
  })

  it('takes a missing licence for settled', () => {
    expect(
      judge({ kinds: [{ kind: 'risky_users', outcome: 'unavailable', reason: 'licence' }] }).verdict,
    ).toBe('pass')
  })

  it.each(['scope', 'role', 'throttled', 'unavailable', 'malformed'] as const)(
    'fails by name on a kind that came to %s',
    why => {
      const judged = judge({ kinds: [{ kind: 'risky_users', outcome: 'unavailable', reason: why }] })
      expect(judged).toMatchObject({
        verdict: 'fail',
        reasons: [{ code: 'kind_failed', detail: { kind: 'risky_users', reason: why } }],
      })
    },
  )

  it('fails on missing and on excess scopes, by name and whatever their case', () => {
    expect(said({ grant: { granted: ['user.read.all'], missing: [], excess: [] } })).toEqual([
      'fail',
      '1 required permission is not granted: AuditLog.Read.All.',
    ])
    expect(
      said({ grant: { granted: [...scopes, 'Mail.Read', 'openid'], missing: [], excess: ['Mail.Read'] } }),
    ).toEqual(['fail', '1 permission is granted beyond the required ones: Mail.Read.'])
  })

  it('fails once the secret is valid for 7 days or less, and foretells both instants', () => {
    const secretExpiresOn = after(7 * day + 1)
    const judged = judge({ secretExpiresOn })
    expect(judged.verdict).toBe('pass')
    expect(judged.changes).toMatchObject([
      { at: after(1), verdict: 'fail', reasons: [{ code: 'secret_expires_soon' }] },
      { at: secretExpiresOn, verdict: 'fail', reasons: [{ code: 'secret_expired' }] },
    ])
    expect(judge({ secretExpiresOn: after(7 * day) }).verdict).toBe('fail')
    expect(said({ secretExpiresOn: after(7 * day) })[1]).toBe(
      'The client secret expires on 2026-05-17, within 7 days.',
    )
    expect(judge({ secretExpiresOn: at }).reasons).toMatchObject([{ code: 'secret_expired' }])
  })

  it('has no data where nobody said when the secret ends, or no run has finished', () => {
    expect(judge({ secretExpiresOn: null }).verdict).toBe('no_data')
    expect(judge({ kinds: [] })).toMatchObject({
      verdict: 'no_data',
      population: { inScope: 3, pass: 2, noData: 1 },
    })
  })
})
