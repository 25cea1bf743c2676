import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { ArchiveFile } from './archive-file.ts'
import {
  type ArchiveEntry,
  archiveByteLimit,
  archiveEntryLimit,
  centralDirectory,
  centralDirectorySize,
  localHeader,
  localHeaderSize,
} from './archive-format.ts'
import { ExportRefused } from './export-refused.ts'

/** A piece of an archive and its place: archives are read in the order of file, then chunk. */
export interface ArchiveChunk {
  readonly file: number
  readonly chunk: number
  readonly bytes: Buffer
}

/** A file as the manifest lists it. */
export interface WrittenFile {
  readonly path: string
  readonly sha256: string
  readonly size: number
}

/**
 * Writes an archive piece by piece. A file's header holds its checksum and stands before it, so that it is written after
 * it, into the place that was kept: chunk 0 of the file.
 */
export class ArchiveWriter {
  readonly #store: (chunks: readonly ArchiveChunk[]) => Promise<void>
  readonly #entries: ArchiveEntry[] = []
  readonly #files: WrittenFile[] = []
  #pending: ArchiveChunk[] = []
  #pendingBytes = 0
  #offset = 0

  constructor(store: (chunks: readonly ArchiveChunk[]) => Promise<void>) {
    this.#store = store
  }

  /** Every file so far, in order. */
  get files(): readonly WrittenFile[] {
    return this.#files
  }

  /** @throws {ExportRefused} when the archive would outgrow its format */
  async add({ path, content }: ArchiveFile): Promise<WrittenFile> {
    const file = this.#entries.length
    if (file + 1 >= archiveEntryLimit) throw tooLarge()
    const hash = createHash('sha256')
    let checksum = 0
    let size = 0
    let chunk = 1
    for await (const bytes of inChunks(content)) {
      hash.update(bytes)
      checksum = crc32(bytes, checksum)
      size += bytes.length
      if (this.#offset + localHeaderSize(path) + size >= archiveByteLimit) throw tooLarge()
      await this.#put({ file, chunk: chunk++, bytes })
    }
    const entry = { path, size, crc32: checksum, offset: this.#offset }
    const header = localHeader(entry)
    await this.#put({ file, chunk: 0, bytes: header })
    this.#offset += header.length + size
    this.#entries.push(entry)
    const written = { path, sha256: hash.digest('hex'), size }
    this.#files.push(written)
    return written
  }

  /** Writes what stands after the last file. */
  async finish(): Promise<void> {
    if (this.#offset + centralDirectorySize(this.#entries.map(entry => entry.path)) >= archiveByteLimit) {
      throw tooLarge()
    }
    await this.#put({ file: this.#entries.length, chunk: 0, bytes: centralDirectory(this.#entries) })
    await this.#flush()
  }

  async #put(chunk: ArchiveChunk): Promise<void> {
    this.#pending.push(chunk)
    this.#pendingBytes += chunk.bytes.length
    if (this.#pendingBytes >= bytesPerWrite || this.#pending.length >= chunksPerWrite) await this.#flush()
  }

  async #flush(): Promise<void> {
    if (this.#pending.length === 0) return
    await this.#store(this.#pending)
    this.#pending = []
    this.#pendingBytes = 0
  }
}

const bytesPerChunk = 512 * 1024
const bytesPerWrite = 1024 * 1024
const chunksPerWrite = 256

/** Cuts and joins what comes, so that each chunk is worth a row and none is large. */
async function* inChunks(content: ArchiveFile['content']): AsyncGenerator<Buffer> {
  const pieces = typeof content === 'string' || content instanceof Uint8Array ? [content] : content
  let held: Buffer[] = []
  let size = 0
  for await (const piece of pieces) {
    const bytes = Buffer.from(piece)
    for (let at = 0; at < bytes.length; ) {
      const part = bytes.subarray(at, at + bytesPerChunk - size)
      held.push(part)
      size += part.length
      at += part.length
      if (size < bytesPerChunk) continue
      yield Buffer.concat(held)
      held = []
      size = 0
    }
  }
  if (size > 0) yield Buffer.concat(held)
}

const tooLarge = () =>
  new ExportRefused(
    'too_large',
    'The archive would be larger than its format allows: 4 GiB, or 65,535 files. Export a shorter period.',
  )
