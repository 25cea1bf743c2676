import type { EventPayload } from '../domain/events.ts'
import type { LogKey } from '../ledger/log-keys.ts'
import { base64Of } from '../ledger/strict-base64.ts'
import { verifierKey } from '../ledger/verifier-key.ts'
import type { Findings } from './findings.ts'

/** Holds the keys of the log to the events that announced them, each way, and all to one origin. */
export function checkKeys(
  findings: Findings,
  {
    keys,
    adopted,
    size,
  }: {
    keys: readonly LogKey[]
    adopted: ReadonlyMap<number, EventPayload<'SigningKeyAdopted'>>
    size: number
  },
): void {
  const announced = new Map(adopted)
  for (const key of keys.filter(({ position }) => position < size)) {
    const event = announced.get(key.position)
    announced.delete(key.position)
    const name = `The key ${key.keyId}`
    if (!event) {
      findings.note('surplus', `No event announced the key ${key.keyId}.`)
      continue
    }
    const isSame = findings.check(
      'keys',
      name,
      key.position,
      () =>
        event.keyId === key.keyId &&
        event.origin === key.name &&
        event.algorithm === key.algorithm &&
        event.publicKey === base64Of(key.publicKey) &&
        verifierKey(key).keyId === key.keyId &&
        key.name === keys[0]?.name,
    )
    if (!isSame) {
      findings.note(
        'keys',
        `${name} is not the one that the event at position ${key.position} announced.`,
        key.position,
      )
    }
  }
  for (const [position, { keyId }] of announced) {
    findings.note(
      'keys',
      `The key ${keyId}, which the event at position ${position} announced, is missing.`,
      position,
    )
  }
}
