import { randomBytes } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { users } from '../../db/schema/accounts.ts'
import { storeVerifiedUser } from '../../server/auth/verified-user.ts'
import { type Clock, systemClock } from '../../server/clock.ts'
import { newId } from '../../server/ledger/ids.ts'
import type { Services } from '../../server/services.ts'
import type { Context } from '../../server/trpc/context.ts'
import { type Caller, createCaller } from '../../server/trpc/router.ts'
import { appOrigin } from './services.ts'

/** Real time that a test can set ahead. */
export interface OffsetClock extends Clock {
  offset: number
}

export function offsetClock(): OffsetClock {
  const clock = { offset: 0, now: () => new Date(Date.now() + clock.offset), sleep: systemClock.sleep }
  return clock
}

export const day = 24 * 60 * 60_000

/** A browser with a cookie jar of its own, from an address of its own. */
export interface TestBrowser {
  ip: string
  cookies: Map<string, string>
  headers(): Headers
  /** What a request of this browser brings along. */
  context(): Promise<Context>
  /** Calls procedures as a request of this browser would. */
  call<T>(work: (caller: Caller) => Promise<T>): Promise<T>
}

export function openBrowser(services: Services, ip = newAddress()): TestBrowser {
  const cookies = new Map<string, string>()
  const headers = () => {
    const pairs = [...cookies].map(([name, value]) => `${name}=${value}`)
    return new Headers({
      origin: appOrigin,
      'user-agent': 'Test browser',
      ...(pairs.length > 0 ? { cookie: pairs.join('; ') } : {}),
    })
  }
  const context = async (): Promise<Context> => ({
    services,
    requestId: newId(),
    logger: services.logger,
    headers: headers(),
    clientAddress: ip,
    signedIn: await services.auth.session(headers()),
    setCookie: cookie => keep(cookies, cookie),
  })
  return {
    ip,
    cookies,
    headers,
    context,
    call: async work => work(createCaller(await context())),
  }
}

export interface Person {
  id: string
  name: string
  email: string
  password: string
  browser: TestBrowser
}

/** Somebody with a confirmed account, signed in with a browser. */
export async function newPerson(services: Services, name = 'Ada Example'): Promise<Person> {
  const account = await newAccount(services, name)
  const { email, password } = account
  const browser = openBrowser(services)
  await browser.call(caller => caller.signIn({ email, password }))
  return { ...account, browser }
}

/** A confirmed account. Its password was hashed long ago: hashing takes a tenth of a second, on purpose. */
export async function newAccount(
  { database }: Pick<Services, 'database'>,
  name = 'Ada Example',
): Promise<Omit<Person, 'browser'>> {
  const email = newEmail()
  const [password, passwordHash] = passwords[countOfAccounts++ % passwords.length] ?? ['', '']
  const { id } = await database.outsideTenant.transaction(transaction =>
    storeVerifiedUser(transaction, { name, email, passwordHash }, new Date()),
  )
  return { id, name, email, password }
}

/** Of accounts made one after the other each has another one. */
let countOfAccounts = 0
const passwords: readonly (readonly [password: string, hash: string])[] = [
  [
    'VPoIUnPiylD2nOnqTx7Dtbsa',
    '1643e5cc085c002487d5ee9d9b9eafc4:c624e7a824583e2600469272157f983283616911418fe8e2958779b98fb8dffc33f47c907d23496305214a5a08b3673f70f2642ee7d722506f685a0cffb8a83d',
  ],
  [
    'h59xRp0gkpIGK8TNI6DIrqxL',
    '45e966f9b0a629f77b09b34ae68837f1:17b7e817822f32696c817d27c708ee12634c19a488865d1c0b287f9b0195263dde867cd5db2db34e68fc6b7221f53782f792384bb214ad1a13c6af8e728ef2d6',
  ],
]

/** An account whose address was never confirmed, as former versions made them at registering. */
export async function newUnconfirmed(services: Services): Promise<{ email: string; password: string }> {
  const { id, email, password } = await newAccount(services, 'Mallory Example')
  const accounts = services.database.outsideTenant
  await accounts.update(users).set({ emailVerified: false }).where(eq(users.id, id))
  return { email, password }
}

export const newEmail = () => `person-${randomBytes(6).toString('hex')}@example.com`
export const newPassword = () => randomBytes(18).toString('base64url')

/** From the block that RFC 2544 sets apart for tests. */
export const newAddress = () => `198.18.${randomBytes(1)[0]}.${randomBytes(1)[0]}`

function keep(cookies: Map<string, string>, cookie: string) {
  const [pair = '', ...attributes] = cookie.split(';')
  const [name = '', value = ''] = pair.split(/=(.*)/s)
  const isOver = attributes.some(attribute => /^\s*max-age=0$/i.test(attribute))
  if (isOver || value === '') cookies.delete(name)
  else cookies.set(name, value)
}
