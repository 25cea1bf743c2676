import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EnvelopeError, envelopeKeyVersion, openEnvelope, sealEnvelope } from '../../server/vault/envelope.ts'

const dataKey = randomBytes(32)
const place = { organizationId: '018f-a', record: 'connection/1', field: 'client_secret' }
const seal = (text = 'the secret') =>
  sealEnvelope({ dataKey, keyVersion: 1, place, plaintext: Buffer.from(text) })

const places = fc.record({ organizationId: fc.uuid(), record: fc.string(), field: fc.string() })
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })

describe('an envelope', () => {
  test('opens to what was sealed, for any bytes, place, key and version', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 5_000 }),
        places,
        bytes(32),
        fc.nat(),
        (plaintext, place, dataKey, keyVersion) => {
          const sealed = sealEnvelope({ dataKey, keyVersion, place, plaintext })
          expect(envelopeKeyVersion(sealed)).toBe(keyVersion)
          expect(new Uint8Array(openEnvelope({ dataKey, place, sealed }))).toEqual(plaintext)
        },
      ),
      { numRuns: 50 },
    )
  })

  test('refuses any flipped bit', () => {
    const sealed = seal()
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const damaged = Buffer.from(sealed)
      damaged.writeUInt8(damaged.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
      expect(() => openEnvelope({ dataKey, place, sealed: damaged }), `bit ${bit}`).toThrow(EnvelopeError)
    }
  })

  test('refuses any shortening and any extension', () => {
    const sealed = seal()
    for (let length = 0; length < sealed.length; length++) {
      expect(() => openEnvelope({ dataKey, place, sealed: sealed.subarray(0, length) })).toThrow(
        EnvelopeError,
      )
    }
    const longer = Buffer.concat([sealed, Buffer.alloc(1)])
    expect(() => openEnvelope({ dataKey, place, sealed: longer })).toThrow(EnvelopeError)
  })

  test('refuses arbitrary bytes without another kind of error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), sealed => {
        expect(() => openEnvelope({ dataKey, place, sealed })).toThrow(EnvelopeError)
        expect(() =>
          openEnvelope({ dataKey, place, sealed: Buffer.concat([Buffer.from([1, 1]), sealed]) }),
        ).toThrow(EnvelopeError)
      }),
      { numRuns: 100 },
    )
  })

  test.each([
    ['another organization', { ...place, organizationId: '018f-b' }],
    ['another record', { ...place, record: 'connection/2' }],
    ['another field', { ...place, field: 'token_cache' }],
    ['a place that spells alike when joined', { ...place, record: 'connection/1client', field: '_secret' }],
  ])('does not open for %s, even under the same key', (_, elsewhere) => {
    expect(() => openEnvelope({ dataKey, place: elsewhere, sealed: seal() })).toThrow(EnvelopeError)
  })

  test('does not open under another key, and says so before it decrypts', () => {
    expect(() => openEnvelope({ dataKey: randomBytes(32), place, sealed: seal() })).toThrow('another key')
  })

  test('of a later version is refused as unknown', () => {
    for (const index of [0, 1]) {
      const later = seal()
      later[index] = 2
      expect(() => openEnvelope({ dataKey, place, sealed: later })).toThrow('unknown version')
    }
  })

  test('never repeats itself and never shows the plaintext', () => {
    const sealed = Array.from({ length: 50 }, () => seal('marked-plaintext'))
    expect(new Set(sealed.map(bytes => bytes.toString('hex'))).size).toBe(50)
    for (const bytes of sealed) expect(bytes.includes('marked-plaintext')).toBe(false)
  })

  test('takes data keys of 32 bytes only', () => {
    const plaintext = Buffer.from('x')
    expect(() => sealEnvelope({ dataKey: randomBytes(16), keyVersion: 1, place, plaintext })).toThrow(
      TypeError,
    )
  })
})
