import { MalformedNote } from '../ledger/malformed-note.ts'
import { parseNote, verifyNote } from '../ledger/signed-note.ts'
import {
  formatVerifierKey,
  parseVerifierKey,
  publicKeyPem,
  type VerifierKey,
} from '../ledger/verifier-key.ts'
import type { Container } from './container.ts'
import { DoesNotHold, type Place } from './finding.ts'

/** The keys that signatures are held to, and who named them: the reader, or nobody but the archive itself. */
export interface KnownKeys {
  readonly keys: readonly VerifierKey[]
  readonly givenBy: 'reader' | 'archive'
}

const mostBytes = 100_000

/**
 * Verifier keys, one a line.
 * @throws {MalformedNote} saying what is wrong
 */
export function parseKeys(text: string): VerifierKey[] {
  const lines = text.split('\n').map(line => line.trim())
  return lines.filter(line => line !== '').map(parseVerifierKey)
}

/** The keys that the archive names, each also as PEM beside it. @throws {DoesNotHold} */
export function readKeys(container: Container): VerifierKey[] {
  const path = 'keys.txt'
  const text = container.read(path, mostBytes).toString('latin1')
  const keys = malformedAsFinding({ path }, () => parseKeys(text))
  if (keys.length === 0) throw new DoesNotHold('The archive names no key.', { path })
  if (keys.map(key => `${formatVerifierKey(key)}\n`).join('') !== text) {
    throw new DoesNotHold('The keys are not written one a line.', { path })
  }
  for (const key of keys) {
    const pem = `keys/${key.keyId}.pem`
    if (container.read(pem, mostBytes).toString('latin1') !== publicKeyPem(key)) {
      throw new DoesNotHold('The file is not the key of its name.', { path: pem })
    }
  }
  return keys
}

/**
 * The text of a note that one of the keys signed, and which one.
 * @throws {DoesNotHold} where none did, or where a signature is forged
 */
export function openNote(note: Uint8Array, { keys, givenBy }: KnownKeys, place: Place): SignedText {
  return malformedAsFinding(place, () => {
    const parsed = parseNote(note)
    const verdict = verifyNote(parsed, keys)
    const [signature] = parsed.signatures
    switch (verdict.kind) {
      case 'forged':
        throw new DoesNotHold(`The signature by ${nameOf(verdict.key)} does not belong to this text.`, place)
      case 'unknown': {
        const whose = givenBy === 'reader' ? 'the key that was given' : 'a key that the archive names'
        const signer = signature ? `${signature.keyName}+${signature.keyId}` : 'nobody'
        throw new DoesNotHold(`It is signed by ${signer}, which is not ${whose}.`, place)
      }
      case 'signed': {
        const [key] = verdict.keys
        if (!key) throw new DoesNotHold('It is signed by nobody.', place)
        return { text: parsed.text, key }
      }
    }
  })
}

export interface SignedText {
  readonly text: string
  readonly key: VerifierKey
}

export const nameOf = ({ name, keyId }: VerifierKey): string => `${name}+${keyId}`

/** What a reader of notes, keys or checkpoints refuses is a finding about the archive. */
export function malformedAsFinding<T>(place: Place, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw error instanceof MalformedNote ? new DoesNotHold(error.message, place) : error
  }
}
