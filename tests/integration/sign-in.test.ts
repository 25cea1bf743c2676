import { createHook } from 'node:async_hooks'
import { eq } from 'drizzle-orm'
import { afterAll, describe, expect, it } from 'vitest'
import {
  credentials,
  organizationSlug,
  rateLimits,
  registrations,
  sessions,
  users,
} from '../../db/schema/accounts.ts'
import { createAuth } from '../../server/auth/auth.ts'
import { newId } from '../../server/ledger/ids.ts'
import type { Caller } from '../../server/trpc/router.ts'
import { Secret } from '../../server/vault/secret.ts'
import {
  newEmail,
  newPassword,
  newPerson,
  newUnconfirmed,
  offsetClock,
  openBrowser,
} from '../support/people.ts'
import { appOrigin, useServices } from '../support/services.ts'
import { recordStatement } from '../support/statements.ts'

const { services, smtp, db } = await useServices({
  clock: offsetClock(),
  entraOrigin: () => 'http://127.0.0.1:9',
})
const accounts = services.database.outsideTenant
const config = { appOrigin, authSecret: new Secret('a-secret-that-only-tests-use-0123456789') }

async function linkIn(email: string, path: string) {
  const mail = await smtp.waitFor(
    mail => mail.to.includes(email) && mail.text.includes(`${appOrigin}${path}?token=`),
  )
  const [, token = ''] = new RegExp(`${path}\\?token=(\\S+)`).exec(mail.text) ?? []
  return decodeURIComponent(token)
}
/** How often scrypt ran meanwhile, as Node itself counts. */
async function hashesDuring(work: () => Promise<unknown>): Promise<number> {
  let count = 0
  const hook = createHook({
    init(_id, type) {
      if (type === 'SCRYPTREQUEST') count += 1
    },
  }).enable()
  await work().finally(() => hook.disable())
  return count
}
const refusal = (code: string, words?: RegExp) =>
  expect.objectContaining({
    cause: expect.objectContaining({ code, ...(words && { userMessage: expect.stringMatching(words) }) }),
  })
const applicant = (email = newEmail()) => ({
  name: 'Grace Example',
  email,
  password: newPassword(),
  organizationName: 'Lighthouse',
})

