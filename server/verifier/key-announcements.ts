import type { RecordedEvent } from '../ledger/recorded-event.ts'
import { base64Of } from '../ledger/strict-base64.ts'
import type { VerifierKey } from '../ledger/verifier-key.ts'
import { DoesNotHold } from './finding.ts'

type Adopted = Extract<RecordedEvent, { type: 'SigningKeyAdopted' }>

/** The keys that the log itself announces, which must be those that the archive names first, in their order. */
export class KeyAnnouncements {
  readonly #adopted: Adopted[] = []

  event(event: RecordedEvent): void {
    if (event.type === 'SigningKeyAdopted') this.#adopted.push(event)
  }

  /** @throws {DoesNotHold} */
  finish(keys: readonly VerifierKey[]): void {
    this.#adopted.forEach(({ payload, position }, index) => {
      const key = keys[index]
      const isSame =
        key?.keyId === payload.keyId &&
        key.name === payload.origin &&
        key.algorithm === payload.algorithm &&
        base64Of(key.publicKey) === payload.publicKey
      if (!isSame) {
        const words = `The log announces the key ${payload.keyId} here, and the archive does not name it in its place.`
        throw new DoesNotHold(words, { path: 'keys.txt', position })
      }
    })
  }
}
