import { randomBytes } from 'node:crypto'
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
  const email = newEmail()
  const password = newPassword()
  const { id } = await services.auth.createVerifiedUser({ name, email, password })
  const browser = openBrowser(services)
  await browser.call(caller => caller.signIn({ email, password }))
  return { id, name, email, password, browser }
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
