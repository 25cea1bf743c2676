import type { z } from 'zod'
import { DomainRefusal } from '../refusal.ts'
import type { signingKeyAdopted } from './events.ts'

export type SigningKey = z.infer<typeof signingKeyAdopted>

interface SigningKeyEvent {
  type: 'SigningKeyAdopted'
  payload: SigningKey
}

/** The keys that have signed for a log, in the order of their adoption. */
export type SigningKeys = readonly SigningKey[]

/**
 * Adopts a key; one that signed before is used again without a word.
 * @throws {DomainRefusal} for another origin than the first key's: checkpoints that readers keep name it
 */
export function adoptSigningKey(key: SigningKey, known: SigningKeys): SigningKeyEvent[] {
  const [first] = known
  if (first && first.origin !== key.origin) {
    throw new DomainRefusal('other_origin', 'The origin of a log is fixed with its first key.')
  }
  return known.some(({ keyId }) => keyId === key.keyId) ? [] : [{ type: 'SigningKeyAdopted', payload: key }]
}
