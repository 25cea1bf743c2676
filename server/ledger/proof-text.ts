import { MalformedNote } from './malformed-note.ts'
import { base64Of, bytesOfBase64 } from './strict-base64.ts'

/** One leaf's place in a log, to be checked without the log: C2SP tlog-proof (c2sp.org/tlog-proof). */
export interface ProofText {
  /** The leaf's index in the log. */
  index: number
  /** Inclusion proof in the checkpoint's tree, the leaf's sibling first. */
  proof: readonly Uint8Array[]
  /** The signed note, as it stands. */
  checkpoint: string
}

const firstLine = 'c2sp.org/tlog-proof@v1'

export const formatProofText = ({ index, proof, checkpoint }: ProofText): string =>
  `${[firstLine, `index ${index}`, ...proof.map(base64Of)].map(line => `${line}\n`).join('')}\n${checkpoint}`

/**
 * Reads a proof; what it proves is still to be checked. Extra data is refused: this log's proofs carry none.
 * @throws {MalformedNote} saying what is wrong
 */
export function parseProofText(text: string): ProofText {
  const end = text.indexOf('\n\n')
  if (end === -1) throw new MalformedNote('The proof has no checkpoint.')
  const [first, indexLine, ...hashes] = text.slice(0, end).split('\n')
  if (first !== firstLine) throw new MalformedNote(`A proof begins with the line ${firstLine}.`)
  const [, digits] = /^index (0|[1-9][0-9]*)$/.exec(indexLine ?? '') ?? []
  const index = Number(digits)
  if (!Number.isSafeInteger(index)) throw new MalformedNote('The proof’s second line names no leaf.')
  const proof = hashes.map(line => {
    const bytes = bytesOfBase64(line)
    if (bytes?.length !== 32) throw new MalformedNote('A line of the proof is no hash.')
    return bytes
  })
  return { index, proof, checkpoint: text.slice(end + 2) }
}