describe('registering', () => {
  it('makes an account and an organization that it owns once its address is confirmed', async () => {
    const browser = openBrowser(services)
    const { name, email, password, organizationName } = applicant()
    await browser.call(caller => caller.register({ name, email, password, organizationName }))

    await expect(browser.call(caller => caller.signIn({ email, password }))).rejects.toEqual(
      refusal('bad_input'),
    )
    expect(await accounts.$count(users, eq(users.email, email))).toBe(0)
    await browser.call(async caller => caller.verifyEmail({ token: await linkIn(email, '/verify') }))
    expect(await browser.call(caller => caller.signIn({ email, password, to: '/account' }))).toEqual({
      to: '/account',
    })

    expect(await browser.call(caller => caller.sessionCurrent())).toMatchObject({
      user: { name, email },
      session: { isFresh: true },
    })
    const [organization] = await browser.call(caller => caller.organizationList())
    expect(organization).toMatchObject({ name: organizationName, role: 'owner', simulated: false })
    expect(organization?.slug).toMatch(/^lighthouse/)
  })

  it('answers the same for an address that has an account, makes nothing, and tells its owner by mail', async () => {
    const person = await newPerson(services)
    const before = await accounts.$count(organizationSlug)
    const browser = openBrowser(services)
    expect(await browser.call(caller => caller.register(applicant(person.email)))).toBeUndefined()
    await smtp.waitFor(mail => mail.to.includes(person.email) && /already have an account/.test(mail.subject))
    expect(smtp.mails().filter(mail => mail.to.includes(person.email))).toHaveLength(1)
    expect(await accounts.$count(organizationSlug)).toBe(before)
    await browser.call(caller => caller.signIn({ email: person.email, password: person.password }))
  })

  it('loses nothing to a crash between account and organization, and a link opened twice opens one', async () => {
    const form = applicant()
    const browser = openBrowser(services)
    await browser.call(caller => caller.register(form))
    const token = await linkIn(form.email, '/verify')
    // The process ends here.
    await services.auth.confirmRegistration({ token, ip: browser.ip })
    const open = () => browser.call(caller => caller.verifyEmail({ token }))
    await Promise.all([open(), open()])
    await open()
    await browser.call(caller => caller.signIn({ email: form.email, password: form.password }))
    expect(await browser.call(caller => caller.organizationList())).toMatchObject([
      { name: form.organizationName, role: 'owner' },
    ])
  })

  it('by two mails makes one account, of the link that was opened first', async () => {
    const first = applicant()
    const browser = openBrowser(services)
    await browser.call(caller => caller.register(first))
    const token = await linkIn(first.email, '/verify')
    smtp.clear()
    await browser.call(caller => caller.register(applicant(first.email)))
    const second = await linkIn(first.email, '/verify')
    await browser.call(caller => caller.verifyEmail({ token }))
    await expect(browser.call(caller => caller.verifyEmail({ token: second }))).rejects.toEqual(
      refusal('conflict', /Sign in with it/),
    )
    await browser.call(caller => caller.signIn({ email: first.email, password: first.password }))
  })

  it('waits a day for its link, which is kept as a hash and dropped afterwards', async () => {
    const form = applicant()
    const browser = openBrowser(services)
    await browser.call(caller => caller.register(form))
    const token = await linkIn(form.email, '/verify')
    const kept = () => accounts.select().from(registrations).where(eq(registrations.email, form.email))
    const [row] = await kept()
    expect(JSON.stringify(row)).not.toContain(token)
    expect(row?.passwordHash).toMatch(/^[0-9a-f]{32}:[0-9a-f]{128}$/)
    await accounts
      .update(registrations)
      .set({ expiresAt: new Date() })
      .where(eq(registrations.email, form.email))
    await expect(browser.call(caller => caller.verifyEmail({ token }))).rejects.toEqual(
      refusal('precondition_failed', /Register again/),
    )
    await services.auth.dropExpired()
    expect(await kept()).toEqual([])
  })

  it('gives two organizations of one name two addresses', async () => {
    const { browser } = await newPerson(services)
    const create = () => browser.call(caller => caller.organizationCreate({ name: 'Twin Peaks' }))
    const made = await Promise.all([create(), create(), create()])
    expect(made.map(({ slug }) => slug).sort()).toEqual(['twin-peaks', 'twin-peaks-2', 'twin-peaks-3'])
  })

  it('names the field of a password that is tried first', async () => {
    const form = { ...applicant(), password: 'password-password-1' }
    await expect(openBrowser(services).call(caller => caller.register(form))).rejects.toEqual(
      expect.objectContaining({
        cause: expect.objectContaining({ fields: { password: expect.any(String) } }),
      }),
    )
  })

  it('is refused where organizations come by invitation, also to who is signed in', async () => {
    const closed = { ...services, registration: 'invite' as const }
    await expect(openBrowser(closed).call(caller => caller.register(applicant()))).rejects.toEqual(
      refusal('forbidden', /by invitation/),
    )
    const form = applicant()
    await openBrowser(services).call(caller => caller.register(form))
    const token = await linkIn(form.email, '/verify')
    await expect(openBrowser(closed).call(caller => caller.verifyEmail({ token }))).rejects.toEqual(
      refusal('forbidden', /by invitation/),
    )
    const person = await newPerson(closed)
    await expect(person.browser.call(caller => caller.organizationCreate({ name: 'Sly' }))).rejects.toEqual(
      refusal('forbidden'),
    )
  })

  it('takes a name on one line only, for mails carry it', async () => {
    const form = { ...applicant(), name: 'Ada\n\nhttp://evil.example' }
    await expect(openBrowser(services).call(caller => caller.register(form))).rejects.toThrow()
  })
})

