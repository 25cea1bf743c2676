/**
 * The one canonical form of an archive's container: a ZIP file (PKWARE APPNOTE 6.3) that stores its entries. For given
 * names and contents there is exactly one sequence of bytes: who writes and who verifies build it with these functions.
 */

/** An entry as its headers tell it. Sizes and offsets in bytes; the path is ASCII. */
export interface ArchiveEntry {
  readonly path: string
  readonly size: number
  readonly crc32: number
  /** Where its local header begins. */
  readonly offset: number
}

/** An archive is smaller than this: the fields of the classic format have no room for more. */
export const archiveByteLimit = 0xffff_ffff
/** An archive has fewer entries than this. */
export const archiveEntryLimit = 0xffff

/** What stands before an entry's content. */
export function localHeader({ path, size, crc32 }: Omit<ArchiveEntry, 'offset'>): Buffer {
  const name = nameBytes(path)
  const header = Buffer.alloc(localHeaderLength)
  header.writeUInt32LE(0x04034b50, 0)
  writeCommon(header, 4, { size, crc32, nameLength: name.length })
  return Buffer.concat([header, name])
}

/** How much an entry takes before its content. */
export const localHeaderSize = (path: string): number => localHeaderLength + nameBytes(path).length

/** What stands after the last content: an entry's central header each, then the end record. */
export function centralDirectory(entries: readonly ArchiveEntry[]): Buffer {
  const headers = entries.map(centralHeader)
  const size = headers.reduce((sum, header) => sum + header.length, 0)
  const last = entries.at(-1)
  const offset = last ? last.offset + localHeaderSize(last.path) + last.size : 0
  const end = Buffer.alloc(endRecordLength)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(size, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...headers, end])
}

/** How much an archive of these entries takes after the last content. */
export const centralDirectorySize = (paths: readonly string[]): number =>
  paths.reduce((sum, path) => sum + centralHeaderLength + nameBytes(path).length, endRecordLength)

const localHeaderLength = 30
const centralHeaderLength = 46
const endRecordLength = 22

const version = 20
/** Bit 11: names are UTF-8. */
const flags = 0x0800
/** 1980-01-01, the first day there is: an archive says when it was made in its manifest. */
const firstDay = 0x0021

function centralHeader({ path, size, crc32, offset }: ArchiveEntry): Buffer {
  const name = nameBytes(path)
  const header = Buffer.alloc(centralHeaderLength)
  header.writeUInt32LE(0x02014b50, 0)
  header.writeUInt16LE(version, 4)
  writeCommon(header, 6, { size, crc32, nameLength: name.length })
  header.writeUInt32LE(offset, 42)
  return Buffer.concat([header, name])
}

/** The fields that both headers have in common: version needed to the name's length. Method, time and extra field are 0. */
function writeCommon(
  header: Buffer,
  at: number,
  { size, crc32, nameLength }: { size: number; crc32: number; nameLength: number },
): void {
  header.writeUInt16LE(version, at)
  header.writeUInt16LE(flags, at + 2)
  header.writeUInt16LE(firstDay, at + 8)
  header.writeUInt32LE(crc32, at + 10)
  header.writeUInt32LE(size, at + 14)
  header.writeUInt32LE(size, at + 18)
  header.writeUInt16LE(nameLength, at + 22)
}

function nameBytes(path: string): Buffer {
  if (!/^[\x21-\x7e]+$/.test(path)) throw new RangeError(`an archive's path is plain ASCII: ${path}`)
  return Buffer.from(path, 'ascii')
}
