import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { centralDirectory, localHeader } from '../../server/export/archive-format.ts'
import { type ArchiveChunk, ArchiveWriter } from '../../server/export/archive-writer.ts'
import { ExportRefused } from '../../server/export/export-refused.ts'
import { gzip } from '../../server/export/gzip.ts'
import { Archive } from '../support/archive.ts'

/** A writer over memory, and what it wrote in the order in which it is read. */
function openWriter() {
  const chunks: ArchiveChunk[] = []
  const writer = new ArchiveWriter(async written => void chunks.push(...written))
  const bytes = () =>
    Buffer.concat(
      chunks
        .toSorted((one, other) => one.file - other.file || one.chunk - other.chunk)
        .map(chunk => chunk.bytes),
    )
  return { writer, bytes, chunks }
}

async function* inPieces(pieces: readonly Uint8Array[]) {
  yield* pieces
}

const path = fc.stringMatching(/^[a-z]{1,8}(\/[a-z0-9.]{1,8}){0,2}$/)
const files = fc.uniqueArray(fc.tuple(path, fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 4 })), {
  maxLength: 6,
  selector: ([name]) => name,
})

describe('an archive', () => {
  test('reads as what was put into it, in its order, however the pieces came', async () => {
    await fc.assert(
      fc.asyncProperty(files, async all => {
        const { writer, bytes } = openWriter()
        for (const [name, pieces] of all) await writer.add({ path: name, content: inPieces(pieces) })
        await writer.finish()
        const archive = new Archive(bytes())
        expect(archive.paths).toEqual(all.map(([name]) => name))
        for (const [name, pieces] of all) expect(archive.file(name)).toEqual(Buffer.concat(pieces))
      }),
    )
  })

  test('is kept in pieces of half a megabyte, the header of each file in the place before them', async () => {
    const { writer, bytes, chunks } = openWriter()
    const content = Buffer.alloc(1_300_000, 7)
    await writer.add({
      path: 'large',
      content: inPieces([content.subarray(0, 900_000), content.subarray(900_000)]),
    })
    await writer.finish()
    const ofFile = chunks.filter(chunk => chunk.file === 0)
    expect(ofFile.map(chunk => chunk.chunk).sort()).toEqual([0, 1, 2, 3])
    expect(Math.max(...ofFile.map(chunk => chunk.bytes.length))).toBe(512 * 1024)
    expect(new Archive(bytes()).file('large')).toEqual(content)
  })

  test('has as many files as its format counts, and no more', async () => {
    const { writer } = openWriter()
    const fill = async () => {
      for (let number = 0; number < 70_000; number++) await writer.add({ path: `f${number}`, content: '' })
    }
    await expect(fill()).rejects.toThrow(ExportRefused)
    expect(writer.files.length).toBe(65_534)
  })

  test('takes no path that is written in more than one way', () => {
    expect(() => localHeader({ path: 'päth', size: 0, crc32: 0 })).toThrow(RangeError)
    expect(() => localHeader({ path: '', size: 0, crc32: 0 })).toThrow(RangeError)
  })

  test('of nothing is an end record alone', () => {
    expect(centralDirectory([]).toString('hex')).toBe(`504b0506${'00'.repeat(18)}`)
  })
})

describe('a compressed file', () => {
  const collect = async (stream: AsyncIterable<Buffer>) => {
    const pieces: Buffer[] = []
    for await (const piece of stream) pieces.push(piece)
    return Buffer.concat(pieces)
  }
  async function* texts(pieces: readonly string[]) {
    yield* pieces
  }

  test('opens to what was put into it, and is the same each time', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: 'grapheme' })), async pieces => {
        const first = await collect(gzip(texts(pieces)))
        expect(gunzipSync(first).toString('utf8')).toBe(pieces.join(''))
        expect((await collect(gzip(texts(pieces)))).equals(first)).toBe(true)
      }),
    )
  })

  test('ends with the error of what it reads', async () => {
    const broken = new Error('the database went away')
    async function* breaking() {
      yield 'a line\n'
      throw broken
    }
    await expect(collect(gzip(breaking()))).rejects.toBe(broken)
  })
})
