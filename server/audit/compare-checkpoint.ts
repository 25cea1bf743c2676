import type { Transaction } from '../../db/client.ts'
import { readSignedCheckpoint } from '../ledger/checkpoint-note.ts'
import { type Checkpoint, isSimulated } from '../ledger/checkpoint-text.ts'
import { readLogHead } from '../ledger/checkpoints.ts'
import { type LogKey, readLogKeys } from '../ledger/log-keys.ts'
import { LogTree } from '../ledger/log-tree.ts'
import { verifyConsistency } from '../ledger/merkle.ts'
import { type SignedNote, verifyNote } from '../ledger/signed-note.ts'

/** What became of a checkpoint that a reader kept. */
export type ComparisonVerdict =
  /** The log holds everything that the checkpoint covers, unchanged. */
  | 'holds'
  /** What was pasted is no checkpoint. */
  | 'malformed'
  /** It is of another log. */
  | 'foreign'
  /** None of this log's keys has signed it. */
  | 'unsigned'
  /** A signature of this log's key stands under a text that it does not belong to. */
  | 'altered'
  /** The log holds fewer events than were signed. */
  | 'shortened'
  /** The log holds other events than were signed. */
  | 'rewritten'

export interface Comparison {
  verdict: ComparisonVerdict
  /** One sentence, and what it means. */
  title: string
  explanation: string
  /** Null where it could not be read. */
  kept: { origin: string; size: number; root: string; isSimulated: boolean } | null
  /** The log as it is now. */
  now: { size: number; root: string }
  /** RFC 6962 consistency proof from the kept checkpoint to now, where it holds. */
  hashes: string[]
}

/** Holds a checkpoint that somebody kept, as a signed note, to the log as it is now. */
export async function compareCheckpoint(
  transaction: Transaction,
  organizationId: string,
  note: string,
): Promise<Comparison> {
  const { size } = await readLogHead(transaction, organizationId)
  const tree = new LogTree(transaction, organizationId, size)
  const root = await tree.root()
  const now = { size, root: root.toString('hex') }
  const answer = (verdict: ComparisonVerdict, kept: Checkpoint | null, [title, explanation]: Words) => ({
    verdict,
    title,
    explanation,
    kept: kept && {
      origin: kept.origin,
      size: kept.size,
      root: Buffer.from(kept.root).toString('hex'),
      isSimulated: isSimulated(kept),
    },
    now,
    hashes: [],
  })
  const read = readSignedCheckpoint(asPasted(note))
  if ('problem' in read) return answer('malformed', null, malformed(read.problem))
  const { checkpoint: kept, signed } = read
  const refused = whoSigned(signed, kept, await readLogKeys(transaction, organizationId))
  if (refused) return answer(refused.verdict, kept, refused.words)
  if (kept.size > size) return answer('shortened', kept, shortened(kept.size, size))
  // A log of no events begins every log.
  const proof = kept.size === 0 ? [] : await tree.consistencyProof(kept.size)
  const claim = { firstSize: kept.size, secondSize: size, firstRoot: kept.root, secondRoot: root, proof }
  if (kept.size > 0 && !verifyConsistency(claim)) return answer('rewritten', kept, rewritten(kept.size))
  const hashes = proof.map(hash => hash.toString('hex'))
  return { ...answer('holds', kept, holds(kept.size, size)), hashes }
}

/** Pasting may lose the last line end, and mail programs add carriage returns: neither changes what was signed. */
const asPasted = (note: string) => `${note.replaceAll('\r\n', '\n').trim()}\n`

function whoSigned(
  signed: SignedNote,
  kept: Checkpoint,
  keys: readonly LogKey[],
): { verdict: ComparisonVerdict; words: Words } | null {
  const [first] = keys
  if (kept.origin !== first?.name) return { verdict: 'foreign', words: foreign(kept.origin, first?.name) }
  switch (verifyNote(signed, keys).kind) {
    case 'unknown':
      return { verdict: 'unsigned', words: unsigned }
    case 'forged':
      return { verdict: 'altered', words: altered }
    case 'signed':
      return null
  }
}

type Words = readonly [title: string, explanation: string]

const malformed = (problem: string): Words => [
  'This is no checkpoint',
  `${problem} Paste the whole text, from the line with the log’s name to the line that begins with a dash.`,
]

const foreign = (origin: string, own: string | undefined): Words => [
  'This is a checkpoint of another log',
  own === undefined
    ? `It is of ${origin}. This organization’s log has signed no checkpoint yet.`
    : `It is of ${origin}; this organization’s log is ${own}. Look it up where it came from.`,
]

const unsigned: Words = [
  'No key of this log has signed this',
  'It names this log, but none of the keys that ever signed for it. It proves nothing about the log; ask whoever gave it to you where it came from.',
]

const altered: Words = [
  'This checkpoint was altered',
  'Its signature does not belong to its text. It proves nothing about the log; compare it with another copy.',
]

const shortened = (kept: number, size: number): Words => [
  'The log is shorter than it was',
  `This checkpoint was signed for ${counted(kept)}; the log has ${counted(size)} now. Events that were recorded are gone, as after going back to an older backup. Keep this checkpoint: it is the proof.`,
]

const rewritten = (kept: number): Words => [
  'The log was rewritten',
  `This checkpoint was signed by this log’s key for its first ${counted(kept)}, and these are not the same any more. Keep this checkpoint: it is the proof. Verify the log to see what does not hold.`,
]

const holds = (kept: number, size: number): Words => [
  'The log continues this checkpoint',
  kept === size
    ? `It covers ${counted(kept)}, which is all there is, and every one of them is as it was when it was signed.`
    : `Each of the first ${counted(kept)} is as it was when it was signed; ${counted(size - kept)} came after.`,
]

const counted = (count: number) =>
  `${new Intl.NumberFormat('en-GB').format(count)} ${count === 1 ? 'event' : 'events'}`
