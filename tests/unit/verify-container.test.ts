import { describe, expect, test } from 'vitest'
import { openContainer } from '../../server/verifier/container.ts'
import { DoesNotHold, NotCheckable } from '../../server/verifier/finding.ts'
import { zip } from '../support/altered-archive.ts'
import { sourceOf } from '../support/verification.ts'

const files: readonly (readonly [string, Buffer])[] = [
  ['README.txt', Buffer.from('What this is.\n')],
  ['checkpoint', Buffer.from('a checkpoint\n')],
  ['keys.txt', Buffer.alloc(0)],
  ['tile/0/000.p/2', Buffer.alloc(64, 7)],
  ['manifest.json', Buffer.from('{}')],
  ['manifest.note', Buffer.from('a note\n')],
]
const archive = () => zip(files)

const endRecord = (bytes: Buffer) => bytes.length - 22
const directoryOf = (bytes: Buffer) => bytes.readUInt32LE(endRecord(bytes) + 16)

/** The central header of the first file is the directory's first; its local header the archive's first bytes. */
const fields = (values: { local?: number; central?: number }, value: number) => {
  const bytes = archive()
  if (values.local !== undefined) bytes.writeUInt16LE(value, values.local)
  if (values.central !== undefined) bytes.writeUInt16LE(value, directoryOf(bytes) + values.central)
  return bytes
}

/** Bytes put in at an offset; the end record knows where the directory is by then. */
function widened(offset: (bytes: Buffer) => number, more: string): Buffer {
  const bytes = archive()
  const at = offset(bytes)
  const wide = Buffer.concat([bytes.subarray(0, at), Buffer.from(more), bytes.subarray(at)])
  wide.writeUInt32LE(directoryOf(bytes) + more.length, endRecord(wide) + 16)
  return wide
}

function written(write: (bytes: Buffer) => void): Buffer {
  const bytes = archive()
  write(bytes)
  return bytes
}

const [first, second, ...rest] = files
const ordered = (...order: (readonly [string, Buffer] | undefined)[]) =>
  zip(order.flatMap(file => (file ? [file] : [])))

const alterations: [name: string, bytes: () => Buffer, words: RegExp][] = [
  [
    'bytes after the end',
    () => Buffer.concat([archive(), Buffer.from('more')]),
    /after the archive’s end record/,
  ],
  ['bytes before the beginning', () => widened(() => 0, '#!'), /does not begin where|not the header/],
  [
    'bytes before the beginning, unaccounted for',
    () => Buffer.concat([Buffer.from('#!'), archive()]),
    /does not fit/,
  ],
  [
    'a gap between two files',
    () => widened(() => 30 + 10 + 14, 'gap'),
    /does not begin where|not the header/,
  ],
  ['a gap before the directory', () => widened(directoryOf, 'gap'), /between the last file and/],
  ['a gap behind the directory', () => widened(endRecord, 'gap'), /does not fit|no entry/],
  [
    'a comment',
    () => {
      const bytes = Buffer.concat([archive(), Buffer.from('note')])
      bytes.writeUInt16LE(4, bytes.length - 6)
      return bytes
    },
    /after the archive’s end record/,
  ],
  [
    'a comment that is claimed',
    () => written(bytes => bytes.writeUInt16LE(1, endRecord(bytes) + 20)),
    /directory is not/,
  ],
  ['a comment on a file', () => fields({ central: 32 }, 1), /directory is not/],
  ['an extra field', () => fields({ local: 28 }, 4), /not the header/],
  ['an extra field in the directory', () => fields({ central: 30 }, 4), /directory is not/],
  ['a data descriptor', () => fields({ local: 6, central: 8 }, 0x0808), /not the header/],
  ['encryption', () => fields({ local: 6, central: 8 }, 0x0801), /not the header/],
  ['a compressed file', () => fields({ local: 8, central: 10 }, 8), /not the header/],
  ['another version', () => fields({ local: 4, central: 6 }, 45), /not the header/],
  ['another system', () => fields({ central: 4 }, 0x0314), /directory is not/],
  ['a time', () => fields({ local: 10, central: 12 }, 1), /not the header/],
  ['a date', () => fields({ local: 12, central: 14 }, 0x5a21), /not the header/],
  ['attributes', () => fields({ central: 38 }, 0x10), /directory is not/],
  ['a file on another disk', () => fields({ central: 34 }, 1), /directory is not/],
  [
    'a count of ZIP64',
    () => written(bytes => bytes.writeUInt16LE(0xffff, endRecord(bytes) + 10)),
    /counts 65535 files/,
  ],
  [
    'two counts that differ',
    () => written(bytes => bytes.writeUInt16LE(2, endRecord(bytes) + 8)),
    /directory is not/,
  ],
  [
    'another checksum, in both headers',
    () =>
      written(bytes => {
        bytes.writeUInt32LE(1, 14)
        bytes.writeUInt32LE(1, directoryOf(bytes) + 16)
      }),
    /not the one that its checksum/,
  ],
  ['another name in a header', () => written(bytes => bytes.write('r', 30)), /not the header/],
  [
    'another name in the directory',
    () => written(bytes => bytes.write('checkpoinT', directoryOf(bytes) + 46 + 10 + 46)),
    /knows no such file/,
  ],
  ['a file twice', () => ordered(first, first, second, ...rest), /twice/],
  ['two files in the other order', () => ordered(second, first, ...rest), /belongs before it/],
  [
    'a file that the format does not know',
    () => ordered(['extra.txt', Buffer.from('?')], ...files),
    /knows no such file/,
  ],
  ['a folder', () => ordered(['events/', Buffer.alloc(0)], ...files), /knows no such file/],
  [
    'a way out of its folder',
    () => ordered(['../README.txt', Buffer.alloc(0)], ...files),
    /knows no such file/,
  ],
]

