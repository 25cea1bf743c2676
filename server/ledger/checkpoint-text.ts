import { MalformedNote } from './malformed-note.ts'
import { base64Of, bytesOfBase64 } from './strict-base64.ts'

/** How large a log was and which root it had: the text of a C2SP tlog-checkpoint (c2sp.org/tlog-checkpoint). */
export interface Checkpoint {
  /** Which log this is; also the name of the keys that sign for it. */
  origin: string
  /** Leaves of the tree. */
  size: number
  /** RFC 6962 root hash: 32 bytes. */
  root: Uint8Array
  extensions: readonly string[]
}

/** On every checkpoint of an organization whose history is played on a moved clock. */
export const simulatedExtension = 'simulated'

export const isSimulated = ({ extensions }: Pick<Checkpoint, 'extensions'>): boolean =>
  extensions.includes(simulatedExtension)

/**
 * Reads the text of a checkpoint's note, which somebody has verified or will.
 * @throws {MalformedNote} saying what is wrong
 */
export function parseCheckpoint(text: string): Checkpoint {
  if (!text.endsWith('\n')) throw new MalformedNote('The checkpoint’s last line has no line end.')
  const [origin, size, root, ...extensions] = text.slice(0, -1).split('\n')
  if (!origin || size === undefined || root === undefined) {
    throw new MalformedNote('A checkpoint has an origin, a size and a root, each on a line of its own.')
  }
  if (!/^(0|[1-9][0-9]*)$/.test(size) || !Number.isSafeInteger(Number(size))) {
    throw new MalformedNote('The checkpoint’s second line is no size of a log.')
  }
  const bytes = bytesOfBase64(root)
  if (bytes?.length !== 32) throw new MalformedNote('The checkpoint’s third line is no root hash.')
  if (extensions.includes('')) throw new MalformedNote('The checkpoint has an empty line.')
  return { origin, size: Number(size), root: bytes, extensions }
}

/** @throws {MalformedNote} for what {@link parseCheckpoint} would not give back */
export function formatCheckpoint({ origin, size, root, extensions }: Checkpoint): string {
  const text = [origin, size, base64Of(root), ...extensions].map(line => `${line}\n`).join('')
  const read = parseCheckpoint(text)
  if (read.origin !== origin || read.extensions.length !== extensions.length) {
    throw new MalformedNote('The origin or an extension holds a line end.')
  }
  return text
}
