import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { BenchContext } from '../bench.ts'

/** Visits of one page, signed in, one every `interval` milliseconds. */
export interface Arrivals {
  port: number
  cookie: string
  path: string
  interval: number
  count: number
}

/**
 * A process that visits and does nothing else: the bench's own has other rows behind it, and where it collects garbage
 * an answer that was there would be read late.
 * @returns what sends the visits, and tells how long each took, in milliseconds
 */
export function openArrivals(
  context: Pick<BenchContext, 'defer'>,
): (arrivals: Arrivals) => Promise<readonly number[]> {
  const child = fork(new URL('./arrivals-process.ts', import.meta.url), { stdio: 'inherit' })
  context.defer(() => end(child))
  return async arrivals => {
    child.send(arrivals)
    // Sent by our own script: it is the times.
    const [times] = (await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(([code]) => Promise.reject(new Error(`the visits ended with ${code}`))),
    ])) as [number[]]
    return times
  }
}

async function end(child: ChildProcess) {
  child.kill()
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
}
