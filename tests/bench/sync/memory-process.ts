import { readFile } from 'node:fs/promises'
import { Database } from '../../../db/client.ts'
import type { BenchDirectory } from './directory.ts'
import { openOffice } from './office.ts'

/* Syncs a directory twice, the first time and unchanged, and tells the most memory that this process ever had. */

export interface MemoryTask {
  databaseUrl: string
  directory: BenchDirectory
}

process.on('disconnect', () => process.exit())
process.once('message', async (task: MemoryTask) => {
  const database = new Database(task.databaseUrl)
  const office = await openOffice(database, task.directory)
  await office.sync()
  await office.sync()
  office.close()
  await database.close()
  process.send?.(await peak())
  process.disconnect()
})

/**
 * Bytes, from Linux's own record (proc_pid_status(5)): what `getrusage` tells, a process has in part from the one that
 * started it.
 */
async function peak(): Promise<number> {
  const status = await readFile('/proc/self/status', 'utf8')
  const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(status) ?? []
  if (kibibytes === undefined) throw new Error('this system does not tell how much memory a process had')
  return Number(kibibytes) * 1024
}
