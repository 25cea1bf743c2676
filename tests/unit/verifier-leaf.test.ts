import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cloudEventText } from '../../server/export/cloud-event.ts'
import { sha256Hex } from '../../server/ledger/canonical.ts'
import { envelopeText } from '../../server/ledger/envelope.ts'
import { leafHash } from '../../server/ledger/merkle.ts'
import { checkEventLine } from '../../server/verifier/event-line.ts'
import { LineReader } from '../../server/verifier/line-reader.ts'

/* The time of a leaf, which is read without a calendar for each event: the same instants as the calendar has, and no others. */
const organizationId = randomUUID()
const event = {
  position: 0,
  eventId: randomUUID(),
  type: 'OrganizationCreated',
  schemaVersion: 1,
  streamType: 'organization',
  streamId: organizationId,
  streamVersion: 1,
  actor: `user:${randomUUID()}`,
  payload: '{}',
}
const origin = 'log.example/one'
const anyTime = new Date(0)

/** Reads the leaf of an event whose time stands as it is given. */
async function instantOf(at: string): Promise<number> {
  const told = (text: string) => text.replace(anyTime.toISOString(), at)
  const envelope = told(
    envelopeText({
      ...event,
      organizationId,
      recordedAt: anyTime,
      payloadSha256: sha256Hex(event.payload),
    }),
  )
  const [events, leaves] = await Promise.all([
    lineOf(told(cloudEventText({ ...event, recordedAt: anyTime }, origin))),
    lineOf(envelope),
  ])
  const leafHashes = leafHash(Buffer.from(envelope))
  return checkEventLine(events, leaves, { quotedOrigin: JSON.stringify(origin), organizationId, leafHashes })
    .at
}

async function lineOf(text: string): Promise<LineReader> {
  async function* pieces() {
    yield Buffer.from(`${text}\n`)
  }
  const reader = new LineReader(pieces(), 'lines')
  await reader.take()
  return reader
}

test('a time is the instant that the calendar has for it, whichever was read before', async () => {
  const instants = fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true })
  await fc.assert(
    fc.asyncProperty(instants, async at => {
      expect(await instantOf(at.toISOString())).toBe(at.getTime())
      const later = new Date(at.getTime() + 999)
      expect(await instantOf(later.toISOString())).toBe(later.getTime())
    }),
  )
})

test.each([
  '2026-02-30T10:00:00.000Z',
  '2025-02-29T10:00:00.000Z',
  '2026-13-01T10:00:00.000Z',
  '2026-01-00T10:00:00.000Z',
  '2026-01-01T24:00:00.000Z',
  '2026-01-01T10:60:00.000Z',
  '2026-01-01T10:00:60.000Z',
  '2026-01-01T10:00:99.999Z',
])('%s is on no calendar', async at => {
  await expect(instantOf(at)).rejects.toThrow(/on no calendar/)
  // Nor where a time of the same minute was read before.
  await instantOf('2026-01-01T10:00:59.999Z')
  await expect(instantOf(at)).rejects.toThrow(/on no calendar/)
})
