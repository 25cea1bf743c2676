import type { Cadence } from '../domain/subscription/cadence.ts'
import type { Mail } from '../mail.ts'
import { productName } from '../product.ts'

/** What goes out with a checkpoint, whatever carries it. */
export interface CheckpointMessage {
  organizationId: string
  slug: string
  organizationName: string
  /** Events that the checkpoint covers. */
  size: number
  /** RFC 6962 root hash in base64, as it stands in the note. */
  root: string
  /** The signed note. */
  note: string
  signedAt: Date
  /** C2SP verifier keys of the log, the newest last. */
  keys: readonly string[]
  /** What this receiver got before, with the hashes (base64) that prove that this one continues it; null for the first. */
  previous: { size: number; proof: readonly string[] } | null
}

/** The body that a webhook gets: JSON. */
export const checkpointBody = (message: CheckpointMessage): string => {
  const { organizationId, slug, size, root, note, signedAt, keys, previous } = message
  return JSON.stringify({
    type: 'checkpoint.signed',
    timestamp: signedAt.toISOString(),
    data: { organization: { id: organizationId, slug }, size, root, checkpoint: note, keys, previous },
  })
}

/** The mail that a member gets; the checkpoint is attached, to be kept as it is. */
export function checkpointMail(
  message: CheckpointMessage,
  { to, cadence, auditUrl }: { to: string; cadence: Cadence; auditUrl: string },
): Mail {
  const { organizationName, size, note, keys } = message
  return {
    to,
    subject: `Checkpoint of ${organizationName}: ${number(size)} events`,
    text: [
      `The log of ${organizationName} on ${productName} holds ${number(size)} events. The signed checkpoint is attached.`,
      'Keep it where nobody at the organization or at the operator can change it. With it, anybody can tell later whether one of these events was changed, taken out or put in: on the page below, or offline with an export.',
      note.trimEnd(),
      `The key that it is signed by:\n${keys.at(-1) ?? ''}`,
      `You get this ${cadence === 'daily' ? 'once a day' : 'once an hour'} when there is something new, because you subscribed to it. End it here:`,
      auditUrl,
    ].join('\n\n'),
    attachments: [{ filename: `checkpoint-${size}.txt`, content: note }],
  }
}

const number = (value: number) => new Intl.NumberFormat('en-GB').format(value)
