import { type Checkpoint, parseCheckpoint } from '../ledger/checkpoint-text.ts'
import { MalformedNote } from '../ledger/malformed-note.ts'
import { parseNote } from '../ledger/signed-note.ts'
import { rootOfFirst, type TreeHashes } from './check-tiles.ts'
import { DoesNotHold, NotCheckable, type Place } from './finding.ts'
import { type KnownKeys, openNote } from './keys.ts'

/** A checkpoint that a reader kept: where it came from, for the words, and its bytes. */
export interface KeptCheckpoint {
  readonly name: string
  readonly note: Uint8Array
}

/**
 * The log of the archive begins with what each kept checkpoint was signed for. Nothing proves more: whoever rewrote an
 * event since then cannot lead the tree to that root again.
 * @throws {DoesNotHold} where the log was rewritten, or the checkpoint is of another log or forged
 * @throws {NotCheckable} for one that is newer than the archive, and for what is none
 */
export function checkHistory(
  kept: readonly KeptCheckpoint[],
  { tree, origin, keys }: { tree: TreeHashes; origin: string; keys: KnownKeys },
): string {
  const sizes = kept.map(({ name, note }) => {
    const place = { path: name }
    const checkpoint = openCheckpoint(note, keys, place)
    if (checkpoint.origin !== origin) {
      throw new DoesNotHold(
        `This checkpoint is of another log, ${checkpoint.origin}; the archive is of ${origin}.`,
        place,
      )
    }
    if (checkpoint.size > tree.size) {
      throw new NotCheckable(
        `This checkpoint is of ${checkpoint.size} events, the archive’s of ${tree.size}: only a newer export can be held to it. If the archive was made after the checkpoint, events are missing from the log.`,
        place,
      )
    }
    if (!rootOfFirst(tree, checkpoint.size).equals(checkpoint.root)) {
      throw new DoesNotHold(
        `The log was rewritten: its first ${checkpoint.size} events are not those that this checkpoint was signed for.`,
        place,
      )
    }
    return checkpoint.size
  })
  return sizes.length === 0
    ? 'none was given; one that you kept shows that nothing before it was rewritten'
    : `the log goes on from what was signed at ${sizes.join(', ')} events`
}

/** What is no checkpoint says nothing of the archive. */
function openCheckpoint(note: Uint8Array, keys: KnownKeys, place: Place): Checkpoint {
  try {
    parseCheckpoint(parseNote(note).text)
  } catch (error) {
    if (!(error instanceof MalformedNote)) throw error
    throw new NotCheckable(`This is no checkpoint. ${error.message}`, place)
  }
  return parseCheckpoint(openNote(note, keys, place).text)
}
