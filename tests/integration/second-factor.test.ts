import { and, asc, eq, like } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { passkeys, rateLimits, sessions, twoFactors } from '../../db/schema/accounts.ts'
import { events } from '../../db/schema/ledger.ts'
import { createAuth } from '../../server/auth/auth.ts'
import { createLogger } from '../../server/log.ts'
import { registerOrganization } from '../../server/members/register-organization.ts'
import type { Caller } from '../../server/trpc/router.ts'
import { Secret } from '../../server/vault/secret.ts'
import { type Ceremony, softAuthenticator, totp } from '../support/authenticator.ts'
import {
  newPassword,
  newPerson,
  offsetClock,
  openBrowser,
  type Person,
  type TestBrowser,
} from '../support/people.ts'
import { appOrigin, useServices } from '../support/services.ts'

const { services, smtp } = await useServices({
  clock: offsetClock(),
  entraOrigin: () => 'http://127.0.0.1:9',
})
const accounts = services.database.outsideTenant
const refusal = (code: string, words?: RegExp) =>
  expect.objectContaining({
    cause: expect.objectContaining({ code, ...(words && { userMessage: expect.stringMatching(words) }) }),
  })
const site = { rpId: 'localhost', origin: appOrigin }

beforeEach(() => accounts.delete(rateLimits))

/** Turns a person's authenticator app on by the present code; the next one is taken for signing in. */
async function withApp(person: Person) {
  const { browser, password } = person
  await browser.call(caller => caller.secondFactor.begin({ password }))
  const { app } = await browser.call(caller => caller.secondFactor.show())
  const key = app.pending?.key ?? ''
  const { backupCodes } = await browser.call(caller => caller.secondFactor.confirm({ code: totp(key) }))
  return { key, backupCodes }
}

async function register(person: Person, ceremony: Ceremony = {}, name = 'Laptop') {
  const authenticator = softAuthenticator(site)
  const { options } = await person.browser.call(caller => caller.passkeys.registerOptions({}))
  const credential = authenticator.register(options.challenge, ceremony)
  await person.browser.call(caller => caller.passkeys.register({ name, credential }))
  return authenticator
}

async function challenge() {
  const { options } = await openBrowser(services).call(caller => caller.passkeys.signInOptions({}))
  return options.challenge
}

const age = (userId: string) =>
  accounts
    .update(sessions)
    .set({ createdAt: new Date(Date.now() - 16 * 60_000) })
    .where(eq(sessions.userId, userId))

