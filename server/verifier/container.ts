import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import {
  type ArchiveEntry,
  archiveEntryLimit,
  centralDirectory,
  localHeader,
  localHeaderSize,
} from '../export/archive-format.ts'
import type { ByteSource } from './byte-source.ts'
import { readDirectory } from './container-directory.ts'
import { DoesNotHold, NotCheckable } from './finding.ts'
import { isBefore, rowOf } from './layout.ts'

/** A file of the archive, of which every byte has been read once. */
export interface ContainedFile extends ArchiveEntry {
  readonly sha256: string
}

const chunkSize = 1024 * 1024

/** An archive whose container is the canonical one for its names and contents. */
export class Container {
  readonly #source: ByteSource
  readonly #byPath: ReadonlyMap<string, ContainedFile>
  readonly files: readonly ContainedFile[]

  constructor(source: ByteSource, files: readonly ContainedFile[]) {
    this.#source = source
    this.files = files
    this.#byPath = new Map(files.map(file => [file.path, file]))
  }

  get size(): number {
    return this.#source.size
  }

  find(path: string): ContainedFile | null {
    return this.#byPath.get(path) ?? null
  }

  /** A whole file. @throws {DoesNotHold} where there is none, or one of more than `limit` bytes */
  read(path: string, limit: number): Buffer {
    const file = this.get(path)
    if (file.size > limit)
      throw new DoesNotHold(`The file has ${file.size} bytes, far more than it can need.`, { path })
    return this.#source.read(contentOf(file), file.size)
  }

  /** A stretch of a file by pieces. @throws {DoesNotHold} where there is no such file */
  *pieces(path: string, from: number, to: number): Generator<Buffer> {
    const start = contentOf(this.get(path))
    for (let at = from; at < to; at += chunkSize) {
      yield this.#source.read(start + at, Math.min(chunkSize, to - at))
    }
  }

  /** @throws {DoesNotHold} where there is no such file */
  get(path: string): ContainedFile {
    const file = this.find(path)
    if (!file) throw new DoesNotHold('The archive has no such file.', { path })
    return file
  }
}

/**
 * Opens an archive. From the names and contents the one canonical container is built, and every byte that is another is
 * refused: no gap, no comment, no extra field, nothing before, between or after.
 * @throws {DoesNotHold} saying what is not canonical
 * @throws {NotCheckable} for bytes that are no archive, or not a whole one
 */
export function openContainer(source: ByteSource): Container {
  const { entries, directory } = readDirectory(source)
  requireOrder(entries)
  let offset = 0
  const files: ContainedFile[] = []
  for (const entry of entries) {
    const { path } = entry
    if (entry.offset !== offset)
      throw new DoesNotHold('The file does not begin where the one before ends.', { path })
    const expected = localHeader(entry)
    if (!source.read(offset, expected.length).equals(expected)) {
      throw new DoesNotHold('What stands before the file’s content is not the header that it must have.', {
        path,
      })
    }
    files.push({ ...entry, sha256: readContent(source, entry) })
    offset += expected.length + entry.size
  }
  if (offset !== directory.offset) {
    throw new DoesNotHold('There are bytes between the last file and the archive’s directory.')
  }
  if (!source.read(offset, source.size - offset).equals(centralDirectory(entries))) {
    throw new DoesNotHold('The archive’s directory is not the one that its files lead to.')
  }
  return new Container(source, files)
}

function requireOrder(entries: readonly ArchiveEntry[]): void {
  if (entries.length >= archiveEntryLimit)
    throw new DoesNotHold('The archive has more files than its format allows.')
  entries.forEach(({ path }, index) => {
    if (rowOf(path) < 0) throw new DoesNotHold('The format knows no such file.', { path })
    const before = entries[index - 1]
    if (before?.path === path) throw new DoesNotHold('The archive has this file twice.', { path })
    if (before && !isBefore(before.path, path)) {
      throw new DoesNotHold(`The file stands after ${before.path} and belongs before it.`, { path })
    }
  })
}

/** SHA-256 of a file’s content, which must have the checksum in its header. */
function readContent(source: ByteSource, entry: ArchiveEntry): string {
  const start = contentOf(entry)
  if (start + entry.size > source.size) throw new NotCheckable('The file was cut off.', { path: entry.path })
  const hash = createHash('sha256')
  let checksum = 0
  for (let at = 0; at < entry.size; at += chunkSize) {
    const bytes = source.read(start + at, Math.min(chunkSize, entry.size - at))
    hash.update(bytes)
    checksum = crc32(bytes, checksum)
  }
  if (checksum !== entry.crc32) {
    throw new DoesNotHold('The content is not the one that its checksum was made of.', { path: entry.path })
  }
  return hash.digest('hex')
}

const contentOf = (entry: ArchiveEntry): number => entry.offset + localHeaderSize(entry.path)
