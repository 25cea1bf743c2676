import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { NotCheckable } from './finding.ts'

/** Bytes that are read where they are needed: an archive is never in memory as a whole. */
export interface ByteSource {
  readonly size: number
  /** As many bytes as were asked for, from this offset on. @throws {NotCheckable} where there are fewer */
  read(offset: number, length: number): Buffer
}

/** A file, opened for as long as it is verified. @throws {NotCheckable} when it cannot be opened */
export function openFile(path: string): ByteSource & { close(): void } {
  const descriptor = open(path)
  return {
    size: fstatSync(descriptor).size,
    read(offset, length) {
      const bytes = Buffer.allocUnsafe(length)
      let filled = 0
      while (filled < length) {
        const count = readSync(descriptor, bytes, filled, length - filled, offset + filled)
        if (count === 0) throw new NotCheckable('The file ends before the bytes it should still have.')
        filled += count
      }
      return bytes
    },
    close: () => closeSync(descriptor),
  }
}

function open(path: string): number {
  try {
    const descriptor = openSync(path, 'r')
    if (fstatSync(descriptor).isFile()) return descriptor
    closeSync(descriptor)
  } catch (error) {
    throw new NotCheckable(`${path} cannot be read: ${error instanceof Error ? error.message : error}`)
  }
  throw new NotCheckable(`${path} is not a file.`)
}
