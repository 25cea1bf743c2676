import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cloudEventText } from '../../server/export/cloud-event.ts'
import { canonicalText } from '../../server/ledger/canonical.ts'
import { envelopeText } from '../../server/ledger/envelope.ts'

/** Texts are any that canonical JSON has a form for. */
const text = fc.string({ unit: 'grapheme' })
const count = fc.nat()
const recordedAt = fc.date({
  min: new Date(0),
  max: new Date('9999-12-31T23:59:59.999Z'),
  noInvalidDate: true,
})
const event = fc.record({
  actor: text,
  recordedAt,
  eventId: text,
  organizationId: text,
  payloadSha256: text,
  schemaVersion: count,
  position: count,
  streamId: text,
  type: text,
  streamVersion: count,
  streamType: text,
  payload: fc.json().map(json => canonicalText(JSON.parse(json))),
})

test('a leaf written by hand is the canonical JSON of what it holds', () => {
  fc.assert(
    fc.property(event, each => {
      const leaf = {
        actor: each.actor,
        at: each.recordedAt.toISOString(),
        event: each.eventId,
        org: each.organizationId,
        payloadSha256: each.payloadSha256,
        schema: each.schemaVersion,
        seq: each.position,
        stream: each.streamId,
        type: each.type,
        version: each.streamVersion,
      }
      expect(envelopeText(each)).toBe(canonicalText(leaf))
    }),
  )
})

test('an event’s line is canonical JSON, with the payload as it stands', () => {
  fc.assert(
    fc.property(event, text, (each, origin) => {
      const line = cloudEventText(each, origin)
      expect(line).toBe(canonicalText(JSON.parse(line)))
      expect(line).toContain(`,"data":${each.payload},"datacontenttype":"application/json",`)
    }),
  )
})
