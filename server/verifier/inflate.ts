import { pipeline, Readable } from 'node:stream'
import { crc32, createInflateRaw } from 'node:zlib'
import type { Container } from './container.ts'
import { DoesNotHold } from './finding.ts'

/** The header of every gzip member in an archive: deflate, no name, no time, operating system unknown. */
const header = Buffer.from('1f8b08000000000000ff', 'hex')
const trailerLength = 8

/** An export's lines shrink to a tenth or so. What claims to grow more than this on its way out is made to fill a memory. */
const mostGrowth = 300
const smallestLimit = 64 * 1024 * 1024

/**
 * What a `.gz` file of the archive holds, by pieces, while the next piece is inflated on another thread.
 * @throws {DoesNotHold} unless the file is one whole gzip member of the archive's form and nothing else
 */
export async function* inflate(container: Container, path: string): AsyncGenerator<Buffer> {
  const { size } = container.get(path)
  const [first] = container.pieces(path, 0, Math.min(size, header.length))
  const end = size - trailerLength
  if (!first?.equals(header) || end < header.length) {
    throw new DoesNotHold('The file is no gzip member of the form that an archive has.', { path })
  }
  const limit = Math.max(smallestLimit, size * mostGrowth)
  const deflated = createInflateRaw({ chunkSize: 256 * 1024 })
  // An error of either side ends the loop below with it.
  pipeline(Readable.from(container.pieces(path, header.length, end)), deflated, () => undefined)
  let checksum = 0
  let length = 0
  try {
    for await (const piece of deflated) {
      checksum = crc32(piece, checksum)
      length += piece.length
      if (length > limit)
        throw new DoesNotHold(`The file grows to more than ${mostGrowth} times its size.`, { path })
      yield piece
    }
  } catch (error) {
    throw isDeflateError(error)
      ? new DoesNotHold('The file cannot be inflated: it is damaged.', { path })
      : error
  }
  if (deflated.bytesWritten !== end - header.length) {
    throw new DoesNotHold('There are bytes after the end of the compressed text.', { path })
  }
  const trailer = Buffer.concat([...container.pieces(path, end, size)])
  if (trailer.readUInt32LE(0) !== checksum || trailer.readUInt32LE(4) !== length % 2 ** 32) {
    throw new DoesNotHold('The text is not the one that the file’s checksum and length were made of.', {
      path,
    })
  }
}

const isDeflateError = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_')
