import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { isRoot } from '../../db/embedded-files.ts'

const run = promisify(execFile)

/** As whom a server runs that refuses root: as `postgres`, where the tests run as root; otherwise as they do. */
export async function serverIds(): Promise<{ uid: number; gid: number } | null> {
  if (!isRoot) return null
  const [uid, gid] = await Promise.all(['-u', '-g'].map(flag => run('id', [flag, 'postgres'])))
  return { uid: Number(uid?.stdout), gid: Number(gid?.stdout) }
}