describe('signing in', () => {
  it('answers the same for a wrong password and for an unknown address', async () => {
    const { email } = await newPerson(services)
    const errors = await Promise.all(
      [email, newEmail()].map(async address =>
        openBrowser(services)
          .call(caller => caller.signIn({ email: address, password: newPassword() }))
          .catch((error: Error) => {
            const { code, userMessage, fields, details } = Object(error.cause)
            return { message: error.message, code, userMessage, fields, details }
          }),
      ),
    )
    expect(errors[0]).toEqual(errors[1])
    expect(errors[0]).toMatchObject({ code: 'bad_input', userMessage: expect.stringContaining('not right') })
  })

  it('keeps the cookie from scripts and other sites', async () => {
    const { email, password } = await newPerson(services)
    const { cookies } = await services.auth.signIn({
      email,
      password,
      headers: new Headers(),
      ip: '198.18.0.1',
    })
    expect(cookies).toHaveLength(2)
    for (const cookie of cookies) expect(cookie).toMatch(/HttpOnly/i)
    for (const cookie of cookies) expect(cookie).toMatch(/SameSite=Lax/i)
    expect(cookies[0]).toMatch(/^attestry\.session_token=.*Max-Age=604800/i)
    expect(cookies[1]).toMatch(/^attestry\.known_browser=/)
  })

  it('binds its cookies to this one host under https, and knows them again', async () => {
    const { email, password } = await newPerson(services)
    const auth = createAuth({ ...services, config: { ...config, appOrigin: 'https://app.example' } })
    const { cookies } = await auth.signIn({ email, password, headers: new Headers(), ip: '198.18.0.1' })
    expect(cookies).toHaveLength(2)
    for (const cookie of cookies) {
      expect(cookie).toMatch(/^__Host-attestry\.\w+=/)
      expect(cookie).toMatch(/; Path=\/(;|$)/)
      expect(cookie).toMatch(/; Secure(;|$)/)
      expect(cookie).not.toMatch(/; Domain=/)
    }
    const headers = new Headers({ cookie: cookies.map(cookie => cookie.split(';')[0]).join('; ') })
    expect(await auth.session(headers)).toMatchObject({ user: { email } })
    const ended = await auth.signOut(headers)
    expect(ended.cookies.join()).toMatch(/__Host-attestry\.session_token=; Max-Age=0/)
    expect(await auth.session(headers)).toBeNull()
  })

  it('is limited per account for browsers that it does not know, whatever address the attempts come from', async () => {
    const { email, password } = await newPerson(services)
    const attempt = (guess: string) =>
      openBrowser(services).call(caller => caller.signIn({ email, password: guess }))
    for (let count = 0; count < 10; count++)
      await expect(attempt(newPassword())).rejects.toEqual(refusal('bad_input'))
    await expect(attempt(password)).rejects.toEqual(refusal('too_many_requests', /Wait 1[45] minutes/))
  })

  it('is limited per address, an IPv6 client by its network', async () => {
    const attempt = (ip: string) =>
      openBrowser(services, ip).call(caller => caller.signIn({ email: newEmail(), password: newPassword() }))
    await expect(attempt('2001:db8:0:7::1')).rejects.toEqual(refusal('bad_input'))
    await accounts
      .update(rateLimits)
      .set({ count: 60 })
      .where(eq(rateLimits.key, 'sign-in:address:2001:db8:0:7::/64'))
    await expect(attempt('2001:db8:0:7:ffff::1')).rejects.toEqual(refusal('too_many_requests'))
    await expect(attempt('2001:db8:0:8::1')).rejects.toEqual(refusal('bad_input'))
  })

  it('leads to paths of our own only', async () => {
    const { browser, email, password } = await newPerson(services)
    const to = '//evil.example'
    expect(await browser.call(caller => caller.signIn({ email, password, to }))).toEqual({ to: '/' })
  })

  it('again replaces the session by a younger one', async () => {
    const { browser, email, password } = await newPerson(services)
    const first = await browser.call(caller => caller.sessionCurrent())
    await accounts
      .update(sessions)
      .set({ createdAt: new Date(Date.now() - 16 * 60_000) })
      .where(eq(sessions.id, first?.session.id ?? ''))
    expect(await browser.call(caller => caller.sessionCurrent())).toMatchObject({
      session: { isFresh: false },
    })
    await browser.call(caller => caller.signIn({ email, password }))
    expect(await browser.call(caller => caller.sessionCurrent())).toMatchObject({
      session: { isFresh: true },
    })
    expect(await browser.call(caller => caller.listSessions())).toHaveLength(1)
  })
})

