import { parseNote } from '../ledger/signed-note.ts'
import type { Container } from './container.ts'
import { DoesNotHold } from './finding.ts'
import { type KnownKeys, openNote, type SignedText } from './keys.ts'
import { type Manifest, parseManifest } from './manifest.ts'

const path = 'manifest.note'
const mostNoteBytes = 100_000
/** 65,535 files of 200 bytes each and more. */
const mostManifestBytes = 32 * 1024 * 1024

/** The manifest’s signature by a known key, without a word of the manifest itself believed. @throws {DoesNotHold} */
export function openManifestNote(container: Container, keys: KnownKeys): SignedText {
  const note = container.read(path, mostNoteBytes)
  const signed = openNote(note, keys, { path })
  // A further one, by a key that nobody knows, would be bound by nothing.
  if (parseNote(note).signatures.length > 1) {
    throw new DoesNotHold('More than one key has signed the manifest.', { path })
  }
  return signed
}

/**
 * Reads the manifest once its hash is the signed one.
 * @throws {DoesNotHold} where the note is of another manifest, or of another log’s
 * @throws {NotCheckable} for another format or version
 */
export function checkManifest(container: Container, { text, key }: SignedText): Manifest {
  const [subject, hash, size, ...rest] = text.split('\n')
  if (rest.join('') !== '' || rest.length !== 1) {
    throw new DoesNotHold('The signed text has not the three lines of a manifest’s.', { path })
  }
  if (subject !== `${key.name}/export`) {
    throw new DoesNotHold('The signed text is of something else than an export of this log.', { path })
  }
  const { sha256 } = container.get('manifest.json')
  if (hash !== Buffer.from(sha256, 'hex').toString('base64')) {
    throw new DoesNotHold('The manifest is not the one that was signed.', { path: 'manifest.json' })
  }
  const manifest = readManifest(container)
  if (manifest.origin !== key.name) {
    throw new DoesNotHold(`The manifest is of the log ${manifest.origin}, signed by ${key.name}.`, {
      path: 'manifest.json',
    })
  }
  if (size !== String(manifest.checkpoint.size)) {
    throw new DoesNotHold('The size that was signed is not the manifest’s.', { path })
  }
  return manifest
}

/** Reads the manifest as it stands, whoever made it. @throws {DoesNotHold | NotCheckable} */
export const readManifest = (container: Container): Manifest =>
  parseManifest(container.read('manifest.json', mostManifestBytes).toString('utf8'))
