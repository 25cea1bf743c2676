import { canonicalText, sha256Hex } from '../ledger/canonical.ts'
import type { RecordedEvent } from '../ledger/recorded-event.ts'
import { DoesNotHold, type Place } from './finding.ts'

export type AttachedEvent = Extract<RecordedEvent, { type: 'EvidenceAttached' }>

/**
 * An evidence row says what its event says: nothing of it is believed that the event does not bind.
 * @throws {DoesNotHold} naming the field
 */
export function checkRow(row: Readonly<Record<string, unknown>>, event: AttachedEvent, place: Place): void {
  const { payload } = event
  const expected: Record<string, unknown> = {
    collectedFrom: payload.collectedFrom,
    collectedTo: payload.collectedTo,
    connectionId: payload.connectionId,
    fingerprint: payload.fingerprint,
    id: payload.evidenceId,
    itemCount: payload.itemCount,
    kind: payload.kind,
    mode: payload.mode,
    position: event.position,
    provenance: row.provenance,
    runId: payload.runId,
    sourceId: payload.sourceId,
    summary: payload.summary,
    windowFrom: payload.window?.from ?? null,
    windowTo: payload.window?.to ?? null,
  }
  const where = { ...place, position: event.position }
  for (const name of new Set([...Object.keys(expected), ...Object.keys(row)])) {
    if (textOf(row[name]) !== textOf(expected[name])) {
      throw new DoesNotHold(`The evidence row’s ${name} is not what its event says.`, where)
    }
  }
  if (sha256Hex(textOf(row.provenance)) !== payload.provenanceSha256) {
    throw new DoesNotHold('The evidence row’s provenance is not the one whose hash its event has.', where)
  }
}

const textOf = (value: unknown) => (value === undefined ? '' : canonicalText(value))