describe('a session', () => {
  it('ends with signing out', async () => {
    const { browser } = await newPerson(services)
    const kept = new Map(browser.cookies)
    await browser.call(caller => caller.signOut())
    expect([...browser.cookies.keys()]).toEqual(['attestry.known_browser'])
    for (const [name, value] of kept) browser.cookies.set(name, value)
    expect(await browser.call(caller => caller.sessionCurrent())).toBeNull()
  })

  it.each([
    ['after twelve idle hours', { updatedAt: new Date(Date.now() - 12 * 60 * 60_000 - 1_000) }],
    ['after seven days, however busy', { expiresAt: new Date(Date.now() - 1_000) }],
  ])('ends %s', async (_, change) => {
    const { browser, id } = await newPerson(services)
    await accounts.update(sessions).set(change).where(eq(sessions.userId, id))
    expect(await browser.call(caller => caller.sessionCurrent())).toBeNull()
    await expect(browser.call(caller => caller.listSessions())).rejects.toEqual(refusal('unauthenticated'))
  })

  it('in use stays, and keeps its absolute end', async () => {
    const { browser, id } = await newPerson(services)
    const before = await browser.call(caller => caller.sessionCurrent())
    const updatedAt = new Date(Date.now() - 11 * 60 * 60_000)
    await accounts.update(sessions).set({ updatedAt }).where(eq(sessions.userId, id))
    const now = await browser.call(caller => caller.sessionCurrent())
    expect(now?.session.expiresAt).toEqual(before?.session.expiresAt)
    const [row] = await accounts.select().from(sessions).where(eq(sessions.userId, id))
    expect(row?.updatedAt.getTime()).toBeGreaterThan(Date.now() - 60_000)
  })

  it('can be seen and ended from another one, by its owner alone', async () => {
    const person = await newPerson(services)
    const other = openBrowser(services)
    await other.call(caller => caller.signIn({ email: person.email, password: person.password }))
    const listed = await person.browser.call(caller => caller.listSessions())
    expect(listed).toHaveLength(2)
    const [foreign] = listed.filter(session => !session.isCurrent)
    expect(foreign).toMatchObject({ address: other.ip, userAgent: 'Test browser' })
    const sessionId = foreign?.id ?? ''

    const stranger = await newPerson(services)
    for (const id of [sessionId, newId()]) {
      await expect(stranger.browser.call(caller => caller.revokeSession({ sessionId: id }))).rejects.toEqual(
        refusal('not_found'),
      )
    }
    await person.browser.call(caller => caller.revokeSession({ sessionId }))
    expect(await other.call(caller => caller.sessionCurrent())).toBeNull()
  })
})

