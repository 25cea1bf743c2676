import { MalformedNote } from './malformed-note.ts'
import { base64Of, bytesOfBase64 } from './strict-base64.ts'
import { checkSignature, isKeyName, type VerifierKey } from './verifier-key.ts'

/** A text with the signatures under it: C2SP signed-note (c2sp.org/signed-note). */
export interface SignedNote {
  /** With its final line end: exactly what was signed. */
  text: string
  signatures: readonly NoteSignature[]
}

export interface NoteSignature {
  keyName: string
  /** The first four bytes of the key's hash, in lower-case hexadecimal. */
  keyId: string
  signature: Uint8Array
}

/** Far above what any note here needs, far below what would cost anything. */
const mostBytes = 1_000_000
const mostSignatures = 100
const signaturePrefix = '\u2014 '

/**
 * Reads a signed note, strictly: valid UTF-8 without control characters other than line ends, complete signature lines in
 * one form of Base 64, no key twice. Nothing is verified by it.
 * @throws {MalformedNote} saying what is wrong
 */
export function parseNote(note: string | Uint8Array): SignedNote {
  const content = textOf(note)
  const end = content.lastIndexOf('\n\n')
  if (end === -1) throw new MalformedNote('There is no empty line before the signatures.')
  if (!content.endsWith('\n')) throw new MalformedNote('The last line has no line end.')
  const lines = content.slice(end + 2, -1).split('\n')
  if (lines.length > mostSignatures) throw new MalformedNote('There are more than 100 signatures.')
  const signatures = lines.map(parseSignature)
  const keys = new Set(signatures.map(({ keyName, keyId }) => `${keyName}+${keyId}`))
  if (keys.size < signatures.length) throw new MalformedNote('The same key has signed twice.')
  return { text: content.slice(0, end + 1), signatures }
}

/** @throws {MalformedNote} for a text or a signature that {@link parseNote} would not give back */
export function formatNote({ text, signatures }: SignedNote): string {
  const lines = signatures.map(
    ({ keyName, keyId, signature }) =>
      `${signaturePrefix}${keyName} ${base64Of(Buffer.concat([Buffer.from(keyId, 'hex'), signature]))}\n`,
  )
  const note = `${text}\n${lines.join('')}`
  const read = parseNote(note)
  if (read.text !== text || read.signatures.length !== signatures.length) {
    throw new MalformedNote('The text or a signature does not fit into a note.')
  }
  return note
}

/** What a note's signatures are worth to somebody who knows some keys. */
export type NoteVerdict =
  | { kind: 'signed'; keys: readonly VerifierKey[] }
  /** Nobody who is known has signed. */
  | { kind: 'unknown' }
  /** A signature by a known key does not belong to this text. */
  | { kind: 'forged'; key: VerifierKey }

/**
 * Holds a note to known keys. Signatures of unknown keys count for nothing; one that fails under a known key condemns the
 * whole note.
 */
export function verifyNote({ text, signatures }: SignedNote, known: readonly VerifierKey[]): NoteVerdict {
  const message = Buffer.from(text)
  const keys: VerifierKey[] = []
  for (const { keyName, keyId, signature } of signatures) {
    for (const key of known.filter(candidate => candidate.name === keyName && candidate.keyId === keyId)) {
      if (!checkSignature(key, message, signature)) return { kind: 'forged', key }
      keys.push(key)
    }
  }
  return keys.length > 0 ? { kind: 'signed', keys } : { kind: 'unknown' }
}

function textOf(note: string | Uint8Array): string {
  if (note.length > mostBytes) throw new MalformedNote('It is larger than any note of this kind.')
  const content = typeof note === 'string' ? note : decoded(note)
  if (/\p{Surrogate}/u.test(content)) throw new MalformedNote('It is not valid UTF-8.')
  if (hasControlCharacters(content)) throw new MalformedNote('It holds control characters.')
  return content
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new MalformedNote('It is not valid UTF-8.')
  }
}

function hasControlCharacters(content: string): boolean {
  for (let index = 0; index < content.length; index++) {
    const unit = content.charCodeAt(index)
    if (unit < 0x20 && unit !== 0x0a) return true
  }
  return false
}

function parseSignature(line: string): NoteSignature {
  const [keyName, base64, ...rest] = line.startsWith(signaturePrefix)
    ? line.slice(signaturePrefix.length).split(' ')
    : []
  if (keyName === undefined || base64 === undefined || rest.length > 0 || !isKeyName(keyName)) {
    throw new MalformedNote('A line under the text is no signature.')
  }
  const bytes = bytesOfBase64(base64)
  if (!bytes || bytes.length <= 4) throw new MalformedNote('A signature is no valid Base 64, or too short.')
  return { keyName, keyId: bytes.subarray(0, 4).toString('hex'), signature: bytes.subarray(4) }
}
