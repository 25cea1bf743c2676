import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { suggestAccountClass } from '../../server/domain/account/class.ts'
import { createAc02 } from '../../server/domain/control/rules/ac-02.ts'
import { createAc04 } from '../../server/domain/control/rules/ac-04.ts'
import type { AccountFact, AccountRuleOptions } from '../../server/domain/control/rules/account-rule.ts'
import { verdictAt } from '../../server/domain/control/verdict.ts'
import { explainReason, verdictWords } from '../../server/domain/control/words.ts'
import { after, at, day, objectId, registration, user } from './control-facts.ts'

interface Account {
  user?: Parameters<typeof user>[1]
  /** Null for no record. */
  record?: Parameters<typeof registration>[1] | null
}

function fact({ user: changes, record }: Account, n: number, now = at): AccountFact {
  const account = user(n, changes)
  const { class: suggested } = suggestAccountClass(account, now)
  return {
    user: account,
    registration: record === null ? null : registration(n, record),
    activity: null,
    class: suggested,
    openSince: null,
  }
}

/** Who is an administrator does not change with time alone. */
const ac04: typeof createAc02 = (_now, options) => createAc04(options)

function judge(rule: typeof createAc02, accounts: Account[], now = at, options: AccountRuleOptions = {}) {
  const reducer = rule(now, options)
  accounts.forEach((account, n) => {
    reducer.add(fact(account, n, now))
  })
  return reducer.finish()
}

const codes = (judged: ReturnType<typeof judge>) => judged.reasons.map(reason => reason.code)
const incapable = { record: { isMfaCapable: false } }

describe('AC-02, people can give a second factor', () => {
  it('passes where every enabled person is capable', () => {
    expect(judge(createAc02, [{}, {}])).toEqual({
      verdict: 'pass',
      reasons: [{ code: 'all_people_capable', verdict: 'pass', count: 2, subjects: [], detail: {} }],
      population: { inScope: 2, pass: 2, fail: 0, noData: 0 },
      changes: [],
    })
  })

  it('fails by name where one is not', () => {
    const judged = judge(createAc02, [{}, incapable])
    expect(judged).toMatchObject({
      verdict: 'fail',
      reasons: [{ code: 'no_second_factor', subjects: [objectId(1)] }],
    })
  })

  it.each([
    ['has no record', { record: null }, 'no_registration_record'],
    ['has a record that does not say', { record: { isMfaCapable: null } }, 'second_factor_unknown'],
    ['may or may not be enabled', { user: { accountEnabled: null } }, 'enabled_unknown'],
  ] as [string, Account, string][])(
    'has no data, by name, for an account that %s',
    (_words, account, code) => {
      const judged = judge(createAc02, [{}, account])
      expect(judged).toMatchObject({ verdict: 'no_data', reasons: [{ code, subjects: [objectId(1)] }] })
      expect(judge(createAc02, [incapable, account]).verdict).toBe('fail')
    },
  )

  it('leaves out disabled accounts, guests, directory sync and future hires', () => {
    const judged = judge(createAc02, [
      {},
      { ...incapable, user: { accountEnabled: false } },
      { ...incapable, user: { userType: 'Guest' } },
      { ...incapable, user: { userPrincipalName: 'Sync_a@contoso.example' } },
      { ...incapable, user: { employeeHireDate: after(day).toISOString() } },
    ])
    expect(judged).toMatchObject({ verdict: 'pass', population: { inScope: 1 } })
  })

  it('leaves in an emergency account that nobody declared', () => {
    const judged = judge(createAc02, [{ ...incapable, user: { displayName: 'Emergency access' } }])
    expect(judged.verdict).toBe('fail')
  })

  it('has no data where there are no people', () => {
    expect(codes(judge(createAc02, []))).toEqual(['no_people'])
    expect(judge(createAc02, []).verdict).toBe('no_data')
  })

  it('says what it will be when each future hire’s first day comes', () => {
    const hired = (days: number) => ({ employeeHireDate: after(days * day).toISOString() })
    const judged = judge(createAc02, [
      {},
      { ...incapable, user: hired(2) },
      { record: null, user: hired(1) },
      { record: null, user: { ...hired(1), accountEnabled: false } },
    ])
    expect(judged.changes).toMatchObject([
      { at: after(day), verdict: 'no_data', reasons: [{ code: 'no_registration_record', count: 1 }] },
      {
        at: after(2 * day),
        verdict: 'fail',
        reasons: [{ code: 'no_second_factor' }, { code: 'no_registration_record' }],
      },
    ])
  })

  it('looks ahead to the next 50 first days only, whatever order they come in', () => {
    const hires = Array.from({ length: 80 }, (_, n) => ({
      user: { employeeHireDate: after((n + 1) * day).toISOString() },
    }))
    const { changes } = judge(createAc02, [{}, ...hires.toReversed()])
    expect(changes.map(change => change.at)).toEqual(
      Array.from({ length: 50 }, (_, n) => after((n + 1) * day)),
    )
    expect(changes.at(-1)?.reasons).toMatchObject([{ count: 51 }])
  })

  it('names the hundred smallest keys and counts all', () => {
    const [reason] = judge(
      createAc02,
      Array.from({ length: 250 }, () => incapable),
    ).reasons
    expect(reason?.count).toBe(250)
    expect(reason?.subjects).toEqual(Array.from({ length: 100 }, (_, n) => objectId(n)))
  })

  it('is not testable without the registration report, and says what may stand in for it', () => {
    const unavailable = [{ kind: 'mfa_registration', reason: 'licence' }] as const
    const judged = judge(createAc02, [{ record: null }], at, { unavailable })
    expect(judged).toMatchObject({
      verdict: 'not_testable',
      population: { inScope: 1, noData: 1 },
      changes: [],
    })
    expect(verdictWords(judged.verdict, judged.reasons)).toBe('Not testable: needs P1')
    expect(judged.reasons.map(reason => explainReason(reason).text).join()).toContain('AC-03')
  })

  it('has no data before the first collection', () => {
    const unavailable = [{ kind: 'user_inventory', reason: 'not_collected' }] as const
    const judged = judge(createAc02, [], at, { unavailable })
    expect(verdictWords(judged.verdict, judged.reasons)).toBe('No data yet')
  })
})