describe('a password', () => {
  it('is reset by a mailed link, once, and that ends all sessions', async () => {
    const { browser, email, password } = await newPerson(services)
    const visitor = openBrowser(services)
    await visitor.call(caller => caller.requestPasswordReset({ email }))
    const token = await linkIn(email, '/reset')
    const next = newPassword()
    await visitor.call(caller => caller.resetPassword({ token, password: next }))

    expect(await browser.call(caller => caller.sessionCurrent())).toBeNull()
    await expect(visitor.call(caller => caller.signIn({ email, password }))).rejects.toEqual(
      refusal('bad_input'),
    )
    await visitor.call(caller => caller.signIn({ email, password: next }))
    await expect(
      visitor.call(caller => caller.resetPassword({ token, password: newPassword() })),
    ).rejects.toEqual(refusal('precondition_failed', /used or has expired/))
  })

  it('reset answers the same for an unknown address and sends nothing', async () => {
    const email = newEmail()
    expect(await openBrowser(services).call(caller => caller.requestPasswordReset({ email }))).toBeUndefined()
    const { email: known } = await newPerson(services)
    await openBrowser(services).call(caller => caller.requestPasswordReset({ email: known }))
    await linkIn(known, '/reset')
    expect(smtp.mails().filter(mail => mail.to.includes(email))).toEqual([])
  })

  it('reset shows the mailbox, so that an account somebody else made with it becomes its owner’s', async () => {
    const { email, password: theirs } = await newUnconfirmed(services)
    const signIn = (password: string) =>
      openBrowser(services).call(caller => caller.signIn({ email, password }))
    await expect(signIn(theirs)).rejects.toEqual(refusal('precondition_failed', /never confirmed/))
    const owner = openBrowser(services)
    await owner.call(caller => caller.requestPasswordReset({ email }))
    const password = newPassword()
    await owner.call(async caller => caller.resetPassword({ token: await linkIn(email, '/reset'), password }))
    await owner.call(caller => caller.signIn({ email, password }))
    await expect(signIn(theirs)).rejects.toEqual(refusal('bad_input'))
  })

  it('is changed by the current one, and other sessions end', async () => {
    const person = await newPerson(services)
    const other = openBrowser(services)
    await other.call(caller => caller.signIn({ email: person.email, password: person.password }))
    const newOne = newPassword()
    await expect(
      person.browser.call(caller =>
        caller.changePassword({ currentPassword: newPassword(), newPassword: newOne }),
      ),
    ).rejects.toEqual(
      expect.objectContaining({
        cause: expect.objectContaining({
          code: 'bad_input',
          fields: { currentPassword: expect.any(String) },
        }),
      }),
    )
    await person.browser.call(caller =>
      caller.changePassword({ currentPassword: person.password, newPassword: newOne }),
    )
    expect(await person.browser.call(caller => caller.sessionCurrent())).not.toBeNull()
    expect(await other.call(caller => caller.sessionCurrent())).toBeNull()
    await other.call(caller => caller.signIn({ email: person.email, password: newOne }))
  })

  it('is stored as a scrypt hash, and links as hashes', async () => {
    const { name, email, password } = applicant()
    const { id } = await services.auth.createVerifiedUser({ name, email, password })
    const [row] = await accounts.select().from(credentials).where(eq(credentials.userId, id))
    expect(row?.password).toMatch(/^[0-9a-f]{32}:[0-9a-f]{128}$/)
    expect(row?.password).not.toContain(password)
    await openBrowser(services).call(caller => caller.requestPasswordReset({ email }))
    const token = await linkIn(email, '/reset')
    const rows = await accounts.execute('select identifier, value from accounts.verifications')
    expect(JSON.stringify(rows)).not.toContain(token)
  })
})

describe('what is done before an answer is the same whether or not the address has an account:', () => {
  const sent: string[] = []
  const database = db.connect('app', {
    onStatement(statement) {
      recordStatement(statement)
      sent.push(statement)
    },
  })
  afterAll(() => database.close())
  const watched = { ...services, database, auth: createAuth({ ...services, database, config }) }

  const actions: Record<string, (caller: Caller, email: string) => Promise<unknown>> = {
    registering: (caller, email) => caller.register(applicant(email)),
    'a reset': (caller, email) => caller.requestPasswordReset({ email }),
    'a sign-in': (caller, email) => caller.signIn({ email, password: newPassword() }),
  }
  it.each(Object.entries(actions))('%s', async (_, act) => {
    const workFor = async (email: string) => {
      const browser = openBrowser(watched)
      sent.length = 0
      const hashes = await hashesDuring(() =>
        browser.call(caller => act(caller, email)).catch(() => undefined),
      )
      return { hashes, statements: [...sent] }
    }
    const { email } = await newPerson(services)
    const known = await workFor(email)
    expect(known.statements.length).toBeGreaterThan(3)
    expect(await workFor(newEmail())).toEqual(known)
  })
})

describe('mails', () => {
  it('that the server refuses leave the answer as it is', async () => {
    smtp.refuseNext(1)
    const form = applicant()
    expect(await openBrowser(services).call(caller => caller.register(form))).toBeUndefined()
    expect(await accounts.$count(registrations, eq(registrations.email, form.email))).toBe(1)
  })
})
