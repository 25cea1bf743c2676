import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type EventType, eventTypes } from '../../server/domain/events.ts'
import { canonicalText, sha256Hex } from '../../server/ledger/canonical.ts'
import { decodeEvent, domainEvent, knowsSchema, newestSchema } from '../../server/ledger/decode.ts'

/*
 * One payload of every type of event in every schema version there ever was, as it is stored, and what it decodes to
 * today. What was stored once must be read for ever: a file here is added to, never changed in its text.
 */

const folder = join(import.meta.dirname, '../golden/events')
const golden = z.strictObject({ text: z.string(), sha256: z.string(), decodes: z.unknown() })
const read = (type: string, version: number) =>
  golden.parse(JSON.parse(readFileSync(join(folder, `${type}.${version}.json`), 'utf8')))

const versions = eventTypes.flatMap(type =>
  Array.from({ length: newestSchema(type) }, (_, index): [EventType, number] => [type, index + 1]),
)

test('every type of event has a golden payload of each of its schema versions, and there are no others', () => {
  const wanted = versions.map(([type, version]) => `${type}.${version}.json`)
  expect(readdirSync(folder).sort()).toEqual(wanted.sort())
})

describe.each(versions)('%s, version %i', (type, version) => {
  const { text, sha256, decodes } = read(type, version)

  test('is canonical and has the bytes it always had', () => {
    expect(canonicalText(JSON.parse(text))).toBe(text)
    expect(sha256Hex(text)).toBe(sha256)
  })

  test('decodes to what it says', () => {
    const metadata = {
      organizationId: '0199a0b0-0000-7000-8000-000000000001',
      position: 0,
      streamId: '0199a0b0-0000-7000-8000-000000000001',
      streamVersion: 1,
      eventId: '0199a0b0-0000-7000-8000-000000000002',
      recordedAt: new Date(0),
      actor: 'system:test',
    }
    const stored = { ...metadata, eventType: type, schemaVersion: version, payload: text }
    expect(decodeEvent(stored)).toEqual({ ...metadata, type, payload: decodes })
  })

  test('refuses a field that it does not know', () => {
    expect(() => domainEvent(type, { ...JSON.parse(text), more: true }, version)).toThrow(z.ZodError)
  })
})

test('a payload is not read as one of another version', () => {
  const [first, second] = [1, 2].map(version => JSON.parse(read('OrganizationCreated', version).text))
  expect(() => domainEvent('OrganizationCreated', first, 2)).toThrow(z.ZodError)
  expect(() => domainEvent('OrganizationCreated', second, 1)).toThrow(z.ZodError)
})

test.each([
  ['OrganizationCreated', 0],
  ['OrganizationCreated', 3],
  ['OrganizationCreated', 1.5],
  ['CatalogueAdopted', 2],
  ['constructor', 1],
  ['Unheard', 1],
])('%s in version %d is not known', (type, version) => {
  expect(knowsSchema(type, version)).toBe(false)
})
