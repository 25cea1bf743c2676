import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { workerHeap } from '../../jobs/heap.ts'

/** A process of the product, as an operator runs it. */
export interface ProductProcess {
  readonly child: ChildProcess
  /** What it wrote as a warning or worse, as JSON lines. */
  readonly complaints: readonly string[]
  /** Sends the signal and waits until it is gone. @returns its exit code; null where the signal ended it */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>
}

/**
 * Starts a worker or a web process and waits until it says that it is up.
 * @param folder where the build is; this one's own unless given
 */
export async function startProcess(
  what: 'worker' | 'web',
  environment: NodeJS.ProcessEnv,
  folder?: string,
): Promise<ProductProcess> {
  const args = what === 'web' ? ['server/main.ts'] : [...workerHeap, 'jobs/worker.ts']
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...environment, LOG_LEVEL: 'info' },
    ...(folder === undefined ? {} : { cwd: folder }),
  })
  const complaints: string[] = []
  const lines = createInterface(child.stdout)
  await new Promise<void>((resolve, reject) => {
    lines.on('line', line => {
      if (line.includes(`${what} is up`)) resolve()
      if (/"level":"(warn|error)"/.test(line)) complaints.push(line)
    })
    child.once('exit', code => reject(new Error(`${what} ended with ${code}:\n${complaints.join('\n')}`)))
  })
  return {
    child,
    complaints,
    async end(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
      const gone = once(child, 'exit')
      child.kill(signal)
      await gone
      return child.exitCode
    },
  }
}
