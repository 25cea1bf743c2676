import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { KeyCache, keyLifetime } from '../../server/vault/key-cache.ts'

let now = 0
const clock = { now: () => new Date(now), sleep: () => Promise.resolve() }
const wrapped = Buffer.from('wrapped')

/** A key service that counts its calls and shows the buffers it gave out. */
function keyService() {
  const given: Buffer[] = []
  return {
    given,
    unwrap: async () => {
      const key = randomBytes(32)
      given.push(key)
      return key
    },
  }
}

const isZero = (key: Buffer | undefined) => key?.every(byte => byte === 0)

beforeEach(() => {
  now = 0
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test('callers that ask at once share one call', async () => {
  const cache = new KeyCache(clock)
  const { given, unwrap } = keyService()
  const keys = await Promise.all(
    Array.from({ length: 20 }, () => cache.use(wrapped, unwrap, key => key.toString('hex'))),
  )
  expect(given).toHaveLength(1)
  expect(new Set(keys).size).toBe(1)
})

test('a key serves until five minutes have passed on the clock, then it is zeroed and asked for again', async () => {
  const cache = new KeyCache(clock)
  const { given, unwrap } = keyService()
  await cache.use(wrapped, unwrap, () => undefined)
  now = keyLifetime - 1
  await cache.use(wrapped, unwrap, () => undefined)
  expect(given).toHaveLength(1)
  now = keyLifetime
  await cache.use(wrapped, unwrap, () => undefined)
  expect(given).toHaveLength(2)
  expect(isZero(given[0])).toBe(true)
  expect(isZero(given[1])).toBe(false)
})

test('a key nobody asks for again is zeroed all the same', async () => {
  const cache = new KeyCache(clock)
  const { given, unwrap } = keyService()
  await cache.use(wrapped, unwrap, () => undefined)
  await vi.advanceTimersByTimeAsync(keyLifetime)
  expect(isZero(given[0])).toBe(true)
})

test('a failed call is not remembered', async () => {
  const cache = new KeyCache(clock)
  const { unwrap } = keyService()
  await expect(
    cache.use(
      wrapped,
      () => Promise.reject(new Error('down')),
      () => undefined,
    ),
  ).rejects.toThrow('down')
  await expect(cache.use(wrapped, unwrap, key => key.length)).resolves.toBe(32)
})

test('closing zeroes the keys held and the ones on their way', async () => {
  const cache = new KeyCache(clock)
  const { given, unwrap } = keyService()
  await cache.use(wrapped, unwrap, () => undefined)
  let arrive: (key: Buffer) => void = () => undefined
  const arrival = new Promise<Buffer>(resolve => {
    arrive = resolve
  })
  const late = cache.use(
    Buffer.from('other'),
    () => arrival,
    () => 'used',
  )
  cache.close()
  const key = randomBytes(32)
  arrive(key)
  await expect(late).rejects.toThrow('closed')
  expect(isZero(given[0])).toBe(true)
  expect(isZero(key)).toBe(true)
  await expect(cache.use(wrapped, unwrap, () => undefined)).rejects.toThrow('closed')
})