describe('an authenticator app', () => {
  it('is asked for a code after the password, and the session is strong', async () => {
    const person = await newPerson(services)
    const { key } = await withApp(person)
    const { email, password } = person
    const browser = openBrowser(services)
    expect(await browser.call(caller => caller.signIn({ email, password, to: '/account' }))).toEqual({
      to: '/login/code?to=%2Faccount',
    })
    expect(await browser.call(caller => caller.sessionCurrent())).toBeNull()
    expect(
      await browser.call(caller => caller.signInCode({ code: totp(key, 1), to: '//evil.example' })),
    ).toEqual({ to: '/' })
    expect(await browser.call(caller => caller.sessionCurrent())).toMatchObject({
      user: { email },
      session: { isStrong: true, isFresh: true },
    })
  })

  it('counts only once it gave a right code, and then ends other sessions and tells the person by mail', async () => {
    const person = await newPerson(services)
    const { browser, email, password } = person
    const other = openBrowser(services)
    await other.call(caller => caller.signIn({ email, password }))
    await browser.call(caller => caller.secondFactor.begin({ password }))
    const { app } = await browser.call(caller => caller.secondFactor.show())
    expect(app).toMatchObject({ isOn: false, pending: { uri: expect.stringContaining('otpauth://totp/') } })
    await expect(browser.call(caller => caller.secondFactor.confirm({ code: '000000' }))).rejects.toEqual(
      refusal('bad_input', /not right/),
    )
    expect(await openBrowser(services).call(caller => caller.signIn({ email, password }))).toEqual({
      to: '/',
    })

    await browser.call(caller => caller.secondFactor.confirm({ code: totp(app.pending?.key ?? '') }))
    expect(await browser.call(caller => caller.sessionCurrent())).toMatchObject({
      session: { isStrong: true },
    })
    expect(await other.call(caller => caller.sessionCurrent())).toBeNull()
    await smtp.waitFor(mail => mail.to.includes(email) && mail.text.includes('An authenticator app'))
  })

  it('takes each code once', async () => {
    const person = await newPerson(services)
    const { key } = await withApp(person)
    const { email, password } = person
    const code = totp(key, 1)
    const [first, second] = [openBrowser(services), openBrowser(services)]
    for (const browser of [first, second]) await browser.call(caller => caller.signIn({ email, password }))
    await first.call(caller => caller.signInCode({ code }))
    await expect(second.call(caller => caller.signInCode({ code }))).rejects.toEqual(refusal('bad_input'))
    expect(await second.call(caller => caller.sessionCurrent())).toBeNull()
  })

  it('wants the sign-in of the password, and ends it after five wrong codes', async () => {
    const person = await newPerson(services)
    const { key } = await withApp(person)
    const { email, password } = person
    const code = totp(key, 1)
    await expect(openBrowser(services).call(caller => caller.signInCode({ code }))).rejects.toEqual(
      refusal('precondition_failed', /Begin again/),
    )
    const browser = openBrowser(services)
    await browser.call(caller => caller.signIn({ email, password }))
    for (let count = 0; count < 5; count++) {
      await expect(browser.call(caller => caller.signInCode({ code: '000000' }))).rejects.toEqual(
        refusal('bad_input'),
      )
    }
    await expect(browser.call(caller => caller.signInCode({ code }))).rejects.toEqual(
      refusal('precondition_failed'),
    )
  })

  it('can be replaced by a backup code, once; new codes end the old ones', async () => {
    const person = await newPerson(services)
    const { backupCodes } = await withApp(person)
    const { browser, email, password } = person
    expect(backupCodes).toHaveLength(10)
    const [first = '', second = ''] = backupCodes
    const attempt = async (code: string) => {
      const visitor = openBrowser(services)
      await visitor.call(caller => caller.signIn({ email, password }))
      return visitor.call(caller => caller.signInCode({ code }))
    }
    await attempt(first)
    await expect(attempt(first)).rejects.toEqual(refusal('bad_input'))
    expect((await browser.call(caller => caller.secondFactor.show())).app.backupCodesLeft).toBe(9)
    await browser.call(caller => caller.secondFactor.renewBackupCodes({ password }))
    await expect(attempt(second)).rejects.toEqual(refusal('bad_input'))
  })

  it('is kept encrypted, with its backup codes', async () => {
    const person = await newPerson(services)
    const { key, backupCodes } = await withApp(person)
    const rows = JSON.stringify(
      await accounts.select().from(twoFactors).where(eq(twoFactors.userId, person.id)),
    )
    for (const text of [key, key.replaceAll(' ', ''), ...backupCodes]) expect(rows).not.toContain(text)
  })

  it('is turned off by the password, in a fresh session that is strong', async () => {
    const person = await newPerson(services)
    await withApp(person)
    const { browser, email, password, id } = person
    await expect(
      browser.call(caller => caller.secondFactor.turnOff({ password: newPassword() })),
    ).rejects.toEqual(refusal('bad_input'))
    await accounts.update(sessions).set({ isStrong: false }).where(eq(sessions.userId, id))
    await expect(browser.call(caller => caller.secondFactor.turnOff({ password }))).rejects.toEqual(
      refusal('fresh_sign_in_required', /second factor/),
    )
    await accounts.update(sessions).set({ isStrong: true }).where(eq(sessions.userId, id))
    await browser.call(caller => caller.secondFactor.turnOff({ password }))
    expect(await openBrowser(services).call(caller => caller.signIn({ email, password }))).toEqual({
      to: '/',
    })
  })

  it('shows its secret to a fresh session only', async () => {
    const { browser, password, id } = await newPerson(services)
    await browser.call(caller => caller.secondFactor.begin({ password }))
    await age(id)
    expect((await browser.call(caller => caller.secondFactor.show())).app.pending).toBeNull()
    await expect(browser.call(caller => caller.secondFactor.begin({ password }))).rejects.toEqual(
      refusal('fresh_sign_in_required'),
    )
  })
})

