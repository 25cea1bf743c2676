import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { afterwards } from './afterwards.ts'
import { processEnvironment } from './process-environment.ts'

/** The worker process with a lease, and looks at connections, that a test can wait for. */
const program = `
import { composeServices } from './server/compose.ts'
import { readConfig } from './server/config.ts'
import { createLogger } from './server/log.ts'
import { runWorker } from './jobs/run-worker.ts'
const composed = await composeServices(readConfig(process.env), createLogger('warn'), { keepsQueue: true, leaseSeconds: 3 })
const work = composed.boss.work.bind(composed.boss)
composed.boss.work = (name, options, handler) =>
  work(name, name === 'watch-connection' ? { ...options, pollingIntervalSeconds: 1 } : options, handler)
await runWorker(composed)
console.log('up')
`

export type WorkerProcess = ChildProcessByStdio<null, Readable, null>

/** Workers on a scene's database, queue and stand-ins, each a process of its own: those that live are ended with the file. */
export function useWorkers(scene: Parameters<typeof processEnvironment>[0]): {
  workers: ReadonlySet<WorkerProcess>
  /** Resolves when the worker is up. */
  startWorker(): Promise<WorkerProcess>
} {
  const workers = new Set<WorkerProcess>()
  afterwards(() => {
    for (const worker of workers) worker.kill('SIGKILL')
  })
  async function startWorker() {
    const worker = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: processEnvironment(scene),
    })
    workers.add(worker)
    worker.once('exit', () => workers.delete(worker))
    for await (const line of createInterface(worker.stdout)) if (line === 'up') break
    return worker
  }
  return { workers, startWorker }
}