const cuts: [name: string, bytes: () => Buffer, words: RegExp][] = [
  ['nothing', () => Buffer.alloc(0), /too short/],
  ['its last bytes missing', () => archive().subarray(0, -10), /cut off/],
  ['its directory missing', () => archive().subarray(0, 150), /cut off/],
  [
    'a size of ZIP64',
    () =>
      written(bytes => {
        for (const at of [18, 22, directoryOf(bytes) + 20, directoryOf(bytes) + 24])
          bytes.writeUInt32LE(0xffff_ffff, at)
      }),
    /cut off/,
  ],
  [
    'something else altogether',
    () => Buffer.from('%PDF-1.7, a document that is no archive at all'),
    /no export/,
  ],
  ['files of something else', () => zip([['README.txt', Buffer.from('hello')]]), /no manifest/],
]

const open = (bytes: Buffer) => openContainer(sourceOf(bytes))

describe('a container', () => {
  test('that is canonical is read, file by file', () => {
    const container = open(archive())
    expect(container.files.map(({ path }) => path)).toEqual(files.map(([path]) => path))
    for (const [path, content] of files) expect(container.read(path, 1000)).toEqual(content)
    expect(container.find('verify.mjs')).toBeNull()
    expect(() => container.get('verify.mjs')).toThrow(/no such file/)
    expect(() => container.read('README.txt', 3)).toThrow(/more than it can need/)
    expect(Buffer.concat([...container.pieces('README.txt', 5, 9)]).toString()).toBe('this')
  })

  test.each(alterations)('with %s is refused', (_, bytes, words) => {
    expect(() => open(bytes())).toThrow(DoesNotHold)
    expect(() => open(bytes())).toThrow(words)
  })

  test.each(cuts)('of %s cannot be told from one that holds', (_, bytes, words) => {
    expect(() => open(bytes())).toThrow(NotCheckable)
    expect(() => open(bytes())).toThrow(words)
  })

  test('is refused with any one bit flipped, wherever that is', () => {
    const bytes = archive()
    const passed: number[] = []
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const at = Math.floor(bit / 8)
      const kept = bytes[at] ?? 0
      bytes[at] = kept ^ (1 << (bit % 8))
      if (!isRefused(bytes)) passed.push(bit)
      bytes[at] = kept
    }
    expect(passed).toEqual([])
  })

  test('is refused with any one byte removed, or put in', () => {
    const bytes = archive()
    for (let at = 0; at < bytes.length; at++) {
      expect(isRefused(Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]))).toBe(true)
      expect(isRefused(Buffer.concat([bytes.subarray(0, at), Buffer.of(0), bytes.subarray(at)]))).toBe(true)
    }
  })
})

/** Refused in words of ours; any other error fails the test. */
function isRefused(bytes: Buffer): boolean {
  try {
    open(bytes)
    return false
  } catch (error) {
    if (error instanceof DoesNotHold || error instanceof NotCheckable) return true
    throw error
  }
}