describe('a passkey', () => {
  it('signs in by itself, strongly, and makes its browser known', async () => {
    const person = await newPerson(services)
    const authenticator = await register(person)
    const browser = openBrowser(services)
    const credential = authenticator.sign(await challenge())
    expect(await browser.call(caller => caller.passkeys.signIn({ credential, to: '/account' }))).toEqual({
      to: '/account',
    })
    expect(await browser.call(caller => caller.sessionCurrent())).toMatchObject({
      user: { id: person.id },
      session: { isStrong: true },
    })
    const { passkeys: listed } = await browser.call(caller => caller.secondFactor.show())
    expect(listed).toMatchObject([{ name: 'Laptop', lastUsedAt: expect.any(Date) }])
  })

  it.each<[string, Ceremony]>([
    ['of another site', { origin: 'https://evil.example' }],
    ['that did not ask who is there', { isVerified: false }],
  ])('%s is refused, when it is made and when it signs', async (_, ceremony) => {
    const person = await newPerson(services)
    await expect(register(person, ceremony)).rejects.toEqual(refusal('bad_input', /not accepted/))
    const authenticator = await register(person)
    const credential = authenticator.sign(await challenge(), ceremony)
    await expect(
      openBrowser(services).call(caller => caller.passkeys.signIn({ credential })),
    ).rejects.toEqual(refusal('bad_input', /not accepted/))
  })

  it('signs each challenge once, and only one that was given out for that', async () => {
    const person = await newPerson(services)
    const authenticator = await register(person)
    const signIn = (credential: string) =>
      openBrowser(services).call(caller => caller.passkeys.signIn({ credential }))
    const credential = authenticator.sign(await challenge())
    await signIn(credential)
    await expect(signIn(credential)).rejects.toEqual(refusal('bad_input'))
    const { options } = await person.browser.call(caller => caller.passkeys.registerOptions({}))
    await expect(signIn(authenticator.sign(options.challenge))).rejects.toEqual(refusal('bad_input'))
    await expect(signIn(authenticator.sign('made-up'))).rejects.toEqual(refusal('bad_input'))
    await expect(signIn(softAuthenticator(site).sign(await challenge()))).rejects.toEqual(
      refusal('bad_input'),
    )
    await expect(signIn('{"id":')).rejects.toEqual(refusal('bad_input'))
  })

  it('whose count goes back is a copy', async () => {
    const authenticator = await register(await newPerson(services))
    const signIn = async (counter: number) => {
      const credential = authenticator.sign(await challenge(), { counter })
      return openBrowser(services).call(caller => caller.passkeys.signIn({ credential }))
    }
    await signIn(7)
    await expect(signIn(7)).rejects.toEqual(refusal('bad_input'))
    await signIn(8)
  })

  it('of one person is not made with another one’s challenge, nor removed by another', async () => {
    const [ada, mallory] = [await newPerson(services), await newPerson(services)]
    const { options } = await ada.browser.call(caller => caller.passkeys.registerOptions({}))
    const credential = softAuthenticator(site).register(options.challenge)
    await expect(
      mallory.browser.call(caller => caller.passkeys.register({ name: 'Mine', credential })),
    ).rejects.toEqual(refusal('bad_input'))
    await register(ada)
    const [own] = (await ada.browser.call(caller => caller.secondFactor.show())).passkeys
    const passkeyId = own?.id ?? ''
    const removal = (confirmation: string) => (caller: Caller) =>
      caller.passkeys.remove({ passkeyId, confirmation })
    const name = own?.name ?? ''
    await expect(mallory.browser.call(removal(name))).rejects.toEqual(refusal('not_found'))
    await expect(ada.browser.call(removal(`${name}?`))).rejects.toEqual(refusal('bad_input'))
    expect(await accounts.$count(passkeys, eq(passkeys.userId, ada.id))).toBe(1)
    await ada.browser.call(removal(name))
    expect(await accounts.$count(passkeys, eq(passkeys.userId, ada.id))).toBe(0)
  })

  it('guards the other second factors: a password alone leads to none', async () => {
    const person = await newPerson(services)
    await register(person)
    const { email, password } = person
    const browser = openBrowser(services)
    await browser.call(caller => caller.signIn({ email, password }))
    await expect(browser.call(caller => caller.secondFactor.begin({ password }))).rejects.toEqual(
      refusal('fresh_sign_in_required', /passkey/),
    )
    await expect(browser.call(caller => caller.passkeys.registerOptions({}))).rejects.toEqual(
      refusal('fresh_sign_in_required'),
    )
  })
})

