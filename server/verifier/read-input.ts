import { readFileSync, statSync } from 'node:fs'
import { NotCheckable } from './finding.ts'

const mostBytes = 1024 * 1024

/** Reads a small file that the reader gave besides the archive: keys, a checkpoint. @throws {NotCheckable} */
export function readInput(path: string): Buffer {
  try {
    const stats = statSync(path)
    if (stats.isDirectory()) throw new NotCheckable(`${path} is a folder; a file is to be named.`)
    // A pipe has no size.
    if (stats.size > mostBytes) {
      throw new NotCheckable(`${path} is larger than any list of keys or checkpoint.`)
    }
    return readFileSync(path)
  } catch (error) {
    throw error instanceof NotCheckable ? error : unreadable(path, error)
  }
}

/** Why a file cannot be read, in words. */
export function unreadable(path: string, error: unknown): NotCheckable {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const why = reasons[code] ?? (error instanceof Error ? error.message : String(error))
  return new NotCheckable(`${path} cannot be read: ${why}.`)
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'this user is not allowed to',
  EPERM: 'this user is not allowed to',
}
