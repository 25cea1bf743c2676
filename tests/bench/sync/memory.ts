import { fork } from 'node:child_process'
import { once } from 'node:events'
import { workerHeap } from '../../../jobs/heap.ts'
import type { BenchContext } from '../bench.ts'
import { startDirectory } from './directory.ts'
import type { MemoryTask } from './memory-process.ts'

/** The most bytes that a process, started as a worker is, was resident with which synced a directory of this size first and then unchanged. */
export async function peakOfSync(context: BenchContext, size: number): Promise<number> {
  const directory = await startDirectory(context, size)
  const { url } = await context.createDatabase()
  const child = fork(new URL('./memory-process.ts', import.meta.url), {
    stdio: 'inherit',
    serialization: 'advanced',
    execArgv: [...process.execArgv, ...workerHeap],
  })
  context.defer(async () => void child.kill())
  const task: MemoryTask = { databaseUrl: url('app'), directory }
  child.send(task)
  // Sent by our own script: it is a number.
  const [peak] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`the syncs ended with ${code}`))),
  ])) as [number]
  return peak
}