describe('an organization', async () => {
  const owner = await newPerson(services)
  const { slug: organization, organizationId } = await registerOrganization(services, {
    userId: owner.id,
    name: 'Harbour',
  })

  it('that requires a second factor lets owners in with one only, from the next request on', async () => {
    const { browser, password, email } = owner
    const require = (isRequired: boolean) =>
      browser.call(caller => caller.settings.requireSecondFactor({ organization, isRequired }))
    await expect(require(true)).rejects.toEqual(refusal('precondition_failed', /lock you out/))
    const { key } = await withApp(owner)
    await require(true)
    await require(true)
    expect(await browser.call(caller => caller.settings.get({ organization }))).toMatchObject({
      isSecondFactorRequired: true,
    })

    await accounts.update(sessions).set({ isStrong: false }).where(eq(sessions.userId, owner.id))
    await expect(browser.call(caller => caller.settings.get({ organization }))).rejects.toEqual(
      refusal('second_factor_required', /second factor only/),
    )
    const again = openBrowser(services)
    await again.call(caller => caller.signIn({ email, password }))
    await again.call(caller => caller.signInCode({ code: totp(key, 1) }))
    await again.call(caller => caller.settings.requireSecondFactor({ organization, isRequired: false }))
    const types = await services.database.withOrganization(organizationId, transaction =>
      transaction
        .select({ type: events.eventType })
        .from(events)
        .where(and(eq(events.organizationId, organizationId), like(events.eventType, 'SecondFactor%')))
        .orderBy(asc(events.position)),
    )
    expect(types.map(({ type }) => type)).toEqual(['SecondFactorRequired', 'SecondFactorMadeOptional'])
  })
})

describe('guesses of others', () => {
  /** One guess, counted as ten. */
  const guess = async (browser: TestBrowser, email: string) => {
    const attempt = () => browser.call(caller => caller.signIn({ email, password: newPassword() }))
    await expect(attempt()).rejects.toEqual(refusal('bad_input'))
    await accounts.update(rateLimits).set({ count: 10 }).where(like(rateLimits.key, 'sign-in:%'))
    await expect(attempt()).rejects.toEqual(refusal('too_many_requests'))
  }

  it('never lock a person out of a browser that is known, nor out by passkey', async () => {
    const person = await newPerson(services)
    const authenticator = await register(person)
    const { browser, email, password } = person
    await guess(openBrowser(services), email)
    await expect(openBrowser(services).call(caller => caller.signIn({ email, password }))).rejects.toEqual(
      refusal('too_many_requests', /never signed in/),
    )
    expect(await browser.call(caller => caller.signIn({ email, password }))).toEqual({ to: '/' })
    const credential = authenticator.sign(await challenge())
    await openBrowser(services).call(caller => caller.passkeys.signIn({ credential }))
  })

  it('leave the way by a mailed link, which makes the browser known', async () => {
    const { email } = await newPerson(services)
    await guess(openBrowser(services), email)
    const browser = openBrowser(services)
    await browser.call(caller => caller.requestPasswordReset({ email }))
    const mail = await smtp.waitFor(
      mail => mail.to.includes(email) && mail.text.includes(`${appOrigin}/reset?token=`),
    )
    const token = decodeURIComponent(/reset\?token=(\S+)/.exec(mail.text)?.[1] ?? '')
    const password = newPassword()
    await browser.call(caller => caller.resetPassword({ token, password }))
    expect(await browser.call(caller => caller.signIn({ email, password }))).toEqual({ to: '/' })
  })

  it('from a known browser are limited as well, and a cookie of one account opens no other', async () => {
    const person = await newPerson(services)
    const victim = await newPerson(services)
    await guess(person.browser, person.email)
    await guess(openBrowser(services), victim.email)
    await expect(
      person.browser.call(caller => caller.signIn({ email: victim.email, password: victim.password })),
    ).rejects.toEqual(refusal('too_many_requests'))
  })
})

it('a sign-in is told to the log: who got in, and by what, and nothing of what was typed', async () => {
  const lines: string[] = []
  const logger = createLogger('info', { write: line => void lines.push(line) })
  const config = { appOrigin, authSecret: new Secret('a-secret-that-only-tests-use-0123456789') }
  const told = { ...services, auth: createAuth({ ...services, logger, config }) }
  const signIn = ({ email, password }: Person, browser = openBrowser(told)) =>
    browser.call(caller => caller.signIn({ email, password })).then(() => browser)
  const person = await newPerson(services)
  await signIn(person)
  const { key, backupCodes } = await withApp(person)
  const authenticator = await register(person)
  const codes = [totp(key, 1), backupCodes[0] ?? '']
  for (const code of codes) await (await signIn(person)).call(caller => caller.signInCode({ code }))
  const credential = authenticator.sign(await challenge())
  await openBrowser(told).call(caller => caller.passkeys.signIn({ credential }))

  const entries = lines.map(line => JSON.parse(line))
  expect(entries.map(({ msg, userId, by }) => ({ msg, userId, by }))).toEqual(
    ['password', 'password and code', 'password and backup code', 'passkey'].map(by => ({
      msg: 'signed in',
      userId: person.id,
      by,
    })),
  )
  for (const typed of [person.email, person.password, ...codes]) expect(lines.join()).not.toContain(typed)
})
