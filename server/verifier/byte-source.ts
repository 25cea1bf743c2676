import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { NotCheckable } from './finding.ts'
import { unreadable } from './read-input.ts'

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
    // Asked first: opening a pipe would wait for somebody to write to it.
    const stats = statSync(path)
    if (stats.isDirectory()) throw new NotCheckable(`${path} is a folder; the archive’s file is to be named.`)
    if (!stats.isFile()) throw new NotCheckable(`${path} is not a file on a disk: save the archive first.`)
    return openSync(path, 'r')
  } catch (error) {
    throw error instanceof NotCheckable ? error : unreadable(path, error)
  }
}
