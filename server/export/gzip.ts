import { pipeline, Readable } from 'node:stream'
import { crc32, createDeflateRaw } from 'node:zlib'

/**
 * One gzip member (RFC 1952) with a fixed header: no name, no time, no operating system, so that the same text always
 * leads to the same bytes.
 */
export async function* gzip(parts: AsyncIterable<string>): AsyncGenerator<Buffer> {
  yield fixedHeader
  let checksum = 0
  let size = 0
  async function* counted() {
    for await (const part of parts) {
      const bytes = Buffer.from(part)
      checksum = crc32(bytes, checksum)
      size += bytes.length
      yield bytes
    }
  }
  const deflate = createDeflateRaw({ level: 6 })
  // An error of the source ends the stream with it: whoever reads on meets it there.
  pipeline(Readable.from(counted()), deflate, () => undefined)
  yield* deflate
  const trailer = Buffer.alloc(8)
  trailer.writeUInt32LE(checksum, 0)
  trailer.writeUInt32LE(size % 2 ** 32, 4)
  yield trailer
}

/** Deflate, no flags, no time, no extra flags, operating system unknown. */
const fixedHeader = Buffer.from('1f8b08000000000000ff', 'hex')