describe('AC-04, administrators hold a second factor', () => {
  const admin = (more: NonNullable<Account['record']> = {}, changes: Account['user'] = {}): Account => ({
    user: changes,
    record: { isAdmin: true, methodsRegistered: ['fido2SecurityKey'], ...more },
  })

  it('passes on capable administrators and looks at nobody else', () => {
    const judged = judge(ac04, [admin(), incapable])
    expect(judged).toMatchObject({ verdict: 'pass', population: { inScope: 1, pass: 1 } })
    expect(codes(judged)).toEqual(['all_administrators_capable'])
  })

  it.each([
    [
      'fails on an administrator who is not capable',
      admin({ isMfaCapable: false }),
      'fail',
      'administrator_no_second_factor',
    ],
    [
      'fails on a guest administrator who is not capable',
      admin({ isMfaCapable: false }, { userType: 'Guest' }),
      'fail',
      'administrator_no_second_factor',
    ],
    [
      'has no data on one whose record does not say',
      admin({ isMfaCapable: null }),
      'no_data',
      'administrator_second_factor_unknown',
    ],
    [
      'has no data on one that may or may not be enabled',
      admin({}, { accountEnabled: null }),
      'no_data',
      'administrator_enabled_unknown',
    ],
    [
      'has no data on an account that may or may not be an administrator',
      admin({ isAdmin: null }),
      'no_data',
      'administrator_role_unknown',
    ],
  ] as const)('%s, by name', (_sentence, account, verdict, code) => {
    const judged = judge(ac04, [admin(), account])
    expect(judged).toMatchObject({ verdict, reasons: [{ code, count: 1, subjects: [objectId(1)] }] })
  })

  it('has no data where the report names no administrator', () => {
    expect(judge(ac04, [{}]).verdict).toBe('no_data')
    expect(judge(ac04, [admin({}, { accountEnabled: false })]).verdict).toBe('no_data')
  })

  it.each([
    [['fido2SecurityKey'], true],
    [['passKeyDeviceBoundAuthenticator'], true],
    [['windowsHelloForBusiness'], true],
    [['x509CertificateMultiFactor'], true],
    [['microsoftAuthenticatorPush', 'mobilePhone'], false],
    [[], false],
  ])('advises about methods %j: resists phishing is %s', (methodsRegistered, resists) => {
    const judged = judge(ac04, [admin({ methodsRegistered })])
    expect(judged.verdict).toBe('pass')
    expect(codes(judged).includes('administrator_method_phishable')).toBe(!resists)
  })

  it('advises that accounts without a record may be administrators', () => {
    const judged = judge(ac04, [admin(), { record: null }])
    expect(judged.verdict).toBe('pass')
    expect(judged.reasons).toMatchObject([
      { verdict: 'pass' },
      { code: 'administrator_unlisted', verdict: 'advice' },
    ])
  })
})

describe('every account rule', () => {
  const anyBoolean = fc.constantFrom(true, false, null)
  const anyAccount: fc.Arbitrary<Account> = fc.record({
    user: fc.record({
      accountEnabled: anyBoolean,
      userType: fc.constantFrom('Member', 'Guest', null),
      employeeHireDate: fc.constantFrom(
        null,
        ...[-1, 0, 1, 2, 3].map(days => after(days * day).toISOString()),
      ),
    }),
    record: fc.option(fc.record({ isMfaCapable: anyBoolean, isAdmin: anyBoolean })),
  })
  const anyAccounts = fc.array(anyAccount, { maxLength: 12 })

  it('says the same in whatever order the accounts come', () => {
    fc.assert(
      fc.property(
        anyAccounts.chain(accounts => {
          const facts = accounts.map((account, n) => fact(account, n))
          return fc.tuple(fc.constant(facts), fc.shuffledSubarray(facts, { minLength: facts.length }))
        }),
        ([facts, shuffled]) => {
          for (const rule of [createAc02, ac04]) {
            const [one, other] = [rule(at), rule(at)]
            for (const each of facts) one.add(each)
            for (const each of shuffled) other.add(each)
            expect(other.finish()).toEqual(one.finish())
          }
        },
      ),
    )
  })

  it('never passes over an unknown, and its population adds up', () => {
    fc.assert(
      fc.property(anyAccounts, accounts => {
        for (const rule of [createAc02, ac04]) {
          const { verdict, population } = judge(rule, accounts)
          const { inScope, pass, fail, noData } = population
          expect(pass + fail + noData).toBe(inScope)
          expect(verdict === 'pass').toBe(inScope > 0 && pass === inScope)
        }
      }),
    )
  })

  it('foretells what it will say later', () => {
    fc.assert(
      fc.property(anyAccounts, fc.integer({ min: 0, max: 4 * 24 }), (accounts, hours) => {
        const later = after(hours * 3_600_000)
        const foretold = verdictAt(judge(createAc02, accounts), later)
        const { verdict, reasons } = judge(createAc02, accounts, later)
        expect(foretold.verdict).toBe(verdict)
        expect(foretold.reasons).toEqual(reasons)
      }),
    )
  })
})
