import { type Checkpoint, parseCheckpoint } from './checkpoint-text.ts'
import { MalformedNote } from './malformed-note.ts'
import { parseNote, type SignedNote, verifyNote } from './signed-note.ts'
import type { VerifierKey } from './verifier-key.ts'

/** Reads a signed checkpoint; what is no such thing is answered with the reason, as a sentence. */
export function readSignedCheckpoint(
  note: string,
): { checkpoint: Checkpoint; signed: SignedNote } | { problem: string } {
  try {
    const signed = parseNote(note)
    return { signed, checkpoint: parseCheckpoint(signed.text) }
  } catch (error) {
    if (error instanceof MalformedNote) return { problem: error.message }
    throw error
  }
}

/** Whether a note is a checkpoint of this size and root, signed by one of these keys for the log that they are of. */
export function isSignedFor(
  note: string,
  keys: readonly VerifierKey[],
  { size, root }: { size: number; root: Uint8Array },
): boolean {
  const read = readSignedCheckpoint(note)
  if ('problem' in read) return false
  const { checkpoint, signed } = read
  return (
    verifyNote(signed, keys).kind === 'signed' &&
    keys.some(key => key.name === checkpoint.origin) &&
    checkpoint.size === size &&
    Buffer.compare(checkpoint.root, root) === 0
  )
}
