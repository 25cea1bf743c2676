import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sessionCookieReader } from '../../server/auth/session-cookie.ts'
import { Secret } from '../../server/vault/secret.ts'

const secret = 'a-secret-that-only-tests-use-0123456789'
const token = 'nE3vWq0aZ7hTgL5yRk2mXb9cUd4fJs6p'
const sealOf = (key: string, text = token) => createHmac('sha256', key).update(text).digest('base64')
const cookie = `attestry.session_token=${encodeURIComponent(`${token}.${sealOf(secret)}`)}`

const readerAt = (appOrigin: string) => {
  const read = sessionCookieReader({ appOrigin, authSecret: new Secret(secret) })
  return (text: string) => read(new Headers({ cookie: text }))
}
const read = readerAt('http://localhost:3000')

describe('the session of a request', () => {
  it('is that of its cookie, among others and in whatever order', () => {
    expect(read(cookie)).toBe(token)
    expect(read(`theme=dark; ${cookie}; attestry.known_browser=a.b`)).toBe(token)
  })

  it('is nobody’s where the signature is of another secret or another token', () => {
    const forged = encodeURIComponent(`${token}.${sealOf('another-secret')}`)
    expect(read(`attestry.session_token=${forged}`)).toBeNull()
    expect(read(cookie.replace(token, token.replace('n', 'm')))).toBeNull()
    expect(read(`attestry.session_token=${token}`)).toBeNull()
    expect(read(`attestry.session_token=${token}.`)).toBeNull()
  })

  it('is not told by a cookie of another name, and under https by that of this one host alone', () => {
    expect(read(`x${cookie}`)).toBeNull()
    expect(read(`__Host-${cookie}`)).toBeNull()
    const readSecure = readerAt('https://app.example')
    expect(readSecure(`__Host-${cookie}`)).toBe(token)
    expect(readSecure(cookie)).toBeNull()
  })

  it('is that of the first cookie of its name: one that was added behind it is not looked at', () => {
    expect(read(`attestry.session_token=planted; ${cookie}`)).toBeNull()
    expect(read(`${cookie}; attestry.session_token=planted`)).toBe(token)
  })

  it('is nobody’s for whatever else is sent', () => {
    const anything = fc.oneof(
      fc.string(),
      fc.base64String(),
      fc.tuple(fc.nat(200), fc.string({ maxLength: 1 })).map(([at, put]) => {
        const { length } = 'attestry.session_token='
        return encodeSafely(cookie.slice(length, length + at) + put + cookie.slice(length + at + 1))
      }),
    )
    fc.assert(
      fc.property(anything, text => {
        const sent = `attestry.session_token=${text.replaceAll(/[^\x20-\x7e]|;/g, '')}`
        const found = read(sent)
        // A character may have been replaced by itself.
        expect(found === null || sent === cookie).toBe(true)
      }),
    )
  })
})

const encodeSafely = (text: string) => text.replaceAll(/[^\w.%+/=-]/g, '')
