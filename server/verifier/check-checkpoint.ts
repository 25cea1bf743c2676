import { type Checkpoint, isSimulated, parseCheckpoint } from '../ledger/checkpoint-text.ts'
import type { Container } from './container.ts'
import { DoesNotHold } from './finding.ts'
import { type KnownKeys, malformedAsFinding, openNote } from './keys.ts'
import type { Manifest } from './manifest.ts'

const path = 'checkpoint'
const mostBytes = 100_000

/** The checkpoint is signed by a known key, and of the log and the size and root that the manifest names. @throws {DoesNotHold} */
export function checkCheckpoint(container: Container, keys: KnownKeys, manifest: Manifest): Checkpoint {
  const { text, key } = openNote(container.read(path, mostBytes), keys, { path })
  const checkpoint = malformedAsFinding({ path }, () => parseCheckpoint(text))
  const { origin, size, root } = checkpoint
  if (origin !== key.name || origin !== manifest.origin) {
    throw new DoesNotHold(`The checkpoint is of the log ${origin}, the archive of ${manifest.origin}.`, {
      path,
    })
  }
  if (size !== manifest.checkpoint.size || Buffer.from(root).toString('hex') !== manifest.checkpoint.root) {
    throw new DoesNotHold('The checkpoint has another size or root than the manifest names.', { path })
  }
  if (isSimulated(checkpoint) !== manifest.simulated) {
    throw new DoesNotHold('The checkpoint and the manifest differ in whether the history is simulated.', {
      path,
    })
  }
  if (size <= manifest.asOf.position) {
    throw new DoesNotHold(`The log had ${size} events, fewer than the archive claims to cover.`, { path })
  }
  return checkpoint
}
