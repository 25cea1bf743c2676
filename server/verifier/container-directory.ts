import { type ArchiveEntry, archiveEntryLimit } from '../export/archive-format.ts'
import type { ByteSource } from './byte-source.ts'
import { DoesNotHold, NotCheckable } from './finding.ts'

const endRecordLength = 22
const centralHeaderLength = 46
const endSignature = Buffer.from('504b0506', 'hex')
const headerSignature = 0x02014b50
/** A ZIP comment is at most this long: so far before the end its end record could be. */
const longestComment = 0xffff
/** No file of an archive is called by more. */
const longestPath = 200

const mostDirectoryBytes = archiveEntryLimit * (centralHeaderLength + longestPath)
/** No export is without this file. */
const everywhere = 'manifest.json'
const foreign =
  'This is an archive, but not of an export: it has no manifest. Choose the file as it was downloaded.'

export interface Directory {
  readonly entries: readonly ArchiveEntry[]
  readonly directory: { readonly offset: number; readonly size: number }
}

/**
 * Reads names, sizes, checksums and offsets from the end of an archive. What it says is believed of nothing yet: who calls
 * builds the one container that it may stand in and compares every byte.
 * @throws {DoesNotHold | NotCheckable}
 */
export function readDirectory(source: ByteSource): Directory {
  const end = readEnd(source)
  const count = end.readUInt16LE(10)
  const directory = { size: end.readUInt32LE(12), offset: end.readUInt32LE(16) }
  if (directory.offset + directory.size + endRecordLength !== source.size) {
    throw new DoesNotHold(
      'The archive’s end record does not fit the file: bytes were added, removed or altered.',
    )
  }
  if (directory.size > mostDirectoryBytes) {
    throw new NotCheckable('The archive’s directory is larger than that of any export: this is none.')
  }
  const bytes = source.read(directory.offset, directory.size)
  // Of a foreign archive it would be idle to say in what its form differs.
  if (!bytes.includes(everywhere)) throw new NotCheckable(foreign)
  const entries: ArchiveEntry[] = []
  let at = 0
  while (at < bytes.length) {
    const entry = readHeader(bytes, at)
    at += centralHeaderLength + entry.path.length
    entries.push(entry)
  }
  if (entries.length !== count) {
    throw new DoesNotHold(
      `The archive’s end record counts ${count} files, its directory has ${entries.length}.`,
    )
  }
  return { entries, directory }
}

function readEnd(source: ByteSource): Buffer {
  if (source.size < endRecordLength)
    throw new NotCheckable('The file is too short to be an archive: download it again.')
  const tail = Math.min(source.size, endRecordLength + longestComment)
  const bytes = source.read(source.size - tail, tail)
  const end = bytes.subarray(bytes.length - endRecordLength)
  if (end.subarray(0, 4).equals(endSignature)) return end
  const found = bytes.lastIndexOf(endSignature)
  if (found >= 0 && found + endRecordLength < bytes.length) {
    throw new DoesNotHold('There are bytes after the archive’s end record.')
  }
  throw new NotCheckable(
    'The file does not end as an archive does: it was cut off, or it is no export. Download it again.',
  )
}

function readHeader(bytes: Buffer, at: number): ArchiveEntry {
  if (at + centralHeaderLength > bytes.length || bytes.readUInt32LE(at) !== headerSignature) {
    throw new DoesNotHold('The archive’s directory holds something that is no entry.')
  }
  const length = bytes.readUInt16LE(at + 28)
  const path = bytes.toString('latin1', at + centralHeaderLength, at + centralHeaderLength + length)
  if (path.length !== length || length > longestPath || !/^[\x21-\x7e]+$/.test(path)) {
    throw new DoesNotHold('The archive’s directory names a file in a way that no export does.')
  }
  return {
    path,
    crc32: bytes.readUInt32LE(at + 16),
    size: bytes.readUInt32LE(at + 24),
    offset: bytes.readUInt32LE(at + 42),
  }
}
